"""The one door to the promise rows: every change of `Availability` goes through `shift_availability`.

The rows are the only ones that all buyers of a SKU meet at, so they are touched last in a transaction, locked in the
order of their ids, `FOR NO KEY UPDATE` (`FOR UPDATE` would collide with the foreign keys of reservations).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import orjson

from inventory.events import StockFell, StockRanLow, StockRecovered
from inventory.policies.thresholds import RECOVERY
from inventory.policies.velocity import MEMORY
from oms import events
from oms.quantities import plain
from oms.sql import fetch_all

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Shift:
    """What changes on one SKU's promise row; `sold` feeds its velocity."""

    variant_id: int
    promised: Decimal = NOTHING
    sellable: Decimal = NOTHING
    sold: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """Units of one SKU wanted for one reference; `since` is its place in the queue."""

    reference: str
    variant_id: int
    quantity: Decimal
    since: datetime
    state: str = "PROMISED"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A SKU whose shift would have promised more than there is; `available` to the claims, before the shift."""

    variant_id: int
    sku: str
    available: Decimal
    wanted: Decimal


@dataclass(frozen=True, slots=True)
class Shifted:
    """What came of a shift: what stood in the way (then nothing was done), and the SKUs of the claims, by variant id,
    that are low now."""

    refusals: list[Refusal] = field(default_factory=list)
    low: Mapping[int, str] = field(default_factory=dict)


# `after` is inventory/policies/velocity.py and thresholds.py in SQL; a property test holds the two together.
# `variants` says again what `shift` says: the planner takes an array for ten rows and a document for a hundred, and for
# a hundred it would read the whole catalogue.
_SHIFT = f"""
WITH claim AS (
    SELECT * FROM json_to_recordset(%(claims)s::json)
    AS c(reference text, variant_id bigint, quantity numeric, since timestamptz, state text)
), shift AS (
    SELECT variant_id, sum(promised) AS promised, sum(sellable) AS sellable, sum(sold) AS sold
    FROM json_to_recordset(%(shifts)s::json)
    AS s(variant_id bigint, promised numeric, sellable numeric, sold double precision)
    GROUP BY variant_id
), locked AS MATERIALIZED (
    SELECT a.* FROM inventory_availability a
    WHERE a.variant_id = ANY(%(variants)s::bigint[])
    ORDER BY a.variant_id FOR NO KEY UPDATE
), moved AS (
    SELECT l.variant_id, l.low AS was_low, l.low_since, l.sellable - l.promised AS available_before,
           l.promised + s.promised AS promised, l.sellable + s.sellable AS sellable,
           l.sellable + s.sellable - l.promised - s.promised AS available, s.promised AS wanted,
           CASE WHEN s.promised > 0 AND EXISTS (SELECT FROM claim) THEN coalesce((
               SELECT sum(queue.quantity) FROM inventory_reservation queue
               WHERE queue.variant_id = l.variant_id AND queue.state = 'SHORT'
           ), 0) ELSE 0 END AS owed,
           l.threshold_units, l.threshold_days, l.watch_units,
           CASE WHEN s.sold = 0 THEN l.velocity
                WHEN l.velocity_at IS NULL THEN s.sold / {MEMORY.days}.0
                WHEN l.velocity_at <= %(at)s
                    THEN l.velocity
                         * exp(-extract(epoch FROM %(at)s - l.velocity_at)::float8 / {MEMORY.total_seconds()})
                         + s.sold / {MEMORY.days}.0
                ELSE l.velocity + s.sold / {MEMORY.days}.0
                         * exp(-extract(epoch FROM l.velocity_at - %(at)s)::float8 / {MEMORY.total_seconds()})
           END AS velocity,
           CASE WHEN s.sold = 0 THEN l.velocity_at ELSE greatest(l.velocity_at, %(at)s) END AS velocity_at
    FROM locked l JOIN shift s USING (variant_id)
), levelled AS (
    SELECT moved.*, greatest(coalesce(threshold_units, 0), coalesce(threshold_days, 0) * velocity) AS level FROM moved
), after AS (
    SELECT levelled.*, CASE WHEN was_low THEN available < greatest(level + 1, level * {RECOVERY})
                            ELSE available <= level END AS low, coalesce(available <= watch_units, false) AS fell
    FROM levelled
), refused AS (
    SELECT FROM after WHERE available < owed LIMIT 1
), changed AS (
    UPDATE inventory_availability a
    SET promised = after.promised, sellable = after.sellable, velocity = after.velocity,
        velocity_at = after.velocity_at, low = after.low, updated_at = %(at)s,
        watch_units = CASE WHEN after.fell THEN NULL ELSE after.watch_units END,
        low_since = CASE WHEN NOT after.low THEN NULL WHEN after.was_low THEN after.low_since ELSE %(at)s END
    FROM after
    WHERE a.variant_id = after.variant_id AND a.variant_id = ANY(%(variants)s::bigint[])
      AND NOT EXISTS (SELECT FROM refused)
), kept AS (
    INSERT INTO inventory_reservation (reference, variant_id, quantity, since, state)
    SELECT reference, variant_id, quantity, since, state FROM claim WHERE NOT EXISTS (SELECT FROM refused)
)
SELECT after.variant_id, v.sku, greatest(available_before - owed, 0), wanted, available, level, watch_units,
       available < owed, low, low <> was_low, fell
