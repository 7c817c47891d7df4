import pytest

from orders.actions.cancelling import cancel_order
from orders.actions.releasing import end_edit_window
from tests.make.edits import SOCKS, SOON, open_shop, order_of_tees
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.stock import count
from tests.make.upsell import accept, offered, running_campaign, state_of, ten_percent
from upsell.actions.expiring import expire_offers
from upsell.models import Campaign, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    open_shop()
    ten_percent()
    return offered(order_of_tees(payment=None))


def ended(offer):
    found = Offer.objects.get(pk=offer.pk)
    return found.state, found.ended_at, found.ended_by


def test_it_lives_as_long_as_the_window(offer):
    assert expire_offers(at=SOON) == 0
    assert expire_offers(at=NOON + ONE_HOUR) == 1
    assert ended(offer) == ("EXPIRED", NOON + ONE_HOUR, "system")
    assert expire_offers(at=NOON + ONE_HOUR) == 0


def test_it_ends_when_the_order_is_let_go(offer):
    end_edit_window(number=offer.order.number, by=ADA, at=SOON)
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == Offer.State.EXPIRED


def test_it_is_withdrawn_when_the_order_is_cancelled(offer):
    cancel_order(number=offer.order.number, reason="", by=ADA, at=SOON)
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == Offer.State.WITHDRAWN


def test_it_is_withdrawn_when_its_campaign_is_switched_off(offer):
    Campaign.objects.update(active=False)
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == Offer.State.WITHDRAWN


def test_it_is_withdrawn_when_the_last_unit_is_gone(offer):
    count(SOCKS, 0)
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == Offer.State.WITHDRAWN


def test_what_was_accepted_stays_so(offer):
    accept(offer)
    running_campaign("nothing")
    assert expire_offers(at=NOON + ONE_HOUR) == 0
    assert state_of(offer) == Offer.State.ACCEPTED
