"""Keeping the figures of whole days, so that a year of offers is read in a moment."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from oms.sql import fetch_all, fetch_one
from oms.transactions import transactional
from upsell.queries.day_sums import OFFER_DAYS, PARTED, PLACED, PRODUCT_DAYS, SIDE_DAYS, SIDE_SUMS, SUMS

AT_ONCE = 30
"""Days of a campaign in one transaction: some ten thousand offers of a large shop."""

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('figures of offers', 0))"
_STRANGE = """
SELECT EXISTS (SELECT FROM upsell_offerday WHERE zone <> %(zone)s)
    OR EXISTS (SELECT FROM upsell_sideday WHERE zone <> %(zone)s)
"""
_FORGET = ("DELETE FROM upsell_offerday", "DELETE FROM upsell_productday", "DELETE FROM upsell_sideday")
# Midnight is on a quarter of an hour of UTC in every zone.
_MARK_ALL = """
INSERT INTO upsell_figuremark (campaign_id, at)
SELECT campaign_id, date_bin('15 minutes', made_at, 'epoch') FROM upsell_offer
UNION SELECT campaign_id, date_bin('15 minutes', assigned_at, 'epoch') FROM upsell_exposure
"""
_TAKE_MARKS = """
WITH days AS (
    SELECT DISTINCT (at AT TIME ZONE %(zone)s)::date AS day, campaign_id FROM upsell_figuremark
    ORDER BY 1 DESC, 2 LIMIT %(most)s
), gone AS (
    DELETE FROM upsell_figuremark m USING days
    WHERE m.campaign_id = days.campaign_id AND (m.at AT TIME ZONE %(zone)s)::date = days.day
)
SELECT campaign_id, day FROM days
"""
_DAYS = (
    "WITH days AS MATERIALIZED (SELECT * FROM unnest(%(campaigns)s::bigint[], %(days)s::date[]) AS d(campaign_id, day))"
)
_MARK = f"""
{_DAYS}
INSERT INTO upsell_figuremark (campaign_id, at) SELECT campaign_id, day::timestamp AT TIME ZONE %(zone)s FROM days
"""
_OF_DAYS = "USING days WHERE d.campaign_id = days.campaign_id AND d.day = days.day"
_CLEAR = f"""
{_DAYS}, offers AS (DELETE FROM upsell_offerday d {_OF_DAYS}), products AS (DELETE FROM upsell_productday d {_OF_DAYS})
DELETE FROM upsell_sideday d {_OF_DAYS}
"""
_FUNNEL = f"campaign_id, day, placement, currency, {', '.join(SUMS)}"
_SIDE = f'campaign_id, day, currency, "group", {", ".join(SIDE_SUMS)}'
_KEEP = f"""
{_DAYS}, {PLACED}, {PARTED},
offer_days AS (INSERT INTO upsell_offerday ({_FUNNEL}, zone) SELECT *, %(zone)s FROM ({OFFER_DAYS}) AS counted),
product_days AS (INSERT INTO upsell_productday (variant_id, {_FUNNEL}) {PRODUCT_DAYS})
INSERT INTO upsell_sideday ({_SIDE}, zone) SELECT *, %(zone)s FROM ({SIDE_DAYS}) AS counted
"""


def roll_up_figures(*, zone: str) -> int:
    """Count every day anew of which something changed since it was kept, by the days of this time zone; how many.

    Whoever reads is right at any moment, before, meanwhile and after: a day that is marked is read from its offers.
    """
    rolled = 0
    while days := _roll_up_some(zone=zone):
        rolled += days
        if days < AT_ONCE:
            break
    return rolled


@transactional
def mark_days(days: Collection[tuple[int, date]], *, zone: str) -> None:
    """Let these days of campaigns be counted anew."""
    fetch_all(_MARK, _ask(days, zone))


@transactional
def _roll_up_some(*, zone: str) -> int:
    """One at a time, or the earlier count would be kept over the later one.

    The marks go first. A change that comes between that and the counting has left its own mark, which stays.
    """
    fetch_all(_TURN, [])
    _forget_other_zones(zone)
    days = fetch_all(_TAKE_MARKS, {"zone": zone, "most": AT_ONCE})
    if days:
        asked = _ask(days, zone)
        fetch_all(_CLEAR, asked)
        fetch_all(_KEEP, asked)
    return len(days)


def _forget_other_zones(zone: str) -> None:
    """The days of another zone begin at other moments: nothing of them can be used."""
    (strange,) = fetch_one(_STRANGE, {"zone": zone})
    if strange:
        for statement in (*_FORGET, _MARK_ALL):
            fetch_all(statement, [])


def _ask(days: Collection[tuple[int, date]], zone: str) -> Mapping[str, Any]:
    return {"campaigns": [campaign for campaign, _ in days], "days": [day for _, day in days], "zone": zone}
