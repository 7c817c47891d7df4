"""The packing bench: what a scanner reads, what is ticked, what is missing, and what leaves."""

from decimal import Decimal

import pytest

from inventory.models import Product, Variant
from oms.models import EventRecord
from orders.actions.fulfilling.stopping import request_stop
from orders.models import Fulfillment, Intercept, Shipment
from tests.make.admin import text_of
from tests.make.fulfillments import accepted, carrier_rate, fulfillment, parts, routed_order, ship
from tests.make.moments import ADA, NOON
from tests.make.orders import line
from tests.make.staff import browser, said
from tests.make.stock import SKU, count, on_hand, stocked_variant, variant, warehouse

GTIN = "4006381333931"

pytestmark = pytest.mark.django_db


def page(each: Fulfillment) -> str:
    return f"/admin/orders/fulfillment/{each.number}/change/"


def post(each: Fulfillment, deed: str, *, client=None, **fields):
    return (client or browser()).post(f"/admin/orders/fulfillment/{each.number}/{deed}/", fields)


def scan(each: Fulfillment, code: str) -> str:
    """What the bench answers to a scan."""
    (words,) = said(post(each, "scan", code=code))
    return words


def two_of_one() -> Fulfillment:
    stocked_variant()
    Variant.objects.update(barcode=GTIN)
    return fulfillment(lines=[line(quantity=2)])


def picked(each: Fulfillment) -> list[Decimal]:
    return list(each.lines.values_list("picked_quantity", flat=True))


@pytest.mark.parametrize("code", [SKU, SKU.lower(), GTIN, f"0{GTIN}", f"]C1010{GTIN}", f"(01)0{GTIN}"])
def test_a_scan_picks_one_unit_and_takes_the_parcel_on(code: str):
    each = two_of_one()

    assert scan(each, code) == f"{SKU}: 1 of 2"

    assert picked(each) == [1]
    assert parts(each.order) == [("LEJ", "IN_PROGRESS", "ACCEPTED")]


def test_the_last_scan_has_all_of_it_picked():
    each = two_of_one()

    scan(each, SKU)
    scan(each, SKU)

    each.refresh_from_db()
    assert (each.picked_by, each.picked_at is not None) == (ADA, True)
    assert scan(each, each.number) == "That is this parcel, and all of it is picked: weigh it and ship it."


def test_one_too_many_is_to_be_put_back():
    each = two_of_one()
    scan(each, SKU)
    scan(each, SKU)

    assert scan(each, SKU) == f"Put it back: all 2 of {SKU} are picked already."
    assert picked(each) == [2]


def test_a_thing_of_another_parcel_is_refused_by_its_name_and_nothing_is_noted():
    each = two_of_one()
    variant("MUG-INK", title="Mug")
    announced = EventRecord.objects.count()

    assert scan(each, "MUG-INK") == "Put it back: MUG-INK (Mug) does not belong in this parcel."
    assert scan(each, "5012345678900") == "Put it back: nothing in this parcel is called 5012345678900."

    assert picked(each) == [0]
    assert EventRecord.objects.count() == announced


def test_the_number_of_another_parcel_opens_that_one():
    each, other = fulfillment(), fulfillment()

    assert post(each, "scan", code=other.number.lower())["Location"] == page(other)


def test_a_script_gets_only_the_part_that_changed():
    each = two_of_one()

    response = browser().post(
        f"/admin/orders/fulfillment/{each.number}/scan/", {"code": SKU}, headers={"x-requested-with": "bench"}
    )

    assert f"{SKU}: 1 of 2" in text_of(response)
    assert "What is picked: 1 unit" in text_of(response)
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "units"), [({"step": "1"}, 1), ({"step": "all"}, 2), ({"quantity": "2"}, 2), ({"all": "1"}, 2)]
)
def test_lines_are_ticked_without_a_scanner(fields: dict[str, str], units: int):
    each = two_of_one()

    post(each, "pick", line=each.lines.get().pk, **fields)

    assert picked(each) == [units]


