"""Counting anew what offers brought, whenever something was cancelled, changed, sent back or given back."""

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import update_tables
from upsell.models import Exposure, Offer
from upsell.policies.netting import Net
from upsell.queries.families import FOLLOWERS, UP
from upsell.queries.sold import read_sold, reckon

AT_ONCE = 500

# The rows are locked before the orders are read: of two that count at once, the later one has seen the later order.
_LOCK_EXPOSURES = """
SELECT id, order_id FROM upsell_exposure WHERE order_id = ANY(%(orders)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_OFFERS = """
SELECT id, order_id FROM upsell_offer WHERE order_id = ANY(%(orders)s::bigint[]) AND state = 'ACCEPTED'
ORDER BY id FOR NO KEY UPDATE
"""
# What becomes of an exchange changes what its first order brought.
_OF_NUMBERS = f"""
WITH RECURSIVE asked AS (SELECT id FROM orders_order WHERE number = ANY(%(numbers)s::text[])), {UP}
SELECT DISTINCT o.root FROM family o
WHERE EXISTS (SELECT FROM upsell_exposure e WHERE e.order_id = o.root)
   OR EXISTS (SELECT FROM upsell_offer f WHERE f.order_id = o.root AND f.state = 'ACCEPTED')
ORDER BY 1
"""  # noqa: S608 - our own words, no input
# An offer that was taken before it was ever counted is behind, too.
_BEHIND = f"""
WITH RECURSIVE {FOLLOWERS}, {UP}, followed AS MATERIALIZED (
    SELECT family.root, max(later.updated_at) AS at
    FROM family JOIN orders_order later ON later.id = family.id WHERE family.root <> family.id GROUP BY family.root
), changed AS (
    SELECT o.id, greatest(o.updated_at, followed.at) AS at
    FROM orders_order o LEFT JOIN followed ON followed.root = o.id WHERE o.id > %(after)s
)
SELECT o.id FROM changed o WHERE
    EXISTS (SELECT FROM upsell_exposure e WHERE e.order_id = o.id AND e.counted_at <= o.at)
    OR EXISTS (SELECT FROM upsell_offer f WHERE f.order_id = o.id AND f.state = 'ACCEPTED'
               AND (f.counted_at IS NULL OR f.counted_at <= o.at))
ORDER BY o.id LIMIT %(limit)s
"""  # noqa: S608 - our own words, no input
# A return's own events say which order it is of; what was given back for it is the sum of all that was said of it.
_GIVE = f"""
WITH RECURSIVE said AS (
    SELECT e.facts->>'source' AS source,
           CASE e.type WHEN 'credit.issued' THEN 1 ELSE -1 END * (e.facts->>'bonus')::numeric AS bonus
    FROM oms_eventrecord e
    WHERE e.subject_kind = 'credit_account' AND e.subject = ANY(%(accounts)s::text[])
      AND e.type IN ('credit.issued', 'credit.clawed_back') AND e.facts->>'source' LIKE 'return:%'
), asked AS MATERIALIZED (
    SELECT o.id, sum(said.bonus) AS bonus
    FROM said JOIN oms_eventrecord r
      ON r.subject_kind = 'return' AND r.subject = substr(said.source, 8) AND r.sequence = 1
    JOIN orders_order o ON o.number = r.facts->>'order'
    GROUP BY o.id
), {UP}, given AS (
    SELECT family.root, greatest(sum(asked.bonus), 0) AS bonus
    FROM family JOIN asked ON asked.id = family.id GROUP BY family.root
)
UPDATE upsell_exposure x SET given = given.bonus
FROM given WHERE x.order_id = given.root AND x.given <> given.bonus
RETURNING x.order_id
"""  # noqa: S608 - our own words, no input
_ACCOUNTS = """
SELECT DISTINCT subject FROM oms_eventrecord
WHERE type IN ('credit.issued', 'credit.clawed_back')
  AND (%(since)s::timestamptz IS NULL OR recorded_at >= %(since)s::timestamptz)
"""


@transactional
def count_net(order_ids: Collection[int], *, at: datetime) -> int:
    """Write what these orders, and the offers they took, have brought by now; how many orders were counted.

    Four statements, however many orders. Counting twice is harmless.
    """
    asked = {"orders": sorted(set(order_ids))}
    exposures, offers = fetch_all(_LOCK_EXPOSURES, asked), fetch_all(_LOCK_OFFERS, asked)
    touched = {order for _, order in [*exposures, *offers]}
    if not touched:
        return 0
    counted = reckon(read_sold(sorted(touched)))
    update_tables(
        {
            Offer: [_offer_row(key, counted.offers[key], at) for key, _ in offers if key in counted.offers],
            Exposure: [_exposure_row(key, counted.orders[order], at) for key, order in exposures],
        }
    )
    return len(touched)


@transactional
def count_orders(numbers: Collection[str], *, at: datetime) -> int:
    """The same for orders by their numbers; of those without offers nothing is looked up but that."""
    found = [order for (order,) in fetch_all(_OF_NUMBERS, {"numbers": sorted(set(numbers))})]
    return count_net(found, at=at) if found else 0


@transactional
def count_given(accounts: Collection[str], *, at: datetime) -> int:
    """Note what bonus was given on the store credit of these accounts, and count the orders that it was given for."""
    touched = {order for (order,) in fetch_all(_GIVE, {"accounts": sorted(set(accounts))})}
    return count_net(touched, at=at) if touched else 0


def count_behind(*, since: datetime, at: datetime) -> int:
    """Count all that changed after it was counted: what a lost reaction left behind. Of credit, what was told since."""
    accounts = list_accounts(since=since)
    counted = count_given(accounts, at=at) if accounts else 0
    return counted + sum(count_net(orders, at=at) for orders in _read_behind())


def list_accounts(*, since: datetime | None = None) -> list[str]:
    """The credit accounts of which something was told since then, or ever."""
    return [account for (account,) in fetch_all(_ACCOUNTS, {"since": since})]


def _read_behind() -> Iterator[list[int]]:
    after = 0
    while found := [order for (order,) in fetch_all(_BEHIND, {"after": after, "limit": AT_ONCE})]:
        yield found
        after = found[-1]


def _offer_row(key: int, net: Net, at: datetime) -> dict[str, Any]:
    return {
        "pk": key,
        "kept_quantity": net.kept,
        "net_revenue": net.revenue,
        "net_margin": net.margin,
        "counted_at": at,
    }


def _exposure_row(key: int, net: Net, at: datetime) -> dict[str, Decimal | datetime | int | None]:
    return {"pk": key, "net_revenue": net.revenue, "net_margin": net.margin, "counted_at": at}
