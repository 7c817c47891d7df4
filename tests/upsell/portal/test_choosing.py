"""Another size of what is offered: chosen on its page, and what it costs is said before it is taken."""

import re

import pytest

from tests.make.edits import LARGE, MEDIUM, SMALL, SOCKS
from tests.make.orders import line, placed_order
from tests.make.portal import customer, page, words_of
from tests.make.recommending import learned
from tests.make.stock import count
from tests.make.upsell import offered, running_campaign
from upsell.choices import Source
from upsell.models import OfferItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(order):
    learned({(SOCKS, MEDIUM): 1.0})
    running_campaign(source=Source.RECOMMENDER, skus=[], discount_kind="PERCENTAGE", discount=10)
    return offered(placed_order([line(SOCKS)]))


@pytest.fixture
def client(offer):
    return customer(offer.order)


def at(offer):
    return page(offer.order, "offers", offer.pk) + "/"


def sku_of(offer):
    return OfferItem.objects.get(offer=offer).sku


def test_the_page_shows_the_sizes_that_can_be_had_and_which_it_is(client, offer):
    count(SMALL, 0)
    html = client.get(at(offer)).content.decode()
    buttons = re.findall(r'value="(TEE-\w)" aria-pressed="(\w+)"', html)
    assert buttons == [(sku, str(sku == sku_of(offer)).lower()) for sku in (MEDIUM, LARGE)]


def test_choosing_leads_back_to_the_page_in_that_size(client, offer):
    answer = client.post(at(offer) + "choice", {"sku": LARGE, "via": "MAIL"})
    assert answer["Location"] == f"{at(offer)}?via=MAIL"
    assert sku_of(offer) == LARGE
    assert "L, large" in words_of(client.get(answer["Location"]))


def test_what_has_just_been_sold_cannot_be_chosen_and_nothing_changes(client, offer):
    before = sku_of(offer)
    count(LARGE, 0)
    answer = client.post(at(offer) + "choice", {"sku": LARGE})
    assert "This one has just been sold" in words_of(answer)
    assert sku_of(offer) == before


def test_another_size_chosen_in_another_tab_is_shown_before_anything_is_taken(client, offer):
    shown = client.get(at(offer)).content.decode()
    sealed = re.search(r'name="sealed" value="([^"]+)"', shown).group(1)
    other = LARGE if sku_of(offer) != LARGE else SMALL
    client.post(at(offer) + "choice", {"sku": other})

    client.post(at(offer), {"sealed": sealed})

    assert not offer.order.edits.exists()
    assert sku_of(offer) == other
