"""What offers were shown, taken and brought."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.models import Variant
from tests.make.edits import SOCKS, SOON, open_shop, order_of_tees
from tests.make.returns import sizes
from tests.make.upsell import accept, offered, running_campaign, show
from tests.make.ways_back import react
from upsell.actions.seeing import note_seen
from upsell.models import Exposure, Offer
from upsell.policies.effects import Verdict
from upsell.queries.figures import Span, add_funnels, read_bins, read_figures

pytestmark = pytest.mark.django_db

MUG = "MUG-L"
DAY = SOON.date()


def span(*campaigns, **fields):
    keys = tuple(each.pk for each in campaigns)
    standing = {"first": DAY - timedelta(days=1), "last": DAY + timedelta(days=1), "campaigns": keys, "zone": "UTC"}
    return Span(**(standing | fields))


def shop(**fields):
    open_shop(units=40)
    Variant.objects.update(unit_cost="2.50")
    return running_campaign(**fields)


def take(place="ORDER"):
    offer = offered(order_of_tees(payment=None), place)
    accept(offer, place)
    react()
    return offer


def test_offers_are_counted_as_shown_seen_and_taken_with_what_they_brought():
    campaign = shop()
    take()
    order = order_of_tees(payment=None)
    looked_at = offered(order)
    note_seen(offer_ids=[looked_at.pk], order=order, placement="ORDER", at=SOON)

    found = read_figures(span(campaign)).campaigns[campaign.pk, "EUR"]

    assert (found.shown, found.seen, found.accepted, found.refused, found.expired) == (2, 1, 1, 0, 0)
    assert (found.gross, found.revenue, found.margin, found.unknown) == (
        Decimal("7.50"),
        Decimal("6.30"),
        Decimal("3.80"),
        0,
    )
    assert found.take.share == 0.5


def test_an_offer_counts_as_taken_where_it_was_taken_and_as_shown_wherever_it_stood():
    campaign = shop()
    order = order_of_tees(payment=None)
    show(order, "CONFIRMATION")
    accept(offered(order, "ORDER"), "ORDER")
    react()

    places = read_figures(span(campaign)).placements

    assert [(each.shown, each.accepted) for each in (places["CONFIRMATION", "EUR"], places["ORDER", "EUR"])] == [
        (1, 0),
        (1, 1),
    ]
    narrowed = read_figures(span(campaign, placement="CONFIRMATION"))
    assert narrowed.campaigns[campaign.pk, "EUR"].accepted == 0
    assert read_figures(span(campaign, placement="MAIL")).campaigns == {}


def test_products_of_a_bundle_share_what_it_brought_by_price():
    sizes(MUG)
    campaign = shop(skus=[SOCKS, MUG], discount_kind="BUNDLE_PRICE", discount="20.00", currency="EUR")
    take()

    found = read_figures(span(campaign))

    parts = {each.sku: each.funnel.revenue for each in found.products}
    assert sum(parts.values()) == found.campaigns[campaign.pk, "EUR"].revenue
    assert parts[MUG] > parts[SOCKS] > 0


def test_days_are_those_of_the_shops_zone_and_add_up_to_the_whole():
    campaign = shop()
    take()

    found = read_figures(span(campaign))

    assert list(found.days) == [(DAY, "EUR")]
    assert add_funnels(found.days.values()) == add_funnels(found.campaigns.values())
    tomorrow = read_figures(span(campaign, zone="Pacific/Kiritimati"))
    assert list(tomorrow.days) == [(DAY + timedelta(days=1), "EUR")]


def test_test_orders_never_count():
    campaign = shop()
    accept(offered(order_of_tees(payment=None, test=True)))
    react()

    found = read_figures(span(campaign))

    assert (found.campaigns, found.effects) == ({}, {})
    assert Offer.objects.filter(state="ACCEPTED").exists()


def test_what_was_made_outside_the_span_does_not_count():
    campaign = shop()
    take()

    tomorrow = DAY + timedelta(days=1)
    assert read_figures(span(campaign, first=tomorrow, last=tomorrow)).campaigns == {}


def test_amounts_of_two_currencies_are_never_added():
    campaign = shop()
    take()
    Offer.objects.filter(pk=take().pk).update(currency="GBP")

    found = read_figures(span(campaign))

    assert sorted(currency for _, currency in found.campaigns) == ["EUR", "GBP"]
    assert sorted(found.currencies) == ["EUR", "GBP"]
    assert [funnel.accepted for funnel in found.campaigns.values()] == [1, 1]


def test_sides_are_compared_by_what_their_orders_brought_and_were_worth_before():
    campaign = shop()
    take()
    exposure = Exposure.objects.get()
    orders = [order_of_tees(payment=None) for _ in range(3)]
    Exposure.objects.bulk_create(
        Exposure(
            campaign=campaign,
            order=order,
            group="HOLDOUT",
            placement="ORDER",
            currency="EUR",
            assigned_at=SOON,
            baseline=exposure.baseline,
            net_revenue=exposure.baseline,
            counted_at=SOON,
        )
        for order in orders
    )

    effect = read_figures(span(campaign)).effects[campaign.pk, "EUR"]
    bins = read_bins(span(campaign), width=2, currency="EUR")

    assert (effect.verdict, effect.treated, effect.held_out) == (Verdict.TOO_FEW, 1, 3)
    assert [(each.group, each.count) for each in bins] == [("HOLDOUT", 3), ("TREATMENT", 1)]
    assert bins[1].mean == float(exposure.net_revenue)
    assert bins[1].interval is None


def test_figures_take_as_many_statements_for_many_offers_as_for_one(django_assert_num_queries):
    campaign = shop()
    for _ in range(3):
        take()

    with django_assert_num_queries(3):
        read_figures(span(campaign))


def test_of_one_product_its_own_part_is_told_and_no_sides():
    sizes(MUG)
    campaign = shop(skus=[SOCKS, MUG], discount_kind="BUNDLE_PRICE", discount="20.00", currency="EUR")
    take()
    mug = Variant.objects.get(sku=MUG)

    found = read_figures(span(campaign, variant=mug.pk))

    (whole,) = (each for each in read_figures(span(campaign)).products if each.sku == MUG)
    assert found.campaigns == {(campaign.pk, "EUR"): whole.funnel}
    assert (found.products, found.effects) == ([], {})


def test_products_nobody_took_are_told_after_those_that_were_taken():
    sizes(MUG)
    campaign = shop(skus=[SOCKS, MUG])
    order = order_of_tees(payment=None)
    show(order)
    accept(Offer.objects.get(order=order, items__sku=SOCKS))
    react()

    found = read_figures(span(campaign))

    told = [(each.sku, each.funnel.shown, each.funnel.accepted) for each in found.products]
    assert told == [(SOCKS, 1, 1), (MUG, 1, 0)]
