"""Posting movements: the only way a stock level changes, and with it what may be promised."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import orjson
from django.db import connection

from inventory.actions.promising import Refusal, Shift, shift_availability
from inventory.errors import StockNotThere, StockPromised, UnknownStock
from inventory.models import StockLevel, Variant, Warehouse
from oms.errors import FieldError
from oms.quantities import plain
from oms.reading import fetch_objects
from oms.sql import fetch_all

BUCKETS = ("on_hand", "allocated", "safety", "damaged", "quality_control", "incoming")


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement to post: `delta` units into one bucket of one level."""

    variant_id: int
    warehouse_id: int
    bucket: str
    delta: Decimal
    cause: str
    note: str = ""
    reference: str = ""


def find_places(pairs: Sequence[tuple[str, str]], *, pointers: Sequence[str] = ()) -> list[tuple[int, Warehouse]]:
    """The variant id and warehouse of each (SKU, warehouse code).

    Raises:
        UnknownStock: points at what is unknown; `pointers` say where each warehouse stands, if not at /0/warehouse….
    """
    variants = dict(Variant.objects.of_skus([sku for sku, _ in pairs]).values_list("sku", "id"))
    warehouses = {w.code: w for w in Warehouse.objects.filter(code__in={code for _, code in pairs})}
    pointers = pointers or [f"/{place}/warehouse" for place in range(len(pairs))]
    errors = {}
    for pointer, (sku, code) in zip(pointers, pairs, strict=True):
        if sku not in variants:
            of_sku = pointer.rpartition("/")[0] + "/sku"
            errors[of_sku] = FieldError(of_sku, "unknown_sku", f"There is no SKU {sku}.")
        if code not in warehouses:
            errors[pointer] = FieldError(pointer, "unknown_warehouse", f"There is no warehouse {code}.")
    if errors:
        raise UnknownStock(list(errors.values()))
    return [(variants[sku], warehouses[code]) for sku, code in pairs]


def lock_levels(places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], StockLevel]:
    """The levels of (variant id, warehouse id), made where missing, locked: promise rows first, then levels by id."""
    keys = sorted(set(places))
    variants, warehouses = [variant_id for variant_id, _ in keys], [warehouse_id for _, warehouse_id in keys]
    # Whether a warehouse is open must stay as it is until these movements are made.
    rows = fetch_objects(Warehouse, "WHERE id = ANY(%s::bigint[]) ORDER BY id FOR SHARE", [sorted(set(warehouses))])
    houses = {warehouse.pk: warehouse for warehouse in rows}
    fetch_all(_LOCK_PROMISES, [sorted(set(variants))])
    fetch_all(_MAKE_MISSING, [variants, warehouses])
    levels = fetch_objects(StockLevel, _THESE, [variants, warehouses])
    for level in levels:
        level.warehouse = houses[level.warehouse_id]
    return {(level.variant_id, level.warehouse_id): level for level in levels}


_LOCK_PROMISES = """
SELECT FROM inventory_availability WHERE variant_id = ANY(%s::bigint[]) ORDER BY variant_id FOR NO KEY UPDATE
"""
_MAKE_MISSING = """
INSERT INTO inventory_stocklevel (variant_id, warehouse_id)
SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS place(variant_id, warehouse_id)
WHERE NOT EXISTS (
    SELECT FROM inventory_stocklevel l
    WHERE l.variant_id = place.variant_id AND l.warehouse_id = place.warehouse_id
)
ON CONFLICT DO NOTHING
"""
_THESE = """
WHERE (variant_id, warehouse_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
ORDER BY id FOR NO KEY UPDATE
"""


