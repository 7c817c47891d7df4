"""What orders need of the rate tables, and the tables do not have."""

from dataclasses import dataclass

from oms.sql import fetch_all


@dataclass(frozen=True, slots=True)
class MethodGap:
    """A shipping method of orders that can still be edited, without a rate in their currency."""

    channel: str
    method: str
    currency: str
    orders: int


@dataclass(frozen=True, slots=True)
class TaxGap:
    """A country that orders go to which can still be edited, without a rate that holds today."""

    country: str
    orders: int


_METHODS = """
SELECT c.code, o.shipping_method, o.currency, count(*)
FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id
WHERE o.status = 'HELD' AND o.shipping_method <> '' AND NOT EXISTS (
    SELECT FROM orders_shippingrate r
    WHERE r.active AND r.method = o.shipping_method AND r.currency = o.currency
      AND (r.channel_id IS NULL OR r.channel_id = o.channel_id) AND r.country IN ('', o.country)
)
GROUP BY c.code, o.shipping_method, o.currency ORDER BY count(*) DESC, c.code, o.shipping_method LIMIT 20
"""
_COUNTRIES = """
SELECT o.country, count(*) FROM orders_order o
WHERE o.status = 'HELD' AND o.country <> '' AND NOT EXISTS (
    SELECT FROM orders_taxrate t
    WHERE t.country = o.country AND t.from_date <= current_date
      AND (t.until_date IS NULL OR t.until_date >= current_date)
)
GROUP BY o.country ORDER BY count(*) DESC, o.country LIMIT 20
"""


def list_method_gaps() -> list[MethodGap]:
    """The most frequent first. An edit of such an order keeps what was charged for shipping."""
    return [MethodGap(*row) for row in fetch_all(_METHODS, {})]


def list_tax_gaps() -> list[TaxGap]:
    """The most frequent first. There the tax of what is added is worked out from the order's own lines."""
    return [TaxGap(*row) for row in fetch_all(_COUNTRIES, {})]
