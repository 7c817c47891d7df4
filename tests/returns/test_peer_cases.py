"""What the tests of other shop systems hold to be right about money for goods that came back."""

from decimal import Decimal

import pytest

from oms.errors import Invalid
from orders.actions.intake.refunding import record_refunds
from orders.channels.incoming import IncomingRefund
from orders.models import Order, Refund
from returns.actions.reappraising import reappraise_return
from returns.errors import LessIsLeft
from returns.models import Settlement
from tests.make.moments import ADA, NOON
from tests.make.orders import line, placed_order
from tests.make.portal import mails
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force, told
from tests.make.settled import ARRIVED, books, come_back, inspect, pay_back, receive
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terms():
    terms_in_force({})


def channel_refunds(order: Order, amount: str) -> None:
    told = IncomingRefund(external_id="r-1", amount=Decimal(amount), refunded_at=NOON)
    record_refunds(Order.objects.locked(order.number), [told], by=ADA, at=ARRIVED)


def test_pc58_more_than_was_captured_is_not_refunded():
    """PC58: 10.00 are captured, 20.00 should go back; and there was no payment at all."""
    stocked_variant(on_hand=10)
    ten = line(unit_price="10.00")
    for order in (placed_order([ten]), placed_order([ten], payment=None)):
        with pytest.raises(Invalid):
            channel_refunds(order, "20.00")
    assert not Refund.objects.exists()


def test_pc59_what_was_given_back_before_is_not_given_again():
    """PC59: 1.00 was refunded for something else; then all of it comes back: the rest is given, no cent more."""
    order = delivered_order()
    channel_refunds(order, "1.00")
    come_back(open_return(order))
    pay_back()
    assert Settlement.objects.get().given == Decimal("18.90")
    assert books(order) == {"total": "19.90", "credited": "19.90", "paid": "19.90", "refunded": "19.90"}


def test_pc59_more_than_is_left_is_refused_and_nothing_changes_until_less_is_agreed_on():
    """PC59: all of it was agreed on, then 1.00 was refunded for something else: what was agreed on cannot be given."""
    order = delivered_order()
    found = receive(open_return(order))
    channel_refunds(order, "1.00")
    mails()
    with nothing_changes(), pytest.raises(LessIsLeft) as refusal:
        inspect(found)
    facts = {name: Decimal(refusal.value.facts[name]) for name in ("agreed", "left")}
    assert facts == {"agreed": Decimal("19.90"), "left": Decimal("18.90")}

    for _ in range(2):
        reappraise_return(number=found.number, because="1.00 went back for the delay", by=ADA, at=ARRIVED)
    assert told(found).count("return.reappraised") == 1
    inspect(found)
    pay_back()
    assert Settlement.objects.get().given == Decimal("18.90")
    assert books(order) == {"total": "19.90", "credited": "19.90", "paid": "19.90", "refunded": "19.90"}


def test_pc59_of_what_is_short_the_shipping_goes_first_and_the_rest_by_value():
    stocked_variant(on_hand=9)
    shipping = {"method": "standard", "amount": "4.90"}
    order = delivered_order([line(quantity=2)], shipping=shipping)
    found = open_return(order, item(line_of(order), 1), item(line_of(order), 1, reason="changed-mind"))
    channel_refunds(order, "6.90")
    assert reappraise_return(number=found.number, because="Delay", by=ADA, at=ARRIVED) == Decimal("6.90")
    found.refresh_from_db()
    assert found.shipping_refund == 0
    assert list(found.items.values_list("value", flat=True)) == [Decimal("18.90"), Decimal("18.90")]
    come_back(found)
    assert books(order)["credited"] == "44.70"


def test_pc65_each_unit_brings_what_one_unit_cost_and_no_third_comes():
    """PC65: of two units one was given for: one more brings its gross price."""
    stocked_variant(on_hand=10)
    order = delivered_order([line(quantity=2, unit_price="10.00", tax="3.80")], tax_included=False)
    for _ in range(2):
        come_back(open_return(order, item(line_of(order), 1)))
    assert list(Settlement.objects.values_list("given", flat=True)) == [Decimal("11.90")] * 2
    assert books(order)["credited"] == "23.80"


def test_pc66_two_units_and_the_shipping_come_back_gross():
    """PC66: twice a unit's gross price and the gross shipping, when everything comes back."""
    stocked_variant(on_hand=10)
    shipping = {"method": "standard", "amount": "5.00", "tax": "0.95"}
    order = delivered_order([line(quantity=2, unit_price="10.00", tax="3.80")], tax_included=False, shipping=shipping)
    come_back(open_return(order, item(line_of(order), 2)))
    settlement = Settlement.objects.get()
    assert (settlement.value, settlement.shipping, settlement.given) == (
        Decimal("23.80"),
        Decimal("5.95"),
        Decimal("29.75"),
    )