_POST = """
WITH entry AS (
    SELECT * FROM json_to_recordset(%(entries)s::json)
    AS e(entry int, variant_id bigint, warehouse_id bigint, bucket text, delta numeric,
         cause text, note text, reference text)
), change AS (
    SELECT variant_id, warehouse_id,
           coalesce(sum(delta) FILTER (WHERE bucket = 'on_hand'), 0) AS on_hand,
           coalesce(sum(delta) FILTER (WHERE bucket = 'allocated'), 0) AS allocated,
           coalesce(sum(delta) FILTER (WHERE bucket = 'safety'), 0) AS safety,
           coalesce(sum(delta) FILTER (WHERE bucket = 'damaged'), 0) AS damaged,
           coalesce(sum(delta) FILTER (WHERE bucket = 'quality_control'), 0) AS quality_control,
           coalesce(sum(delta) FILTER (WHERE bucket = 'incoming'), 0) AS incoming
    FROM entry GROUP BY variant_id, warehouse_id
), moved AS (
    UPDATE inventory_stocklevel l
    SET on_hand = l.on_hand + c.on_hand, allocated = l.allocated + c.allocated, safety = l.safety + c.safety,
        damaged = l.damaged + c.damaged, quality_control = l.quality_control + c.quality_control,
        incoming = l.incoming + c.incoming, updated_at = %(at)s
    FROM change c WHERE l.variant_id = c.variant_id AND l.warehouse_id = c.warehouse_id
)
INSERT INTO inventory_stockmovement
    (variant_id, warehouse_id, bucket, delta, cause, by, at, note, reference, idempotency_key, entry)
SELECT variant_id, warehouse_id, bucket, delta, cause, %(by)s, %(at)s, note, reference, %(key)s, entry
FROM entry WHERE delta <> 0
"""


def post_entries(
    entries: Sequence[Entry], *, levels: dict[tuple[int, int], StockLevel], key: str | None, by: str, at: datetime
) -> list[Shift]:
    """Write the movements and the new levels; the shifts of what may be sold, still to be made.

    `levels` are the locked levels the entries touch, as they were before.

    Raises:
        StockNotThere: a level would fall below zero, or below what is allocated.
    """
    totals = _totals(entries)
    _refuse_what_is_not_there(totals, levels)

    document = [asdict(entry) | {"entry": place} for place, entry in enumerate(entries)]
    with connection.cursor() as cursor:
        cursor.execute(_POST, {"entries": orjson.dumps(document, default=str).decode(), "by": by, "at": at, "key": key})
    return _sellable_shifts(totals, levels)


def shift_or_refuse(shifts: Sequence[Shift], *, by: str, at: datetime) -> None:
    """Make the shifts.

    Raises:
        StockPromised: units that should go are promised to orders.
    """
    refusals: list[Refusal] = shift_availability(shifts, by=by, at=at)
    if refusals:
        parts = [f"{refusal.sku}: only {plain(refusal.available)} are not promised" for refusal in refusals]
        raise StockPromised(
            f"These units are promised to orders. {'; '.join(parts)}. Cancel orders first, or record a count.",
            skus=[{"sku": refusal.sku, "available": plain(refusal.available)} for refusal in refusals],
        )


def contribution(level: StockLevel, *, on_hand: Decimal = Decimal(0), safety: Decimal = Decimal(0)) -> Decimal:
    """What a level, changed by so much, adds to what may be sold. A closed warehouse adds nothing."""
    if not level.warehouse.active:
        return Decimal(0)
    return max(level.on_hand + on_hand - level.safety - safety, Decimal(0))


def _totals(entries: Sequence[Entry]) -> dict[tuple[int, int], dict[str, Decimal]]:
    totals: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(BUCKETS, Decimal(0)))
    for entry in entries:
        totals[entry.variant_id, entry.warehouse_id][entry.bucket] += entry.delta
    return totals


def _refuse_what_is_not_there(
    totals: dict[tuple[int, int], dict[str, Decimal]], levels: dict[tuple[int, int], StockLevel]
) -> None:
    for place, change in totals.items():
        level = levels[place]
        for bucket, delta in change.items():
            before = getattr(level, bucket)
            if before + delta < 0:
                raise StockNotThere(
                    f"Only {plain(before)} {bucket.replace('_', ' ')} are there, {plain(-delta)} should leave.",
                    bucket=bucket,
                    there=plain(before),
                )
        if level.on_hand + change["on_hand"] < level.allocated + change["allocated"]:
            raise StockNotThere(
                f"{plain(level.allocated)} units are allocated to orders in the warehouse and must stay on the shelf.",
                bucket="allocated",
                there=plain(level.on_hand),
            )


def _sellable_shifts(
    totals: dict[tuple[int, int], dict[str, Decimal]], levels: dict[tuple[int, int], StockLevel]
) -> list[Shift]:
    gained: dict[int, Decimal] = defaultdict(Decimal)
    for place, change in totals.items():
        level = levels[place]
        after = contribution(level, on_hand=change["on_hand"], safety=change["safety"])
        gained[level.variant_id] += after - contribution(level)
    return [Shift(variant_id, sellable=delta) for variant_id, delta in sorted(gained.items()) if delta]
