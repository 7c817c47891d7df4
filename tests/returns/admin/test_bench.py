"""Receiving: what is scanned opens, what is counted is noted, what is graded goes its way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory.models import StockLevel
from returns.models import Return, ReturnItem, StrayParcel
from tests.make.orders import line
from tests.make.photos import photo
from tests.make.return_nodes import partner_of, send_to
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import receive
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.stock import LEJ, SKU, stocked_variant

pytestmark = pytest.mark.django_db

DOOR = "/admin/returns/return/receive/"


def bench(found: Return, deed: str = "") -> str:
    return f"{DOOR}{found.number}/{deed}/" if deed else f"{DOOR}{found.number}/"


def here(units: int = 1) -> Return:
    """A return of so many units, for Leipzig."""
    stocked_variant()
    order = delivered_order(lines=[line(quantity=units)])
    return send_to(open_return(order, item(line_of(order), units)), LEJ)


def count(found: Return, units: str, client: Client | None = None, **more):
    pk = found.items.order_by("id").first().pk
    return (client or browser()).post(bench(found, "receive"), {f"count-{pk}": units} | more)


def grade(found: Return, letter: str, **said_of):
    pk = found.items.filter(reception="RECEIVED", inspected_at=None).first().pk
    answer = {f"grade-{pk}": letter} | {f"{name}-{pk}": value for name, value in said_of.items()}
    return browser().post(bench(found, "inspect"), answer)


def states(found: Return) -> list[tuple]:
    rows = found.items.order_by("id").values_list("quantity", "reception", "acceptance", "grade", "disposition")
    return [(str(quantity.normalize()), *rest) for quantity, *rest in rows]


def test_a_scanned_number_opens_its_bench():
    found = here()

    assert browser().get(DOOR, {"code": found.number})["Location"] == bench(found)


def test_what_nobody_announced_is_laid_aside_and_waits_for_a_person():
    client = browser()
    assert "Nobody announced JJD0001" in client.get(DOOR, {"code": "JJD0001"}).content.decode()

    client.post(f"{DOOR}stray/", {"code": "JJD0001", "contents": "One blue shirt"})

    assert StrayParcel.objects.get().note == "One blue shirt"


def test_all_of_it_is_noted_and_then_to_be_graded():
    found = here(2)

    response = count(found, "2")

    assert states(found) == [("2", "RECEIVED", "PENDING", "", "")]
    assert said(response) == [f"2 units of {found.number} received. Now grade what is here."]


def test_less_than_was_announced_leaves_the_rest_awaited():
    found = here(2)

    count(found, "1")

    assert sorted(row[1] for row in states(found)) == ["AWAITING", "RECEIVED"]


def test_what_is_too_much_is_kept_as_surplus():
    found = here()

    count(found, "1", **{"surplus-sku": ["MUG"], "surplus-count": ["1"]})

    assert [row[1] for row in states(found)] == ["RECEIVED", "SURPLUS"]


def test_counting_nothing_is_refused_and_changes_nothing():
    found = here()
    client = browser()

    with nothing_changes():
        response = client.post(bench(found, "receive"), {})

    assert said(response) == ["Nothing was counted. Scan what is in the parcel, or tick it."]


@pytest.mark.parametrize("units", ["NaN", "-1", "one", "Infinity"])
def test_what_is_no_quantity_is_refused_and_changes_nothing(units):
    found, client = here(), browser()

    with nothing_changes():
        response = count(found, units, client)

    assert "is no quantity" in said(response)[0]


def test_grade_a_goes_back_on_the_shelf_and_is_given_for():
    found = here()
    receive(found)
    before = StockLevel.objects.get(variant__sku=SKU, warehouse__code=LEJ).on_hand

    grade(found, "A")

    found.refresh_from_db()
    assert states(found) == [("1", "RECEIVED", "ACCEPTED", "A", "RESTOCK")] and found.status == "CLOSED"
    assert StockLevel.objects.get(variant__sku=SKU, warehouse__code=LEJ).on_hand == before + 1


def test_units_that_differ_are_graded_one_after_the_other():
    found = here(3)
    receive(found)

    grade(found, "A", units="2")
    grade(found, "D")

    assert sorted(states(found)) == [
        ("1", "RECEIVED", "ACCEPTED", "D", "SCRAP"),
        ("2", "RECEIVED", "ACCEPTED", "A", "RESTOCK"),
    ]


def test_what_cannot_be_judged_waits_for_a_person():
    found = here()
    receive(found)

    grade(found, "", acceptance="NEEDS_PERSON", finding="Is that wine?")

    assert states(found) == [("1", "RECEIVED", "NEEDS_PERSON", "", "")]


def test_grading_nothing_is_refused_and_changes_nothing():
    found = here()
    receive(found)
    client = browser()

    with nothing_changes():
        response = client.post(bench(found, "inspect"), {})

    assert said(response) == ["Nothing was graded yet. Choose A to D for what you looked at."]


def test_a_picture_from_the_camera_is_kept_with_its_item():
    found = here()
    receive(found)
    pk = found.items.get().pk
    sent = {"item": pk, "photo": SimpleUploadedFile("p.jpg", photo(), "image/jpeg")}

    response = browser().post(bench(found, "photograph"), sent, headers={"X-Requested-With": "bench"})

    assert response.status_code == 200 and str(found.photos.get().key) in response.content.decode()
    assert found.photos.get().item_id == pk


def test_a_file_that_is_no_picture_is_refused_and_changes_nothing():
    found = here()
    client = browser()
    sent = {"item": "", "photo": SimpleUploadedFile("p.jpg", b"<script>alert(1)</script>", "image/jpeg")}

    with nothing_changes():
        response = client.post(bench(found, "photograph"), sent, headers={"X-Requested-With": "bench"})

    assert response.status_code == 422 and "not a picture" in response.json()["said"]


def test_a_code_is_this_parcel_another_one_a_thing_or_nothing():
    found, other = here(), here()
    client = browser()

    kinds = [
        client.post(bench(found, "identify"), {"code": code}).json()["kind"]
        for code in (found.number, other.number, SKU, "nobody-knows", "")
    ]

    assert kinds == ["this", "return", "sku", "nothing", "nothing"]


def test_a_partner_receives_at_their_own_place_and_opens_no_other_parcel():
    mine, other = send_to(open_return(), "PAR"), here()
    partner_of("PAR")
    client = browser("pia")
    pk = mine.items.get().pk

    assert client.get(bench(other)).status_code == 404
    assert client.post(bench(other, "receive"), {f"count-{other.items.get().pk}": "1"}).status_code == 404
    assert "Nobody announced" in client.get(DOOR, {"code": other.number}).content.decode()
    client.post(bench(mine, "receive"), {f"count-{pk}": "1"})

    assert ReturnItem.objects.get(pk=pk).received_by == "staff:pia"
    assert ReturnItem.objects.get(of=other).reception == "AWAITING"


def opened() -> Return:
    """Goods that come back only sealed, here."""
    terms_in_force({"final_sale": "INTIMATE"})
    return receive(here())


def test_what_was_opened_is_ticked_and_not_taken_back():
    found = opened()
    assert "once opened it is not taken back" in browser().get(bench(found)).content.decode()

    grade(found, "B", unmet="SEAL_UNBROKEN")

    assert [row[2] for row in states(found)] == ["REJECTED"]
    assert (
        "Not as the terms ask: seal broken"
        in browser().get(f"/admin/returns/return/{found.number}/change/").content.decode()
    )


def test_who_may_decide_takes_it_back_all_the_same():
    found = opened()

    grade(found, "B", unmet="SEAL_UNBROKEN", acceptance="DESPITE")

    assert [row[2] for row in states(found)] == ["ACCEPTED"]


def test_who_only_receives_does_not_take_back_what_the_terms_would_not():
    found = opened()
    pk, client = found.items.get().pk, browser("sam", role="warehouse")
    answer = {f"grade-{pk}": "B", f"unmet-{pk}": "SEAL_UNBROKEN", f"acceptance-{pk}": "DESPITE"}

    with nothing_changes():
        client.post(bench(found, "inspect"), answer)

    assert "although it is not as the terms ask" not in client.get(bench(found)).content.decode()