FROM after JOIN inventory_variant v ON v.id = after.variant_id
WHERE v.id = ANY(%(variants)s::bigint[])
  AND CASE WHEN EXISTS (SELECT FROM refused) THEN available < owed
           ELSE low <> was_low OR fell OR (low AND wanted > 0) END
ORDER BY v.sku
"""  # noqa: S608 - constants of our own policies, no input


def shift_availability(
    shifts: Sequence[Shift], *, claims: Sequence[Claim] = (), by: str, at: datetime
) -> list[Refusal]:
    """What `shift_and_look` does, for who need not know which SKUs are low; what stood in the way."""
    return shift_and_look(shifts, claims=claims, by=by, at=at).refusals


def shift_and_look(shifts: Sequence[Shift], *, claims: Sequence[Claim] = (), by: str, at: datetime) -> Shifted:
    """Shift promise rows and write the claims' reservations in one statement, or, if a row went below zero, nothing.

    Units that are owed to those who wait (SHORT) are not there for new claims: nobody overtakes.
    Announces each SKU that crosses its threshold, or falls to what somebody watches it for.
    """
    if not shifts:
        return Shifted()
    variants = list({shift.variant_id for shift in shifts})
    parameters = {"shifts": _document(shifts), "claims": _document(claims), "variants": variants, "at": at}
    rows = [_Row(*row) for row in fetch_all(_SHIFT, parameters)]
    if refusals := [Refusal(row.variant_id, row.sku, row.left, row.wanted) for row in rows if row.refused]:
        return Shifted(refusals)
    if rows:
        events.publish(_tell(rows, by=by, at=at))
    return Shifted(low={row.variant_id: row.sku for row in rows if row.low})


class _Row(NamedTuple):
    """A SKU of which there is something to say: what stood in the way, what it crossed, that it is low."""

    variant_id: int
    sku: str
    left: Decimal
    wanted: Decimal
    available: Decimal
    level: float
    watched: Decimal | None
    refused: bool
    low: bool
    crossed: bool
    fell: bool


def _tell(rows: Sequence[_Row], *, by: str, at: datetime) -> list[events.Event]:
    told: list[events.Event] = [_crossing(row, by=by, at=at) for row in rows if row.crossed]
    for row in rows:
        if row.fell and row.watched is not None:
            facts = {"available": plain(row.available), "level": plain(row.watched)}
            told.append(StockFell(subject=row.sku, by=by, at=at, facts=facts))
    return told


def _crossing(row: _Row, *, by: str, at: datetime) -> events.Event:
    available = plain(row.available)
    if row.low:
        facts = {"available": available, "threshold": float(row.level)}
        return StockRanLow(subject=row.sku, by=by, at=at, facts=facts)
    return StockRecovered(subject=row.sku, by=by, at=at, facts={"available": available})


def _document(rows: Sequence[Shift] | Sequence[Claim]) -> str:
    return orjson.dumps(rows, default=str).decode()