@pytest.mark.parametrize("quantity", ["3", "-1", "NaN", "many", ""])
def test_a_quantity_that_cannot_be_is_refused(quantity: str):
    each = two_of_one()

    post(each, "pick", line=each.lines.get().pk, quantity=quantity)

    assert picked(each) == [0]


def test_the_question_about_missing_units_says_who_else_has_them():
    each = two_of_one()
    warehouse("RTM")
    count(on_hand=4, place="RTM")

    words = text_of(browser().get(f"/admin/orders/fulfillment/{each.number}/short/?line={each.lines.get().pk}"))

    assert "Rtm has 4 free" in words
    assert "Lej counts these units down at once" in words


def test_missing_units_are_counted_down_and_routed_again():
    each = two_of_one()
    key = each.lines.get().pk

    response = post(each, "short", **{f"line-{key}": "1", "note": "The bin was empty"})

    assert said(response) == ["Reported. Another way is looked for the missing units."]
    assert each.lines.get().short_quantity == 1
    assert on_hand() == 9
    each.order.refresh_from_db()
    assert each.order.routed_at is None


def test_nothing_missing_is_nothing_to_report():
    each = two_of_one()

    assert post(each, "short", note="?").status_code == 422
    assert each.lines.get().short_quantity == 0


def test_what_is_picked_leaves_with_its_weight_and_the_carrier_that_its_number_names():
    each = two_of_one()
    scan(each, SKU)

    response = post(each, "ship", grams="412", tracking_number="1Z999AA10123456784", everything="")

    parcel = Shipment.objects.get()
    assert said(response)[-1] == f"Parcel {parcel.number} has left with UPS, 1Z999AA10123456784."
    assert (parcel.weight_grams, parcel.lines.get().quantity) == (412, 1)
    assert parcel.tracking_url.startswith("https://www.ups.com/")
    assert each.lines.get().open_quantity == 1


def test_without_a_tick_all_of_it_leaves():
    each = two_of_one()

    post(each, "ship", everything="on")

    assert Shipment.objects.get().lines.get().quantity == 2
    assert parts(each.order) == [("LEJ", "CLOSED", "ACCEPTED")]


def test_a_weight_that_is_none_is_pointed_out_and_nothing_leaves():
    each = two_of_one()

    response = post(each, "ship", grams="0")

    assert response.status_code == 422
    assert not Shipment.objects.exists()
    assert on_hand() == 10


def test_a_stop_that_is_asked_for_shows_in_red_and_is_answered():
    each = accepted()
    request_stop(number=each.number, reason="Customer moved", by=ADA, at=NOON)

    words = text_of(browser().get(page(each)))
    assert "Stop. Somebody asks to stop this parcel: Customer moved." in words

    response = post(each, "do/stop", note="Back on the shelf")
    assert said(response) == [f"{each.number} is stopped. Its units go back on the shelf."]
    assert parts(each.order) == [("LEJ", "CANCELLED", "CANCELLATION_ACCEPTED")]


def test_rejecting_asks_why():
    each = fulfillment()

    assert post(each, "do/reject", reason="", note="").status_code == 422
    post(each, "do/reject", reason="damaged", note="Water on the shelf")

    each.refresh_from_db()
    assert (each.request_status, each.reason, each.note) == ("REJECTED", "damaged", "Water on the shelf")
    assert "would not send it: damaged. “Water on the shelf”" in text_of(browser().get(page(each)))


def test_a_parcel_that_has_left_tells_its_journey_and_the_next_one_is_at_hand():
    gone, following = fulfillment(), fulfillment()
    ship(gone.number, carrier="DHL", tracking_number="JD014600003SE")

    words = text_of(browser().get(page(gone)))

    assert "Lej has sent all of it." in words
    assert f"Next: {following.number}" in words
    assert "JD014600003SE" in words


def test_support_reads_the_bench_and_touches_nothing():
    each, client = two_of_one(), browser(role="support")

    assert "Scan a barcode" not in text_of(client.get(page(each)))
    for deed in ("scan", "pick", "ship", "short", "do/accept", "do/reject"):
        assert post(each, deed, client=client, code=SKU).status_code == 403
    assert picked(each) == [0]


