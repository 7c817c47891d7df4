from decimal import Decimal

import pytest

from oms.models import EventRecord
from orders.errors import EditWindowClosed
from orders.models import Checkout, Edit
from tests.make.edits import (
    MEDIUM,
    SOCKS,
    SOON,
    cancel_line,
    edit,
    holds,
    money_of,
    open_shop,
    order_of_tees,
    preview,
    promised_to,
    rate,
)
from tests.make.moments import NOON, ONE_HOUR, ONE_MINUTE
from tests.make.recommending import shelve
from tests.make.snapshots import nothing_changes
from tests.make.upsell import accept, free_shipping, offered, running_campaign, show, state_of, ten_percent
from upsell.errors import EnoughAccepted, OfferEnded, OfferTaken
from upsell.models import Offer
from upsell.queries.quoting import list_operations

LATER = SOON + ONE_MINUTE

pytestmark = pytest.mark.django_db


def test_what_is_taken_of_an_unpaid_order_is_on_it_at_the_price_that_was_shown():
    open_shop()
    order = order_of_tees(payment=None)
    ten_percent()
    offer = offered(order)

    edit = accept(offer)

    assert edit.state == Edit.State.COMMITTED
    line = order.lines.get(sku=SOCKS)
    assert (line.unit_price, line.discount, line.quantity) == (Decimal("7.50"), Decimal("0.75"), 1)
    assert line.offer_item == offer.items.get().pk
    assert money_of(order)["total"] == "51.45"  # 44.70 + 6.75
    assert promised_to(order.number) == {MEDIUM: 2, SOCKS: 1}
    offer = Offer.objects.get(pk=offer.pk)
    assert (offer.state, offer.edit, offer.accepted_at, offer.accepted_through) == ("ACCEPTED", edit, SOON, "ORDER")


def test_it_is_told_once_that_it_was_shown_and_once_that_it_was_taken():
    open_shop()
    order = order_of_tees(payment=None)
    campaign = ten_percent()
    show(order)
    offer = offered(order)

    accept(offer)

    told = EventRecord.objects.filter(subject_kind="offer", subject=str(offer.pk)).order_by("sequence")
    assert [each.type for each in told] == ["offer.shown", "offer.accepted"]
    items = [{"sku": SOCKS, "quantity": 1}]
    facts = {"order": order.number, "campaign": campaign.pk, "items": items, "placement": "ORDER"}
    facts |= {"price": "6.75", "saving": "0.75", "currency": "EUR"}
    assert told[0].facts == facts
    assert told[1].facts == facts | {"edit": Edit.objects.get().pk}


def test_of_a_paid_order_it_waits_for_its_payment_with_its_stock_promised():
    open_shop()
    order = order_of_tees()
    ten_percent()
    offer = offered(order)

    edit = accept(offer)

    assert edit.state == Edit.State.AWAITING_PAYMENT
    assert Checkout.objects.get().amount == Decimal("6.75")
    assert state_of(offer) == Offer.State.AWAITING_PAYMENT
    assert promised_to(edit.stock_reference) == {SOCKS: 1}
    assert holds(order) == {MEDIUM: 2}
    assert not show(order).offers


def test_after_the_window_it_cannot_be_taken_and_nothing_changes():
    open_shop()
    order = order_of_tees(payment=None)
    ten_percent()
    offer = offered(order)

    with pytest.raises(EditWindowClosed):
        accept(offer, at=NOON + ONE_HOUR)
    with pytest.raises(OfferEnded) as refusal:
        accept(offer, actor="API", at=NOON + ONE_HOUR)

    assert refusal.value.facts["because"] == "window_closed"
    assert state_of(offer) == Offer.State.OPEN
    assert holds(order) == {MEDIUM: 2}
    assert not EventRecord.objects.filter(type="offer.accepted").exists()


def test_taken_twice_it_is_one_line_and_the_same_form_is_the_same_edit():
    open_shop()
    order = order_of_tees(payment=None)
    ten_percent()
    offer = offered(order)
    edit = accept(offer, form="one")

    assert accept(offer, form="one") == edit
    with pytest.raises(OfferTaken) as refusal:
        accept(offer, form="two")

    assert refusal.value.facts == {"offer": offer.pk, "edit": edit.pk}
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}
    assert order.edits.count() == 1


def test_free_shipping_comes_with_it_and_goes_back_once_when_the_order_was_paid():
    open_shop()
    rate("4.90")
    order = order_of_tees()
    free_shipping(SOCKS)
    offer = offered(order)

    accept(offer)

    checkout = Checkout.objects.get()
    assert checkout.amount == Decimal("2.60")  # 7.50 − 4.90


def test_a_bundle_of_which_one_item_is_taken_off_again_costs_what_the_rest_does_alone():
    open_shop()
    shelve("mug", "10.00")
    order = order_of_tees(payment=None)
    running_campaign(SOCKS, "mug", discount_kind="BUNDLE_PRICE", discount="15", currency="EUR")
    accept(offered(order))
    assert money_of(order)["total"] == "59.70"  # 44.70 + 15

    quote = preview(order, cancel_line(order, of=SOCKS))
    (mug,) = [line for line in quote.lines if line.sku == "mug"]
    assert (mug.change, str(mug.amount)) == ("changed", "10.00 EUR")
    edit(order, cancel_line(order, of=SOCKS), at=LATER)

    assert money_of(order)["total"] == "54.70"
    assert order.lines.get(sku="mug").discount == 0
    edit(order, {"op": "change_contact", "phone": "+49 30 901820"}, at=LATER)
    assert money_of(order)["total"] == "54.70"


def test_a_bundle_is_taken_whole_or_not_at_all():
    open_shop()
    shelve("mug", "10.00")
    order = order_of_tees(payment=None)
    running_campaign(SOCKS, "mug", discount_kind="BUNDLE_PRICE", discount="15", currency="EUR")
    item = offered(order).items.get(sku=SOCKS)
    with nothing_changes(), pytest.raises(OfferEnded) as refusal:
        edit(order, {"op": "add_item", "sku": SOCKS, "quantity": 1, "offer": item.pk})
    assert refusal.value.facts["because"] == "only_whole"


def test_two_offers_taken_by_one_edit_count_together():
    open_shop()
    shelve("mug", "10.00")
    order = order_of_tees(payment=None)
    running_campaign(SOCKS, "mug", most_accepted=1)
    operations = [each for offer in show(order).offers for each in list_operations(offer.items.all())]
    with nothing_changes(), pytest.raises(EnoughAccepted):
        edit(order, *operations)
