"""No item without its charge, no charge without its item: whatever becomes of the page on which it is paid."""

from decimal import Decimal

import pytest

from inventory.errors import StockShort
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import approve_edit, expire_edits, withdraw_edit
from orders.actions.money.asking import ask_gateways
from orders.actions.money.sandboxing import answer_page
from orders.actions.releasing import release_due_orders
from orders.models import Checkout, Edit, EditPermission, Order, Repayment
from tests.make.edits import MEDIUM, SOCKS, SOON, holds, open_shop, order_of_tees, promised_to
from tests.make.gateways import hear, look, money, stripe
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, open_holds
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import available, count
from tests.make.upsell import accept, offered, show, state_of, ten_percent
from upsell.actions.expiring import expire_offers
from upsell.errors import OfferEnded

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

WINDOW_END = NOON + 30 * ONE_MINUTE
JUST_BEFORE = WINDOW_END - ONE_MINUTE


@pytest.fixture(params=["stripe", "sandbox"])
def gateway(request, stripe):
    open_shop()
    channel(gateway=request.param, payment_minutes=20)
    ten_percent()
    return request.param


@pytest.fixture
def offer(gateway):
    return offered(order_of_tees())


def open_page(edit, at=SOON):
    ask_gateways(at=at)
    return Checkout.objects.get(edit=edit)


def pay(checkout, stripe, at):
    if checkout.gateway == "stripe":
        return hear(stripe.account.pay(checkout.reference), at=at)
    return answer_page(reference=checkout.reference, paid=True, at=at)


def test_paid_it_is_on_the_order_and_the_offer_is_accepted(offer, stripe):
    edit = accept(offer)
    page = open_page(edit)
    assert (page.amount, state_of(offer), holds(offer.order)) == (Decimal("6.75"), "AWAITING_PAYMENT", {MEDIUM: 2})

    pay(page, stripe, at=SOON + ONE_MINUTE)

    assert (state_of(offer), look(edit).state) == ("ACCEPTED", Edit.State.COMMITTED)
    assert holds(offer.order) == {MEDIUM: 2, SOCKS: 1}
    assert money(offer.order) == ("51.45", "0.00", "0.00")
    assert announced(str(offer.pk), "offer") == ["offer.shown", "offer.accepted"]
    assert not Repayment.objects.exists()


def test_paid_twice_over_it_is_one_item_and_one_charge(offer, stripe):
    page = open_page(accept(offer))
    pay(page, stripe, at=SOON + ONE_MINUTE)
    if page.gateway == "stripe":
        hear(stripe.account.events[-1], at=SOON + 2 * ONE_MINUTE)
    assert money(offer.order) == ("51.45", "0.00", "0.00")
    assert holds(offer.order) == {MEDIUM: 2, SOCKS: 1}


def test_given_up_it_can_be_taken_again_and_its_stock_is_free(offer, stripe):
    edit = accept(offer)
    open_page(edit)
    assert available(SOCKS) == 9

    withdraw_edit(edit_id=edit.pk, by="customer", at=SOON + ONE_MINUTE)

    assert (state_of(offer), look(offer).edit, look(offer).accepted_through) == ("OPEN", None, "")
    assert (available(SOCKS), holds(offer.order)) == (10, {MEDIUM: 2})
    again = accept(offered(offer.order, at=SOON + ONE_MINUTE), at=SOON + ONE_MINUTE)
    assert again.pk != edit.pk
    assert state_of(offer) == "AWAITING_PAYMENT"


def test_paid_in_time_though_the_window_closed_meanwhile_it_is_on_the_order(offer, stripe):
    edit = accept(offer, at=JUST_BEFORE)
    page = open_page(edit, at=JUST_BEFORE)
    release_due_orders(by="system", at=WINDOW_END)
    expire_offers(at=WINDOW_END)
    assert (state_of(offer), open_holds(offer.order)) == ("AWAITING_PAYMENT", ["EDIT_OPEN"])

    pay(page, stripe, at=WINDOW_END + 5 * ONE_MINUTE)

    assert (state_of(offer), holds(offer.order)) == ("ACCEPTED", {MEDIUM: 2, SOCKS: 1})
    assert Order.objects.get().status == Order.Status.RELEASED


def test_paid_too_late_the_money_goes_back_and_nothing_is_on_the_order(offer, stripe):
    edit = accept(offer, at=JUST_BEFORE)
    page = open_page(edit, at=JUST_BEFORE)
    session = stripe.account.pay(page.reference) if page.gateway == "stripe" else None
    expire_edits(at=look(edit).deadline)
    assert state_of(offer) == "OPEN"
    expire_offers(at=look(edit).deadline)
    assert state_of(offer) == "EXPIRED"

    if session is None:
        return  # the sandbox takes no money once its page has run out
    hear(session, at=look(edit).deadline + ONE_MINUTE)

    assert (holds(offer.order), state_of(offer)) == ({MEDIUM: 2}, "EXPIRED")
    assert [each.amount for each in Repayment.objects.all()] == [Decimal("6.75")]


def test_after_the_window_a_page_that_was_given_up_offers_nothing_any_more(offer):
    edit = accept(offer, at=JUST_BEFORE)
    withdraw_edit(edit_id=edit.pk, by="customer", at=WINDOW_END)
    assert not show(offer.order, at=WINDOW_END).offers
    with pytest.raises(OfferEnded):
        accept(offer, actor="API", at=WINDOW_END)


def test_while_one_waits_for_its_payment_nobody_takes_it_again(offer):
    edit = accept(offer)
    with nothing_changes(), pytest.raises(OfferEnded) as refusal:
        accept(offer, form="another tab")
    assert refusal.value.facts["because"] == "waits_for_payment"
    assert Edit.objects.get() == edit


def test_what_was_sold_out_meanwhile_is_not_charged(offer):
    count(SOCKS, 0)
    with nothing_changes(), pytest.raises(StockShort):
        accept(offer)


def test_what_needs_an_approval_waits_for_it_and_then_for_its_payment(offer, stripe):
    EditPermission.objects.create(
        position=0, actor="CUSTOMER", operation="add_item", verdict="APPROVE", sentence="We look at this."
    )
    edit = accept(offer)
    assert (edit.state, state_of(offer)) == (Edit.State.AWAITING_APPROVAL, "AWAITING_PAYMENT")
    approve_edit(edit_id=edit.pk, by=ADA, at=SOON)
    pay(open_page(look(edit)), stripe, at=SOON + ONE_MINUTE)
    assert (state_of(offer), holds(offer.order)) == ("ACCEPTED", {MEDIUM: 2, SOCKS: 1})


def test_cancelling_the_order_ends_it_with_what_waited(offer):
    edit = accept(offer)
    cancel_order(number=offer.order.number, reason="", by=ADA, at=SOON)
    assert look(edit).state == Edit.State.CANCELED
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == "WITHDRAWN"
    assert available(SOCKS) == 10


def test_a_test_order_takes_no_stock_and_counts_nowhere(gateway):
    order = order_of_tees(test=True, payment=None)
    accept(offered(order))
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}
    assert promised_to(order.number) == {}
    assert not order.exposures.exists()
