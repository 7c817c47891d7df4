"""When a SKU counts as low: its threshold, in units or in days of cover; and levels that somebody else asks about."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from inventory.actions.promising import Shift, shift_availability
from inventory.events import StockFell
from inventory.models import Availability
from oms import events
from oms.errors import FieldError, Invalid, NotFound
from oms.quantities import plain
from oms.sql import fetch_all


@transaction.atomic
def set_threshold(*, sku: str, units: Decimal | None, days: float | None, by: str, at: datetime) -> None:
    """Set the threshold and look at once on which side of it the SKU stands. None and None: low when sold out.

    Raises:
        NotFound: no such SKU.
        Invalid: a threshold is negative.
    """
    errors = [
        FieldError(f"/{name}", "negative", "A threshold cannot be negative.")
        for name, figure in (("units", units), ("days", days))
        if figure is not None and figure < 0
    ]
    if errors:
        raise Invalid(errors[0].detail, errors=errors)
    row = Availability.objects.select_for_update(no_key=True).filter(variant__sku=sku).first()
    if row is None:
        raise NotFound(f"There is no SKU {sku}.")

    row.threshold_units, row.threshold_days = units, days
    row.save(update_fields=["threshold_units", "threshold_days"])
    shift_availability([Shift(row.variant_id)], by=by, at=at)


_WATCH = """
WITH wanted AS (
    SELECT * FROM unnest(%(variants)s::bigint[], %(levels)s::numeric[]) AS w(variant_id, level)
), locked AS MATERIALIZED (
    SELECT a.variant_id, a.watch_units, a.sellable - a.promised AS available FROM inventory_availability a
    WHERE a.variant_id = ANY(%(variants)s::bigint[])
    ORDER BY a.variant_id FOR NO KEY UPDATE
), armed AS (
    SELECT variant_id, available, greatest(watch_units, level) AS level FROM locked JOIN wanted USING (variant_id)
), changed AS (
    UPDATE inventory_availability a
    SET watch_units = CASE WHEN armed.available <= armed.level THEN NULL ELSE armed.level END
    FROM armed WHERE a.variant_id = armed.variant_id
)
SELECT v.sku, armed.available, armed.level FROM armed JOIN inventory_variant v ON v.id = armed.variant_id
WHERE armed.available <= armed.level ORDER BY v.sku
"""


def watch_stock(levels: Mapping[int, Decimal], *, by: str, at: datetime) -> None:
    """Tell once, as StockFell, when what is available of a variant (by id) falls to its level; at once if it is there.

    A SKU has one watch, at the highest level that anybody asked for: who is told of it asks for the next lower one.

    Raises:
        OutsideTransaction: there is no open transaction.
    """
    events.require_transaction("A watch")
    if not levels:
        return
    fallen = fetch_all(_WATCH, {"variants": list(levels), "levels": list(levels.values())})
    told = [(sku, {"available": plain(available), "level": plain(level)}) for sku, available, level in fallen]
    events.publish([StockFell(subject=sku, by=by, at=at, facts=facts) for sku, facts in told])
