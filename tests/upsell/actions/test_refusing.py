"""Not this, nothing of this kind, nothing at all; and taking it back."""

import pytest

from inventory.models import Category, Product
from oms.models import EventRecord
from orders.models import Customer
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.recommending import shelve
from tests.make.upsell import accept, running_campaign, show, state_of
from upsell.absences import OfferNotFound, RefusalNotFound
from upsell.actions.refusing import refuse_offer, take_back_refusal
from upsell.errors import OfferTaken
from upsell.models import Offer, Refusal

pytestmark = pytest.mark.django_db

SOON, LATER = NOON + ONE_MINUTE, NOON + 2 * ONE_MINUTE


@pytest.fixture
def order():
    """Tea; a kettle and a cup of the kitchen are offered with it, and soap of the bath."""
    for sku, category in {"tea": "food", "kettle": "kitchen", "cup": "kitchen", "soap": "bath"}.items():
        shelve(sku, category=category)
    running_campaign("kettle", "cup", "soap")
    return placed_order([line("tea")])


def refuse(offer, scope, *, at=SOON):
    return refuse_offer(offer_id=offer.pk, scope=scope, by="customer", at=at)


def on_page(order, *, at=LATER):
    return [each.items.all()[0].sku for each in show(order, at=at).offers]


def told():
    records = EventRecord.objects.filter(subject_kind="offer").exclude(type="offer.shown").order_by("id")
    return list(records.values_list("type", flat=True))


def offer_of(order, sku):
    show(order)
    return Offer.objects.get(order=order, items__sku=sku)


def test_a_dismissed_product_stays_away_from_this_order_and_from_the_next(order):
    kettle = offer_of(order, "kettle")
    refusal = refuse(kettle, "PRODUCT")
    assert (refusal.scope, refusal.product, refusal.customer) == (
        "PRODUCT",
        kettle.items.get().variant.product,
        order.customer,
    )
    assert state_of(kettle) == "REFUSED"
    assert on_page(order) == ["cup", "soap"]
    assert on_page(placed_order([line("tea")])) == ["cup", "soap"]
    assert "kettle" in on_page(placed_order([line("tea")], customer={"email": "eve@example.com"}))
    assert told() == ["offer.refused"]


def test_a_refused_kind_ends_all_of_it_that_stands_open_with_what_is_below_it(order):
    cup, soap = offer_of(order, "cup"), offer_of(order, "soap")
    Category.objects.filter(code="bath").update(parent=Category.objects.get(code="kitchen"))
    refuse(cup, "KIND")
    assert on_page(order) == []
    assert state_of(soap) == "REFUSED"
    assert told() == ["offer.refused"] * 3


def test_refusing_everything_ends_everything(order):
    refuse(offer_of(order, "soap"), "ALL")
    assert on_page(order) == []
    assert set(Offer.objects.values_list("state", flat=True)) == {"REFUSED"}
    assert Refusal.objects.get().scope == "ALL"


def test_taking_it_back_opens_what_it_ended_and_nothing_that_is_refused_besides(order):
    kettle, cup = offer_of(order, "kettle"), offer_of(order, "cup")
    refuse(cup, "PRODUCT")
    refusal = refuse(kettle, "KIND", at=SOON + ONE_MINUTE / 2)
    back = take_back_refusal(refusal_id=refusal.pk, by="customer", at=LATER)
    assert back.taken_back_at == LATER
    assert (state_of(kettle), state_of(cup)) == ("OPEN", "REFUSED")
    assert on_page(order) == ["kettle", "soap"]
    assert told() == ["offer.refused", "offer.refused", "offer.refusal_taken_back"]

    take_back_refusal(refusal_id=refusal.pk, by="customer", at=LATER)
    assert told()[-1:] == ["offer.refusal_taken_back"] and len(told()) == 3


def test_refusing_twice_is_refusing_once(order):
    kettle = offer_of(order, "kettle")
    assert refuse(kettle, "PRODUCT") == refuse(kettle, "PRODUCT", at=LATER)
    assert Refusal.objects.count() == 1
    assert told() == ["offer.refused"]


def test_what_stands_in_no_category_is_refused_alone(order):
    kettle = offer_of(order, "kettle")
    Product.objects.update(category=None)
    assert refuse(kettle, "KIND").scope == "PRODUCT"
    assert on_page(order) == ["cup", "soap"]


def test_a_buyer_without_an_address_refuses_for_that_order_alone(order):
    nameless = placed_order([line("tea")], customer=None)
    refusal = refuse(offer_of(nameless, "kettle"), "PRODUCT")
    assert refusal.customer is None
    assert on_page(nameless) == ["cup", "soap"]
    assert "kettle" in on_page(placed_order([line("tea")], customer=None))
    assert Customer.objects.count() == 1


def test_of_a_bundle_every_item_is_refused_and_taken_back_together(order):
    running_campaign("kettle", "soap", discount_kind="BUNDLE_PRICE", discount=15, currency="EUR", priority=1)
    bundle = show(order).offers[0]
    refusal = refuse(bundle, "PRODUCT")
    assert Refusal.objects.standing().count() == 2
    assert on_page(order) == ["cup"]
    take_back_refusal(refusal_id=refusal.pk, by="customer", at=LATER)
    assert not Refusal.objects.standing().exists()


def test_what_was_taken_cannot_be_refused_and_nothing_changes(order):
    kettle = offer_of(order, "kettle")
    Offer.objects.filter(pk=kettle.pk).update(state="AWAITING_PAYMENT", edit=accept(offer_of(order, "cup")))
    with pytest.raises(OfferTaken):
        refuse(kettle, "PRODUCT")
    assert state_of(kettle) == "AWAITING_PAYMENT"
    assert not Refusal.objects.exists()
    assert "offer.refused" not in told()


def test_what_is_not_there_is_not_found():
    with pytest.raises(OfferNotFound):
        refuse_offer(offer_id=1, scope="ALL", by=ADA, at=NOON)
    with pytest.raises(RefusalNotFound):
        take_back_refusal(refusal_id=1, by=ADA, at=NOON)
