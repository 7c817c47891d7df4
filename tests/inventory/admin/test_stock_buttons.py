from decimal import Decimal

import pytest

from inventory.models import Availability, StockLevel, StockMovement
from oms.models import EventRecord
from tests.make.admin import NOW
from tests.make.orders import channel, line, open_holds, placed_order
from tests.make.staff import browser, said
from tests.make.stock import stocked_variant, warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee():
    return stocked_variant(on_hand=10)


def press(sku, name: str, **answer):
    form = {"warehouse": "LEJ", "note": "", "reference": "", "key": "staff:1"} | answer
    return browser().post(f"/admin/inventory/availability/{sku.pk}/do/{name}/", form)


def level(place: str = "LEJ") -> StockLevel:
    return StockLevel.objects.get(warehouse__code=place)


def test_receiving_writes_a_movement_with_its_author(tee):
    response = press(tee, "receive", quantity="5", reference="PO-7", note="two boxes")

    movement = StockMovement.objects.latest("id")
    assert said(response) == ["TEE-M-BLK: 5 written down."]
    assert (movement.delta, movement.cause, movement.by, movement.at) == (5, "RECEIPT", "staff:ada", NOW)
    assert (movement.reference, movement.note) == ("PO-7", "two boxes")
    assert level().on_hand == 15
    assert Availability.objects.get().sellable == 15


def test_sending_a_form_twice_moves_nothing_twice(tee):
    press(tee, "receive", quantity="5")

    response = press(tee, "receive", quantity="5")

    assert said(response)[-1] == "This was written down already."
    assert level().on_hand == 15


def test_received_stock_goes_to_whoever_waits(tee):
    channel("market", already_sold=True)
    order = placed_order([line(quantity=12)], channel="market")
    assert "STOCK_SHORT" in open_holds(order)

    press(tee, "receive", quantity="2")

    assert Availability.objects.get().promised == 12


def test_a_count_sets_what_is_there(tee):
    press(tee, "count", on_hand="8", safety="2")

    assert (level().on_hand, level().safety) == (8, 2)
    assert Availability.objects.get().sellable == 6


def test_a_count_of_nothing_is_no_count(tee):
    response = press(tee, "count", on_hand="", safety="")

    assert response.status_code == 422
    assert level().on_hand == 10


def test_a_count_that_was_right_already_says_so(tee):
    assert said(press(tee, "count", on_hand="10")) == ["The figures were right already."]


def test_an_adjustment_needs_its_reason(tee):
    assert press(tee, "adjust", quantity="-3").status_code == 422
    press(tee, "adjust", quantity="-3", note="Moths")

    movement = StockMovement.objects.latest("id")
    assert (movement.delta, movement.cause, movement.note) == (-3, "ADJUSTMENT", "Moths")


def test_what_is_promised_cannot_be_adjusted_away(tee):
    placed_order([line(quantity=9)])
    before = StockMovement.objects.count()

    response = press(tee, "adjust", quantity="-5", note="Moths")

    assert "These units are promised to orders." in said(response)[0]
    assert level().on_hand == 10
    assert StockMovement.objects.count() == before


def test_a_transfer_moves_units_to_the_other_warehouse(tee):
    warehouse("LHR")

    press(tee, "transfer", quantity="4", to_warehouse="LHR")

    assert (level("LEJ").on_hand, level("LHR").on_hand) == (6, 4)
    assert Availability.objects.get().sellable == 10


def test_a_transfer_to_the_same_warehouse_is_pointed_out(tee):
    response = press(tee, "transfer", quantity="4", to_warehouse="LEJ")

    assert response.status_code == 422
    assert "A transfer needs another warehouse." in response.content.decode()
    assert level().on_hand == 10


def test_damaged_goods_leave_what_may_be_sold(tee):
    press(tee, "other", kind="DAMAGE", quantity="2")

    assert (level().on_hand, level().damaged) == (8, 2)


def test_more_than_is_there_cannot_be_damaged(tee):
    response = press(tee, "other", kind="DAMAGE", quantity="11")

    assert said(response) == ["Only 10 on hand are there, 11 should leave."]
    assert level().damaged == 0


def test_a_threshold_is_looked_at_at_once(tee):
    press(tee, "threshold", units="12", days="")

    row = Availability.objects.get()
    assert (row.threshold_units, row.threshold_days, row.low) == (Decimal(12), None, True)
    assert EventRecord.objects.latest("id").type == "stock.low"


def test_taking_a_threshold_away_lets_the_sku_recover(tee):
    press(tee, "threshold", units="12", days="")
    press(tee, "threshold", units="", days="")

    row = Availability.objects.get()
    assert (row.threshold_units, row.low) == (None, False)


def test_there_is_no_button_of_another_name(tee):
    assert press(tee, "steal", quantity="1").status_code == 404
