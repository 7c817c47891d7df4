"""Offers beside collected changes: one preview, one price, for bundles too; and the gap that is left with them."""

from decimal import Decimal

import pytest

from orders.models import Edit
from tests.make.edits import SOCKS, rate
from tests.make.portal import confirm, page, words_of
from tests.make.recommending import shelve
from tests.make.upsell import filling, offered, running_campaign, state_of
from upsell.choices import DiscountKind
from upsell.models import Offer

pytestmark = pytest.mark.django_db


def preview(client, order):
    shown = client.get(page(order, "preview"))
    assert shown.status_code == 200
    return words_of(shown)


def bundle(order):
    shelve("CAP", "12.00")
    running_campaign(SOCKS, "CAP", discount_kind=DiscountKind.BUNDLE_PRICE, discount=15, currency="EUR")
    return offered(order, "EDIT")


def collect(client, order, offer):
    return client.post(page(order, "offers", offer.pk, "collection"))


def test_a_bundle_joins_the_collected_changes_and_is_paid_with_them(client, order):
    offer = bundle(order)
    client.post(page(order, "add"), {"sku": "TEE-L", "quantity": "1"})
    assert "Add it to these changes: Wool socks + Cap" in preview(client, order)

    collect(client, order, offer)
    assert "You pay €34.90 more" in preview(client, order)
    confirm(client, order)

    assert Edit.objects.get().total_after - order.total == Decimal("34.90")
    assert state_of(offer) == Offer.State.AWAITING_PAYMENT


def test_taking_back_one_thing_of_a_bundle_takes_back_all_of_it(client, order):
    offer = bundle(order)
    client.post(page(order, "add"), {"sku": "TEE-L", "quantity": "1"})
    collect(client, order, offer)
    item = offer.items.last()

    client.post(page(order, "undo"), {"key": f"together:{offer.pk}:{item.pk}"})

    said = preview(client, order)
    assert "You pay €19.90 more" in said
    assert "Add it to these changes: Wool socks + Cap" in said


def test_the_gap_to_free_shipping_counts_the_collected_changes(client, order):
    rate("4.90", free_from="70.00")
    filling(SOCKS)
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "1"})

    assert "€22.70 to free shipping" in preview(client, order)  # 70.00 less 39.80 and 7.50


def test_where_the_changes_reach_free_shipping_nothing_is_offered_to_fill_it(client, order):
    rate("4.90", free_from="60.00")
    shelve("CAP", "22.00")
    filling("CAP")
    offer = offered(order, "EDIT")
    client.post(page(order, "add"), {"sku": "TEE-L", "quantity": "2"})

    said = preview(client, order)

    assert "to free shipping" not in said
    assert "Cap" not in said
    assert state_of(offer) == Offer.State.OPEN


def test_what_is_offered_beside_changes_can_be_looked_at_and_joins_them_from_there(client, order):
    running_campaign()
    offer = offered(order, "EDIT")
    shown = words_of(client.get(f"{page(order, 'offers', offer.pk)}/?via=EDIT"))

    assert "Add it to these changes" in shown
    assert "Add it and go on to the payment" not in shown
