from dataclasses import replace
from decimal import Decimal

import pytest

from tests.make.moments import NOON, ONE_DAY
from upsell.policies.audience import Audience, Listener, judge_audience

ORDER = Listener(
    channel="web",
    country="DE",
    tier="gold",
    tags=["gift", "rush"],
    categories=["shirts", "clothes"],
    total=Decimal(50),
    currency="EUR",
    earlier_orders=2,
    window_open=True,
)


def judge(order=ORDER, **rules):
    return judge_audience(Audience(**rules), order, at=NOON)


def test_a_campaign_without_rules_speaks_to_everybody():
    assert judge() is None


@pytest.mark.parametrize(
    ("fits", "does_not"),
    [
        ({"channels": ["web", "app"]}, {"channels": ["app"]}),
        ({"countries": ["DE"]}, {"countries": ["AT", "CH"]}),
        ({"tiers": ["gold"]}, {"tiers": ["silver"]}),
        ({"order_tags": ["vip", "gift"]}, {"order_tags": ["vip"]}),
        ({"categories": ["clothes"]}, {"categories": ["shoes"]}),
        ({"buyers": "RETURNING"}, {"buyers": "FIRST_ORDER"}),
        ({"least_total": Decimal(50), "currency": "EUR"}, {"least_total": Decimal("50.01"), "currency": "EUR"}),
        ({"most_total": Decimal(50), "currency": "EUR"}, {"most_total": Decimal("49.99"), "currency": "EUR"}),
        ({"currency": "EUR"}, {"currency": "USD"}),
    ],
)
def test_each_rule_lets_some_through_and_others_not(fits, does_not):
    assert judge(**fits) is None
    assert judge(**does_not) == "OTHER_AUDIENCE"


def test_a_first_order_is_one_without_any_before():
    assert judge(replace(ORDER, earlier_orders=0), buyers="FIRST_ORDER") is None
    assert judge(replace(ORDER, earlier_orders=0), buyers="RETURNING") == "OTHER_AUDIENCE"


def test_it_begins_at_its_moment_and_ends_at_its_moment():
    assert judge(starts_at=NOON, ends_at=NOON + ONE_DAY) is None
    assert judge(starts_at=NOON + ONE_DAY) == "NOT_RUNNING"
    assert judge(ends_at=NOON) == "NOT_RUNNING"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"window_open": False}, "WINDOW_CLOSED"),
        ({"refuses_all": True}, "ALL_REFUSED"),
        ({"accepted": 3}, "ENOUGH_ACCEPTED"),
        ({"accepted": 1, "accepted_here": 1}, "ENOUGH_ACCEPTED"),
        ({"shown_with": 2}, "SHOWN_TOO_OFTEN"),
    ],
)
def test_what_the_order_has_had_already_ends_it(change, word):
    assert judge(replace(ORDER, **change), most_accepted=1, orders_per_customer=2) == word
