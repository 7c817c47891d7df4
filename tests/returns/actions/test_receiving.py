"""What comes back, as it comes: less, more, something else, later than lost."""

from decimal import Decimal

import pytest

from inventory.models import Reservation
from orders.models import OrderLine
from returns.absences import ReturnNotFound
from returns.actions.canceling import cancel_return
from returns.actions.closing import close_return
from returns.actions.disposing import finish_set_aside
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.receiving import receive_return
from returns.actions.straying import note_stray, resolve_stray
from returns.errors import NotInspectable
from returns.models import Return, ReturnItem, Settlement, StrayParcel
from returns.policies.receiving import Arrived
from tests.make.moments import ADA
from tests.make.orders import line, placed_order
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, told
from tests.make.settled import ARRIVED, come_back, inspect, receive, shelf, states
from tests.make.stock import SKU, count, stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> Return:
    stocked_variant(on_hand=10)
    order = delivered_order([line(quantity=3, unit_price="10.00")])
    return open_return(order, item(line_of(order), 3))


def arrive(found: Return, *arrived: Arrived) -> Return:
    return receive_return(number=found.number, arrivals=arrived, by=ADA, at=ARRIVED)


def test_two_of_three_come_and_the_third_is_still_awaited(three):
    receive(three, 2)
    assert states(three) == [("2", "RECEIVED", "PENDING"), ("1", "AWAITING", "PENDING")]
    values = list(three.items.order_by("id").values_list("value", flat=True))
    assert values == [Decimal("20.00"), Decimal("10.00")]


def test_the_same_receipt_twice_changes_nothing(three):
    receive(three, 2)
    announced = told(three)
    receive(three, 2)
    assert states(three) == [("2", "RECEIVED", "PENDING"), ("1", "AWAITING", "PENDING")]
    assert told(three) == announced


def test_one_more_than_announced_is_surplus_and_not_an_error(three):
    arrive(three, Arrived(None, SKU, Decimal(4)))
    assert states(three) == [("3", "RECEIVED", "PENDING"), ("1", "SURPLUS", "PENDING")]
    surplus = three.items.get(reception="SURPLUS")
    assert (surplus.variant.sku, surplus.value, surplus.line) == (SKU, 0, None)


def test_the_wrong_thing_is_surplus_even_when_nobody_knows_it(three):
    arrive(three, Arrived(None, "BOOK-1", Decimal(1), "A cookery book."))
    surplus = three.items.get(reception="SURPLUS")
    assert (surplus.variant, surplus.finding) == (None, "BOOK-1 A cookery book.")
    assert three.items.get(reception="AWAITING").quantity == 3


def test_surplus_brings_no_money_but_may_go_into_stock(three):
    arrive(three, Arrived(None, SKU, Decimal(4)))
    surplus = three.items.get(reception="SURPLUS")
    with pytest.raises(NotInspectable):
        inspect_return(number=three.number, findings=[Finding(surplus.pk, Decimal(1), "ACCEPTED")], by=ADA, at=ARRIVED)
    found = Finding(surplus.pk, Decimal(1), "REJECTED", disposition="RESTOCK")
    inspect_return(number=three.number, findings=[found], by=ADA, at=ARRIVED)
    assert shelf(SKU) == (8, 0, 0)
    assert not Settlement.objects.exists()


def test_what_comes_after_the_return_was_closed_opens_it_again(three):
    close_return(number=three.number, because="Nothing came.", by=ADA, at=ARRIVED)
    assert OrderLine.objects.get(pk=three.items.get().line_id).returned_quantity == 0
    arrive(three, Arrived(None, SKU, Decimal(1)))
    three.refresh_from_db()
    assert three.status == Return.Status.OPEN
    assert states(three) == [("1", "RECEIVED", "PENDING"), ("2", "CANCELED", "PENDING")]
    assert OrderLine.objects.get(pk=three.items.first().line_id).returned_quantity == 1


def test_what_comes_for_a_canceled_return_is_a_stray_parcel(three):
    cancel_return(number=three.number, by="customer", at=ASKED)
    receive(three)
    stray = StrayParcel.objects.get()
    assert (stray.code, stray.items) == (three.number, [{"sku": "", "quantity": 3, "note": ""}])
    assert three.items.get().reception == "CANCELED"


