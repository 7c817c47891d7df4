"""What is given for goods that came back."""

from decimal import Decimal

import pytest

from orders.models import Refund, Repayment
from returns.actions.locking import lock_return
from returns.actions.settling import settle_items
from returns.errors import ItemSettled, NotAccepted, ReturnNotOpen
from returns.models import CreditAccount, CreditLot, Return, Settlement
from returns.queries.quoting import quote_return
from tests.make.carriers import address_warehouse, house
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import line
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, terms_in_force, told, wish
from tests.make.settled import ARRIVED, books, come_back, pay_back, receive, states
from tests.make.stock import LEJ, stocked_variant
from tests.make.ways_back import node

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terms():
    terms_in_force({})


def test_what_is_accepted_goes_back_to_the_payment_it_came_with():
    order = delivered_order()
    found = come_back(open_return(order))
    pay_back()

    settlement = Settlement.objects.get()
    assert (settlement.remedy, settlement.given, settlement.currency) == ("REFUND", Decimal("19.90"), "EUR")
    assert books(order) == {"total": "19.90", "credited": "19.90", "paid": "19.90", "refunded": "19.90"}
    refund = Refund.objects.get()
    assert (refund.amount, refund.payment.gateway, refund.reason) == (
        Decimal("19.90"),
        "sandbox",
        f"Return {found.number}",
    )
    found.refresh_from_db()
    assert found.status == Return.Status.CLOSED
    assert told(found)[-3:] == ["return.inspected", "return.settled", "return.closed"]


def test_nothing_is_given_for_what_was_not_accepted():
    order = delivered_order()
    found = open_return(order)
    receive(found)
    locked = lock_in_test(found)
    with pytest.raises(NotAccepted):
        settle_items(locked, list(locked.items.all()), by=ADA, at=ARRIVED)
    assert not Settlement.objects.exists()
    assert books(order)["credited"] == "0.00"


def test_what_was_settled_is_not_settled_again():
    found = come_back(open_return(delivered_order()))
    locked = lock_in_test(found)
    with pytest.raises((ItemSettled, ReturnNotOpen)):
        settle_items(locked, list(locked.items.all()), by=ADA, at=ARRIVED)
    assert Settlement.objects.count() == 1


def lock_in_test(found: Return) -> Return:
    """A test is a transaction."""
    return lock_return(found.number)


def test_rejected_goods_bring_nothing_and_the_return_ends():
    order = delivered_order()
    found = come_back(open_return(order), "REJECTED")
    assert states(found) == [("1", "RECEIVED", "REJECTED")]
    found.refresh_from_db()
    assert found.status == Return.Status.CLOSED
    assert not Settlement.objects.exists()
    assert not Repayment.objects.exists()


def test_unit_by_unit_ends_at_the_lines_total():
    stocked_variant(on_hand=10)
    order = delivered_order([line(quantity=3, unit_price="3.34", discount="0.02")])
    given = []
    for _ in range(3):
        come_back(open_return(order, item(line_of(order), 1)))
        given.append(Settlement.objects.latest("id").given)
    assert given == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert books(order)["credited"] == "10.00"


def test_store_credit_brings_a_tenth_more_and_keeps_the_money_here():
    order = delivered_order()
    come_back(open_return(order, item(line_of(order), resolution="STORE_CREDIT")))
    lot, account = CreditLot.objects.get(), CreditAccount.objects.get()
    assert (lot.base, lot.bonus, lot.earned) == (Decimal("19.90"), Decimal("1.99"), True)
    assert account.available == Decimal("21.89")
    assert books(order) == {"total": "19.90", "credited": "19.90", "paid": "19.90", "refunded": "19.90"}
    assert not Repayment.objects.exists()


FEE = {"label_fee": "3.90", "fee_currency": "EUR", "bears": "DEDUCTED", "methods": ["PREPAID_LABEL"]}


def ask_for_labels() -> None:
    """A carrier brings it back, and the customer pays the label."""
    house()
    address_warehouse(LEJ)
    node()
    terms_in_force(FEE, since=NOON - 300 * ONE_DAY)


def test_the_bonus_is_on_what_is_left_after_the_label_as_the_quote_said():
    ask_for_labels()
    order = delivered_order()
    asked = wish(item(line_of(order), resolution="STORE_CREDIT"), method="PREPAID_LABEL")
    quoted = quote_return(order, asked, at=ASKED).totals
    come_back(open_return(order, *asked.items, method="PREPAID_LABEL"))

    settlement = Settlement.objects.get()
    assert (settlement.given, settlement.bonus) == (Decimal("16.00"), Decimal("1.60"))
    assert (quoted.given, quoted.bonus) == (settlement.given, settlement.bonus)


def test_a_fee_that_a_score_lets_stand_was_shown_before_it_was_asked_for(settings):
    settings.ABUSE_FEE_POINTS = 0
    ask_for_labels()
    order = delivered_order()
    asked = wish(item(line_of(order)), method="PREPAID_LABEL")
    quoted = quote_return(order, asked, at=ASKED)
    made = open_return(order, *asked.items, method="PREPAID_LABEL")
    assert "fee" in made.abuse_score.effects
    assert made.label_fee == quoted.totals.label_fee == quoted.methods[0].fee == Decimal("3.90")
    assert quoted.totals.given == Decimal("16.00")


def test_what_was_paid_with_credit_is_quoted_without_a_bonus_and_given_without():
    order = delivered_order()
    order.payments.update(gateway="store_credit")
    (line_quote,) = quote_return(order, wish(), at=ASKED).lines
    asked = wish(item(line_of(order), resolution="STORE_CREDIT"))
    (credit,) = [each for each in line_quote.resolutions if each.resolution == "STORE_CREDIT"]
    assert credit.bonus == quote_return(order, asked, at=ASKED).totals.bonus == 0
