"""What of goods that are not bought yet their buyer could not give back."""

from collections.abc import Mapping
from datetime import datetime

from oms.sql import fetch_one
from orders.models import Order
from returns.policies.terms.choosing import choose_ranked, rank_terms
from returns.policies.terms.rows import ItemFacts
from returns.queries.terms import edition_numbered

Goods = tuple[tuple[str, ...], frozenset[str]]
"""The path of its categories from the top down, and its tags."""

_SALE = """
SELECT (SELECT id FROM returns_termsedition WHERE in_force_from <= %(at)s ORDER BY in_force_from DESC LIMIT 1),
       channel.code, o.country, coalesce(c.tier, '')
FROM orders_order o
JOIN oms_channel channel ON channel.id = o.channel_id
LEFT JOIN orders_customer c ON c.id = o.customer_id
WHERE o.id = %(order)s
"""


def find_final_sales(order: Order, goods: Mapping[int, Goods], at: datetime) -> dict[int, str]:
    """Of goods those that are a final sale to the order's buyer, with the reason; one statement."""
    edition, channel, country, tier = fetch_one(_SALE, {"order": order.pk, "at": at})
    terms = edition_numbered(edition).terms
    if not any(each.final_sale for each in terms):
        return {}

    ranked = rank_terms(terms, ItemFacts((), frozenset(), channel, country, tier))
    reasons: dict[Goods, str] = {}
    for path, tags in set(goods.values()):
        chosen = choose_ranked(ranked, ItemFacts(path, tags, channel, country, tier)).terms
        reasons[path, tags] = chosen.final_sale.value if chosen and chosen.final_sale else ""
    return {key: reasons[each] for key, each in goods.items() if reasons[each]}
