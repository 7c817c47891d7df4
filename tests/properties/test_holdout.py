"""Who is in a holdout sees nothing of the campaign, by whatever way they come, in whatever order, on whatever day."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make.edits import SOCKS, SOON, open_shop, order_of_tees, rate
from tests.make.upsell import filling, show, ten_percent
from upsell.actions.seeing import note_seen
from upsell.choices import Placement
from upsell.models import Campaign, Exposure, Offer, OfferShowing
from upsell.policies.assigning import assign_group

pytestmark = pytest.mark.django_db

PLACES = [each.value for each in Placement]
VISITS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(PLACES), st.integers(0, 20)), min_size=1, max_size=12)


@pytest.fixture
def orders():
    """Of six buyers, each in both campaigns or in one, or in neither's holdout."""
    open_shop(units=100)
    rate("4.90", free_from="45")
    return [order_of_tees(customer={"email": f"buyer{each}@example.com"}, payment=None) for each in range(6)]


@settings(max_examples=25)
@given(salts=st.tuples(st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6)), visits=VISITS)
def test_no_visit_shows_a_holdout_anything_and_no_side_ever_changes(orders, salts, visits):
    Exposure.objects.all().delete(), Offer.objects.all().delete()
    Campaign.objects.all().delete()
    priced = ten_percent(holdout_share="0.5", salt=salts[0] + "x")
    filled = filling(SOCKS, holdout_share="0.5", salt=salts[1] + "y", priority=200)
    sides = {
        (each.pk, campaign.pk): assign_group(campaign.salt, str(each.customer_id), campaign.holdout_share)
        for each in orders
        for campaign in (priced, filled)
    }

    for which, placement, minutes in visits:
        order = orders[which]
        answer = show(order, placement, at=SOON + timedelta(minutes=minutes))
        for offer in answer.offers:
            assert sides[order.pk, offer.campaign_id] == "TREATMENT"
        assert answer.gap is None or sides[order.pk, filled.pk] == "TREATMENT"
        note_seen(offer_ids=[offer.pk for offer in answer.offers], order=order, placement=placement, at=SOON)

    for exposure in Exposure.objects.all():
        assert exposure.group == sides[exposure.order_id, exposure.campaign_id]
    in_holdout = [key for key, side in sides.items() if side == "HOLDOUT"]
    for order, campaign in in_holdout:
        assert not Offer.objects.filter(order=order, campaign=campaign).exists()
        assert not OfferShowing.objects.filter(offer__order=order, offer__campaign=campaign).exists()