def test_whose_number_it_is_shows_while_it_is_typed():
    def recognized(number: str) -> str:
        return text_of(browser().get(f"/admin/orders/fulfillment/recognize/?tracking_number={number}"))

    assert recognized("1Z999AA10123456784") == "UPS, 1Z: the check digit is right"
    assert "No carrier that we know" in recognized("HELLO!")


def test_what_strangers_wrote_is_escaped():
    hostile = "<script>alert(1)</script>"
    stocked_variant()
    address = {"name": hostile, "line1": hostile, "city": hostile, "country": "DE"}
    order = routed_order(
        lines=[line(title=hostile, properties={hostile: hostile})], note=hostile, shipping_address=address
    )

    assert "<script>alert(1)" not in browser().get(page(fulfillment(order))).content.decode()


def test_a_label_is_bought_and_given_back_from_the_bench():
    each = fulfillment()
    carrier_rate("6.10")

    assert said(post(each, "do/buy-label")) == ["A label is being bought; it is here in a moment."]
    assert [label.state for label in each.labels.all()] == ["WANTED"]

    assert said(post(each, "do/void-label", reason="Wrong box")) == ["The label goes back to its carrier."]
    assert [label.state for label in each.labels.all()] == ["WITHDRAWN"]


def test_where_nobody_takes_the_parcel_the_bench_says_why():
    each = fulfillment()

    (words,) = said(post(each, "do/buy-label"))

    assert words.startswith("No label: ")
    assert "refused" in text_of(browser().get(page(each)))


def test_fragile_things_say_how_they_are_packed():
    each = two_of_one()
    Product.objects.update(handling=["fragile"])

    assert "Each piece is wrapped on its own" in text_of(browser().get(page(each)))


def test_papers_are_printed_from_the_bench_and_from_the_list():
    each = fulfillment()
    client = browser()

    slip = client.get(f"/admin/orders/fulfillment/{each.number}/print/slip/")
    ticked = {"action": "print_list", "_selected_action": [each.pk], "index": "0"}
    pick_list = client.post("/admin/orders/fulfillment/?view=all", ticked)

    for paper in (slip, pick_list):
        assert paper["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")


def test_a_paper_that_there_is_not_says_so():
    each, client = fulfillment(), browser()

    answer = client.get(f"/admin/orders/fulfillment/{each.number}/print/label/")

    assert (answer["Location"], said(answer)) == (page(each), ["None of these parcels has a label yet."])
    assert client.get(f"/admin/orders/fulfillment/{each.number}/print/poster/").status_code == 404


def test_what_is_on_hold_says_why_offers_only_the_release_and_can_be_released():
    each = fulfillment()

    post(each, "do/hold", reason="INCORRECT_ADDRESS", note="Which house?")

    shown = browser().get(page(each)).content.decode()
    assert "on hold: the address is not right" in shown
    assert "do/release-hold" in shown
    assert "do/accept" not in shown
    post(each, "do/release-hold")
    assert "do/accept" in browser().get(page(each)).content.decode()


def test_what_is_for_later_is_put_off_and_sent_now_after_all():
    each = fulfillment()

    post(each, "do/schedule", until_0="2036-12-01", until_1="08:00")

    each.refresh_from_db()
    assert (each.status, each.fulfill_at.year) == ("SCHEDULED", 2036)
    assert "do/accept" not in browser().get(page(each)).content.decode()
    post(each, "do/open")
    each.refresh_from_db()
    assert each.status == "OPEN"


def test_a_parcel_that_has_left_is_sent_elsewhere_by_way_of_its_carrier():
    each = fulfillment()
    ship(each.number)

    post(each, "do/elsewhere", name="Ada", line1="Lindenallee 5", postal_code="10115", city="Berlin")

    asked = Intercept.objects.get()
    assert (asked.state, asked.address.line1, asked.address.country) == ("ASKED", "Lindenallee 5", "DE")