def test_an_unknown_number_is_not_found_and_a_parcel_without_one_can_be_kept():
    with pytest.raises(ReturnNotFound):
        receive_return(number="1-R1", arrivals=[], by=ADA, at=ARRIVED)
    stray = note_stray(code="RR1", items=[{"sku": SKU, "quantity": 1}], node=None, by=ADA, at=ARRIVED)
    assert note_stray(code="RR1", items=[], node=None, by=ADA, at=ARRIVED) == stray
    resolve_stray(stray_id=stray.pk, resolution="Thrown away.", by=ADA, at=ARRIVED)
    assert StrayParcel.objects.get().resolved_by == ADA


def test_each_unit_fares_as_it_is_found(three):
    receive(three)
    (key,) = three.items.values_list("id", flat=True)
    findings = [
        Finding(key, Decimal(1), "ACCEPTED", grade="A"),
        Finding(key, Decimal(1), "REJECTED", grade="D", finding="Worn."),
        Finding(key, Decimal(1), "NEEDS_PERSON"),
    ]
    inspect_return(number=three.number, findings=findings, by=ADA, at=ARRIVED)
    assert [state[2] for state in states(three)] == ["ACCEPTED", "REJECTED", "NEEDS_PERSON"]
    assert Settlement.objects.get().given == Decimal("10.00")
    three.refresh_from_db()
    assert three.status == Return.Status.OPEN


def test_the_same_inspection_twice_changes_nothing(three):
    receive(three)
    (key,) = three.items.values_list("id", flat=True)
    findings = [Finding(key, Decimal(1), "ACCEPTED", grade="A")]
    inspect_return(number=three.number, findings=findings, by=ADA, at=ARRIVED)
    inspect_return(number=three.number, findings=findings, by=ADA, at=ARRIVED)
    assert Settlement.objects.count() == 1
    assert [state[2] for state in states(three)] == ["ACCEPTED", "PENDING"]


def test_what_is_not_here_cannot_be_inspected(three):
    (key,) = three.items.values_list("id", flat=True)
    with pytest.raises(NotInspectable):
        inspect_return(number=three.number, findings=[Finding(key, Decimal(1), "ACCEPTED")], by=ADA, at=ARRIVED)
    assert ReturnItem.objects.get().acceptance == "PENDING"


@pytest.mark.parametrize(
    ("disposition", "on_shelf"),
    [
        ("RESTOCK", (10, 0, 0)),
        ("RESELL_LOCALLY", (10, 0, 0)),
        ("QUARANTINE", (7, 3, 0)),
        ("REFURBISH", (7, 3, 0)),
        ("REPAIR", (7, 3, 0)),
        ("DONATE", (7, 0, 0)),
        ("SCRAP", (7, 0, 0)),
        ("MISSING", (7, 0, 0)),
    ],
)
def test_the_disposition_moves_stock(three, disposition, on_shelf):
    come_back(three, disposition=disposition)
    assert shelf(SKU) == on_shelf


def test_what_was_refurbished_is_sold_again_once(three):
    come_back(three, disposition="REFURBISH")
    key = three.items.get().pk
    for _ in range(2):
        finish_set_aside(number=three.number, item_id=key, disposition="RESTOCK", grade="B", by=ADA, at=ARRIVED)
    assert shelf(SKU) == (10, 0, 0)
    with pytest.raises(NotInspectable):
        finish_set_aside(number=three.number, item_id=key, disposition="SCRAP", by=ADA, at=ARRIVED)


def test_who_waits_gets_what_is_put_back(three):
    count(SKU, 0)
    waiting = placed_order([line()], already_sold=True)
    assert Reservation.objects.get(reference=waiting.number).state == "SHORT"
    come_back(three)
    assert Reservation.objects.get(reference=waiting.number).state == "PROMISED"


def test_an_inspection_that_is_written_down_keeps_who_and_when(three):
    come_back(three, finding="As new.")
    item_ = three.items.get()
    assert (item_.inspected_by, item_.inspected_at, item_.finding, item_.grade) == (ADA, ARRIVED, "As new.", "A")
    assert inspect(three).status == Return.Status.CLOSED
