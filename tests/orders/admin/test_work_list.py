"""The warehouse's work list: what is to leave, found and done by the dozen."""

import pytest

from oms.admin import piecework
from orders.models import Fulfillment, Order, Shipment
from tests.make.admin import NOW, table_rows, text_of
from tests.make.fulfillments import accepted, fulfillment, parts, routed_order, ship
from tests.make.moments import ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import line
from tests.make.staff import browser, said
from tests.make.statements import statements_made
from tests.make.stock import stocked_variant

LIST = "/admin/orders/fulfillment/"

pytestmark = pytest.mark.django_db


def shown(query: str) -> list[str]:
    return [each.number for each in table_rows(browser().get(f"{LIST}?{query}"))]


def ask(action: str, *rows: Fulfillment, client=None, **more):
    """What the ticks of the list send."""
    ticked = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    return (client or browser()).post(f"{LIST}?view=all", ticked | more)


def answer(asked, *, client=None, **fields):
    """What the page that asks, or the one that says how far it is, sends back."""
    sent: dict = {"_selected_action": []}
    for name, value in asked.context["hidden"]:
        if name in ("_selected_action", "refused"):
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    return (client or browser()).post(f"{LIST}?view=all", sent | fields)


def test_what_leaves_first_stands_on_top_and_what_is_late_says_by_how_much():
    late, soon = fulfillment(), fulfillment()
    Fulfillment.objects.filter(pk=late.pk).update(ship_by=NOW - 3 * ONE_HOUR)
    Fulfillment.objects.filter(pk=soon.pk).update(ship_by=NOW + 40 * ONE_MINUTE)

    page = browser().get(f"{LIST}?view=todo")

    assert [each.pk for each in table_rows(page)] == [late.pk, soon.pk]
    assert "3 h overdue" in text_of(page)
    assert "in 40 min" in text_of(page)


def test_the_views_hold_what_their_names_say():
    open_, packed, sent = fulfillment(), accepted(), accepted()
    ship(sent.number)
    Fulfillment.objects.filter(pk=open_.pk).update(ship_by=NOW - ONE_HOUR)
    Fulfillment.objects.filter(pk=packed.pk).update(ship_by=NOW + ONE_DAY, picked_at=NOW)

    assert shown("view=overdue") == [open_.number]
    assert shown("view=today") == [open_.number]
    assert shown("view=picked") == [packed.number]
    assert shown("view=shipped") == [sent.number]


def test_a_partners_fulfillment_waits_for_its_answer_and_ours_does_not():
    ours, theirs = fulfillment(), fulfillment()
    theirs.warehouse.partner = True
    assert shown("view=answer") == []

    theirs.warehouse.save(update_fields=["partner"])

    assert shown("view=answer") == [ours.number, theirs.number]


def test_what_people_have_in_their_hands_finds_it():
    sent = fulfillment()
    shipment = ship(sent.number, carrier="UPS", tracking_number="1Z999AA10123456784")
    page = f"{LIST}{sent.number}/change/"

    for word in (sent.number, sent.order.number, "1z999aa10123456784", shipment.number):
        assert browser().get(f"{LIST}?q={word}")["Location"] == page
    assert shown("view=all&q=TEE-M-BLK") == [sent.number]
    assert shown("view=all&q=NOTHING") == []


def test_the_list_takes_as_many_statements_for_ten_rows_as_for_two():
    stocked_variant(on_hand=100)
    client = browser()
    for _ in range(2):
        routed_order(lines=[line()])
    client.get(f"{LIST}?view=todo")

    with statements_made() as few:
        client.get(f"{LIST}?view=todo")
    for _ in range(8):
        routed_order(lines=[line(), line()])
    with statements_made() as many:
        client.get(f"{LIST}?view=todo")

    assert len(many) == len(few)


def test_accepting_many_leaves_out_what_is_accepted_already():
    fresh, taken = fulfillment(), accepted()

    asked = ask("accept_selected", fresh, taken)

    assert "1 fulfillment of 2 selected." in text_of(asked)
    assert "it is accepted already" in text_of(asked)
    assert said(answer(asked)) == ["1 fulfillment accepted."]
    assert parts(fresh.order) == [("LEJ", "IN_PROGRESS", "ACCEPTED")]


def test_rejecting_many_says_why_and_sends_them_to_be_routed_again():
    rows = [fulfillment(), fulfillment()]

    response = answer(ask("reject_selected", *rows), reason="too_busy", note="Stocktaking")

    assert said(response) == ["2 fulfillments rejected."]
    assert {each.reason for each in Fulfillment.objects.all()} == {"too_busy"}
    assert not Order.objects.filter(routed_at__isnull=False).exists()


def test_shipping_many_goes_piece_by_piece_and_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(piecework, "PIECE", 2)
    rows = [fulfillment() for _ in range(3)]

    first = answer(ask("ship_selected", *rows))
    assert "2 of 3 shipped." in text_of(first)
    assert Shipment.objects.count() == 2

    assert said(answer(first)) == ["3 fulfillments shipped."]
    assert Shipment.objects.count() == 3


def test_one_that_was_taken_back_meanwhile_is_refused_and_stops_no_other():
    fine, gone = fulfillment(), fulfillment()
    asked = ask("ship_selected", fine, gone)
    Fulfillment.objects.filter(pk=gone.pk).update(status="CANCELLED", closed_at=NOW)

    response = answer(asked)

    assert said(response)[0] == "1 fulfillment shipped."
    assert gone.number in said(response)[1]
    assert list(Shipment.objects.values_list("fulfillment__number", flat=True)) == [fine.number]


def test_support_sees_the_list_and_ships_nothing():
    each, client = fulfillment(), browser(role="support")

    ask("ship_selected", each, client=client, answered="1")

    assert client.get(f"{LIST}?view=todo").status_code == 200
    assert not Shipment.objects.exists()


def test_finance_may_not_see_the_list():
    assert browser(role="finance").get(LIST).status_code == 403
