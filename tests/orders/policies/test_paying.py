"""Where an order stands financially, in Shopify's words."""

from decimal import Decimal

import pytest

from orders.policies.paying import judge_financial_status, may_ship_unpaid


@pytest.mark.parametrize(
    ("amounts", "voided", "status"),
    [
        ((10, 0, 0, 0), False, "PENDING"),
        ((10, 0, 0, 10), False, "AUTHORIZED"),
        ((10, 0, 0, 10), True, "AUTHORIZED"),
        ((10, 4, 0, 6), False, "PARTIALLY_PAID"),
        ((10, 10, 0, 0), True, "PAID"),
        ((10, 12, 0, 0), False, "PAID"),
        ((0, 0, 0, 0), False, "PAID"),
        ((10, 0, 0, 0), True, "VOIDED"),
        ((10, 10, 4, 0), False, "PARTIALLY_REFUNDED"),
        ((10, 10, 10, 0), False, "REFUNDED"),
        ((10, 4, 4, 0), False, "REFUNDED"),
    ],
)
def test_the_status_follows_from_what_came_in_and_went_back(amounts, voided, status):
    total, paid, refunded, authorized = map(Decimal, amounts)
    judged = judge_financial_status(total=total, paid=paid, refunded=refunded, authorized=authorized, voided=voided)
    assert judged == status


@pytest.mark.parametrize(
    ("status", "may"),
    [
        ("PENDING", False),
        ("PARTIALLY_PAID", False),
        ("VOIDED", False),
        ("AUTHORIZED", True),
        ("PAID", True),
        ("PARTIALLY_REFUNDED", True),
        ("REFUNDED", True),
    ],
)
def test_only_money_that_is_there_or_kept_for_us_lets_an_order_go(status, may):
    assert may_ship_unpaid(status) is may
