"""What of goods that are not bought yet their buyer could not give back."""

from collections.abc import Mapping
from datetime import datetime

from oms.sql import fetch_one
from orders.models import Order
from returns.policies.terms.choosing import choose_ranked, rank_terms
from returns.policies.terms.rows import ItemFacts
from returns.queries.terms import edition_at

_SALE = """
SELECT channel.code, o.country, coalesce(c.tier, '')
FROM orders_order o
JOIN oms_channel channel ON channel.id = o.channel_id
LEFT JOIN orders_customer c ON c.id = o.customer_id
WHERE o.id = %(order)s
"""


def find_final_sales(
    order: Order, goods: Mapping[int, tuple[tuple[str, ...], frozenset[str]]], at: datetime
) -> dict[int, str]:
    """Of goods, each with its path of categories and its tags, those that are a final sale to the order's buyer, with
    the reason. One statement, and another where the terms know final sales at all.
    """
    terms = edition_at(at).terms
    if not any(each.final_sale for each in terms):
        return {}

    channel, country, tier = fetch_one(_SALE, {"order": order.pk})
    ranked = rank_terms(terms, ItemFacts(channel=channel, country=country, tier=tier))
    known: dict[tuple[tuple[str, ...], frozenset[str]], str] = {}
    for path, tags in set(goods.values()):
        chosen = choose_ranked(ranked, ItemFacts(path, tags, channel, country, tier)).terms
        known[path, tags] = chosen.final_sale.value if chosen and chosen.final_sale else ""
    return {key: reason for key, each in goods.items() if (reason := known[each])}
