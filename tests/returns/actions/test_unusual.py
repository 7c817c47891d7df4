"""Goods that are lost, found, nobody's, or with the customer again; and credit that was given too early."""

from decimal import Decimal

import pytest

from orders.models import OrderLine
from returns.actions.advancing import advance_return, mark_overdue
from returns.actions.charging import charge_advance, forgive_advance
from returns.actions.losing import mark_lost
from returns.actions.receiving import receive_return
from returns.actions.surplus import adopt_surplus, hand_back
from returns.models import Advance, CreditAccount, CreditLot, Return, Settlement
from returns.policies.receiving import Arrived
from returns.queries.credit.drift import find_credit_drift
from tests.make.credit import books as ledger
from tests.make.moments import ADA, ONE_DAY
from tests.make.orders import channel, line
from tests.make.portal import mails
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import ARRIVED, books, come_back, inspect, receive, shelf, states
from tests.make.stock import SKU, stocked_variant
from tests.make.write_backs import target

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Return:
    terms_in_force({})
    stocked_variant(on_hand=10)
    order = delivered_order([line(quantity=2, unit_price="10.00")])
    return open_return(order, item(line_of(order), 1))


def test_lost_under_our_label_is_given_for_and_found_later_put_into_stock_without_more(two):
    mark_lost(number=two.number, ours=True, by=ADA, at=ARRIVED)
    assert (states(two), Settlement.objects.get().given) == ([("1", "LOST", "ACCEPTED")], Decimal("10.00"))
    receive(two)
    inspect(two)
    assert Settlement.objects.count() == 1
    assert shelf(SKU) == (9, 0, 0)


def test_lost_at_the_customers_risk_brings_nothing_until_it_is_found(two):
    mark_lost(number=two.number, ours=False, by=ADA, at=ARRIVED)
    mark_lost(number=two.number, ours=False, by=ADA, at=ARRIVED)
    assert states(two) == [("1", "LOST", "NEEDS_PERSON")]
    assert not Settlement.objects.exists()
    come_back(two)
    assert Settlement.objects.get().given == Decimal("10.00")


def test_surplus_that_is_of_a_line_is_given_for_like_the_rest(two):
    receive_return(number=two.number, arrivals=[Arrived(None, SKU, Decimal(2))], by=ADA, at=ARRIVED)
    surplus = two.items.get(reception="SURPLUS")
    of = line_of(two.order)
    adopt_surplus(number=two.number, item_id=surplus.pk, line_id=of.pk, by=ADA, at=ARRIVED)
    inspect(two)
    assert sum(Settlement.objects.values_list("given", flat=True)) == Decimal("20.00")
    assert OrderLine.objects.get().returned_quantity == 2


def test_what_was_rejected_and_handed_back_can_be_asked_for_again(two):
    come_back(two, "REJECTED")
    rejected = list(two.items.values_list("id", flat=True))
    for _ in range(2):
        hand_back(number=two.number, item_ids=rejected, by=ADA, at=ARRIVED)
    assert OrderLine.objects.get().returned_quantity == 0
    assert states(two) == [("1", "CANCELED", "REJECTED")]


def test_credit_given_too_early_is_taken_back_with_its_bonus(settings):
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["100.00", "100.00"]}
    terms_in_force({})
    order = delivered_order()
    found = open_return(order, item(line_of(order), resolution="STORE_CREDIT"))
    advance_return(number=found.number, by=ADA, at=ARRIVED)
    assert (Advance.objects.get().amount, CreditAccount.objects.get().balance) == (Decimal("21.89"), Decimal("21.89"))
    come_back(found, "REJECTED")
    charge_advance(advance_id=Advance.objects.get().pk, by=ADA, at=ARRIVED)
    account = CreditAccount.objects.get()
    assert (account.balance, account.receivable) == (0, 0)
    assert Advance.objects.get().state == "CHARGED"
    assert books(order) == {"total": "19.90", "credited": "0.00", "paid": "19.90", "refunded": "0.00"}


@pytest.fixture
def advanced(settings) -> Return:
    """19.90 and its bonus, given before the goods are back."""
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["100.00", "100.00"]}
    terms_in_force({})
    order = delivered_order()
    found = open_return(order, item(line_of(order), resolution="STORE_CREDIT"))
    advance_return(number=found.number, by=ADA, at=ASKED)
    assert ledger(CreditAccount.objects.get()) == {"advanced": "-21.89"}
    return found


def test_goods_that_come_though_late_earn_what_was_given_for_them(advanced):
    mark_overdue(at=ASKED + 30 * ONE_DAY)
    come_back(advanced, at=ASKED + 31 * ONE_DAY)
    assert Advance.objects.get().state == "EARNED"
    assert CreditLot.objects.get().earned
    assert ledger(CreditAccount.objects.get()) == {"goods_back": "-19.90", "bonus_expense": "-1.99"}
    assert find_credit_drift() == []


def test_what_is_forgiven_stays_theirs_and_is_goodwill_in_the_books(advanced):
    for _ in range(2):
        forgive_advance(advance_id=Advance.objects.get().pk, because="A good customer.", by=ADA, at=ARRIVED)
    assert CreditLot.objects.get().earned
    assert ledger(CreditAccount.objects.get()) == {"goodwill": "-21.89"}
    assert CreditAccount.objects.get().balance == Decimal("21.89")


def test_credit_that_was_advanced_goes_to_the_channel_once_it_is_earned(advanced):
    target("SHOPIFY", "https://shop.example", channel(), takes_credit=True)
    mails()
    assert CreditAccount.objects.get().balance == Decimal("21.89")
    come_back(advanced)
    mails()
    assert ledger(CreditAccount.objects.get()) == {"goods_back": "-19.90", "bonus_expense": "-1.99", "moved": "21.89"}
