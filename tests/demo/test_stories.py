"""Sixty days of purchases, before anything is written."""

from datetime import UTC, datetime, timedelta

import pytest

from config.demo.demand import measure_demand
from config.demo.stock_plan import plan_targets, watch_skus
from config.demo.stocking import plan_ledger
from config.demo.stories import as_history, tell_stories
from oms.money import fits_minor_unit
from orders.actions.drafting import add_up_incoming
from tests.demo.conftest import NOW

MOMENTS = [NOW, datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC), datetime(2025, 12, 28, 23, 59, 59, tzinfo=UTC)]


@pytest.fixture(scope="module")
def stories():
    return tell_stories(500, now=NOW)


def test_every_order_adds_up_unless_it_is_wrong_on_purpose(stories):
    for story in stories:
        assert story.order.total - add_up_incoming(story.order).total == story.sale.misstated


def test_every_amount_is_in_whole_minor_units(stories):
    for order in (story.order for story in stories):
        amounts = [order.total, order.tip, order.duty, order.discount, order.shipping.amount, order.shipping.tax]
        amounts += [amount for line in order.lines for amount in (line.tax, line.discount)]
        assert all(fits_minor_unit(amount, order.currency) for amount in amounts)


def test_tax_is_in_european_prices_on_top_of_american_ones_and_not_in_exports(stories):
    for order in (story.order for story in stories):
        taxes = sum(line.tax for line in order.lines if line.kind == "PRODUCT")
        country = order.shipping_address.country
        if country in ("JP", "CN", "KW", "AE", "CH", "NO"):
            assert (order.tax_included, taxes) == (False, 0)
        else:
            assert order.tax_included == (country not in ("US", "CA"))
            assert taxes > 0 or order.shipping_address.province == "OR"


def test_every_identity_and_every_payment_is_named_once(stories):
    identities = {(story.order.channel, story.order.external_id) for story in stories}
    payments = {(payment.gateway, payment.reference) for story in stories for payment in story.order.payments}

    assert len(identities) == len(payments) == len(stories)


def test_the_same_moment_tells_the_same_stories(stories):
    assert [story.order for story in tell_stories(500, now=NOW)] == [story.order for story in stories]


def test_nothing_happens_before_the_sixty_days_or_after_now(stories):
    for story in stories:
        assert NOW - timedelta(days=60) <= story.sale.at <= NOW
        if story.is_history(now=NOW):
            assert as_history(story, now=NOW).updated_at < NOW


def test_no_more_is_given_back_than_was_paid(stories):
    for story in stories:
        paid = sum(payment.amount for payment in story.order.payments)
        assert sum(refund.amount for refund in story.refunds(until=NOW)) <= paid


def test_linen_week_sells_more_than_other_weeks_and_for_less(stories):
    promoted = [story for story in stories if story.sale.promotion]

    assert len(promoted) > 0.1 * len(stories)
    assert all(line.discount for story in promoted for line in story.order.lines if line.kind == "PRODUCT")


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_no_shelf_ever_holds_less_than_nothing_whatever_the_day(now):
    stories = tell_stories(300, now=now)
    demand = measure_demand(stories, now=now)
    watches = watch_skus(demand)
    ledger = plan_ledger(demand, plan_targets(demand, watches), watches, now=now)

    assert all(count.on_hand >= 0 and count.safety >= 0 for count in ledger.counts)
    assert all(ledger.opened_at <= shift.at <= now for shift in ledger.shifts)
