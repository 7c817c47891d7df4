"""Where the kept figures of a day differ from those of its offers and orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from oms.sql import fetch_all, fetch_one
from upsell.queries.day_sums import OFFER_DAYS, PARTED, PLACED, PRODUCT_DAYS, SIDE_DAYS, SIDE_SUMS, SUMS

AT_ONCE = timedelta(days=30)

_FIRST_AND_LAST = """
SELECT min(day), max(day) FROM (
    SELECT (made_at AT TIME ZONE %(zone)s)::date AS day FROM upsell_offer
    UNION ALL SELECT (assigned_at AT TIME ZONE %(zone)s)::date FROM upsell_exposure
    UNION ALL SELECT day FROM upsell_offerday UNION ALL SELECT day FROM upsell_sideday
) AS found
"""
_FUNNEL = f"campaign_id, day, placement, currency, {', '.join(SUMS)}"
_SIDE = f'campaign_id, day, currency, "group", {", ".join(SIDE_SUMS)}'


def _differences(name: str, counted: str, table: str, columns: str) -> str:
    kept = f"SELECT {columns} FROM {table} JOIN days USING (campaign_id, day)"
    counted = f"SELECT {columns} FROM ({counted}) AS counted"
    both = f"(({counted}) EXCEPT ALL ({kept})) UNION ALL (({kept}) EXCEPT ALL ({counted}))"
    return f"SELECT DISTINCT '{name}', campaign_id, day FROM ({both}) AS different"


_TABLES = (
    _differences("offers", OFFER_DAYS, "upsell_offerday", _FUNNEL),
    _differences("products", PRODUCT_DAYS, "upsell_productday", f"variant_id, {_FUNNEL}"),
    _differences("sides", SIDE_DAYS, "upsell_sideday", _SIDE),
)
# What is marked is not looked at by anybody until it is counted anew; nor are the days of another zone.
_DRIFT = f"""
WITH days AS MATERIALIZED (
    SELECT c.id AS campaign_id, d::date AS day
    FROM upsell_campaign c CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 day') AS d
    WHERE NOT EXISTS (
        SELECT FROM upsell_figuremark m WHERE m.campaign_id = c.id AND (m.at AT TIME ZONE %(zone)s)::date = d::date
    ) AND NOT EXISTS (SELECT FROM upsell_offerday WHERE zone <> %(zone)s)
      AND NOT EXISTS (SELECT FROM upsell_sideday WHERE zone <> %(zone)s)
), {PLACED}, {PARTED}
{" UNION ALL ".join(_TABLES)} ORDER BY 3, 2, 1
"""


@dataclass(frozen=True, slots=True)
class DayDrift:
    """`what`: the offers of that day, their products, or the sides that its orders fell on."""

    what: str
    campaign: int
    day: date


def find_day_drift(*, zone: str) -> Iterator[DayDrift]:
    """All days that are kept and not marked, a month at a time."""
    first, last = fetch_one(_FIRST_AND_LAST, {"zone": zone})
    while first is not None and first <= last:
        block = {"zone": zone, "first": first, "last": min(first + AT_ONCE, last)}
        yield from (DayDrift(*row) for row in fetch_all(_DRIFT, block))
        first += AT_ONCE + timedelta(days=1)
