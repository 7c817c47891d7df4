"""Promising stock to references, letting it go, and handing freed stock to those who wait."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from inventory.actions.promising import NOTHING, Claim, Refusal, Shift, shift_and_look, shift_availability
from inventory.errors import Shortage, StockShort
from inventory.events import WaitingStockPromised
from inventory.models import Availability, Reservation
from inventory.policies.velocity import weigh_sale
from oms import events
from oms.reading import fetch_objects
from oms.sql import fetch_all
from oms.writing import update_rows


@dataclass(frozen=True, slots=True)
class Reserved:
    """What came of promising to those who cannot be refused: the shortages by reference, and the SKUs of the claims
    that are low now, by variant id."""

    shortages: dict[str, list[Shortage]] = field(default_factory=dict)
    low: Mapping[int, str] = field(default_factory=dict)


def reserve(claims: Sequence[Claim], *, by: str, at: datetime) -> Mapping[int, str]:
    """Promise every claim, or none; the SKUs of the claims that are low now, by variant id.

    Raises:
        StockShort: names each SKU that is short and what is left of it; nothing changed.
    """
    shifted = shift_and_look(_sales(claims, at=at), claims=claims, by=by, at=at)
    if shifted.refusals:
        raise StockShort([Shortage(each.sku, each.wanted, each.available) for each in shifted.refusals])
    return shifted.low


def reserve_or_queue(claims: Sequence[Claim], *, by: str, at: datetime) -> Reserved:
    """Promise what can be promised, in the order of the claims; the rest waits its turn as SHORT.

    For orders that have been sold already.
    """
    first = shift_and_look(_sales(claims, at=at), claims=claims, by=by, at=at)
    refusals = first.refusals
    if not refusals:
        return Reserved(low=first.low)

    kept, waiting = _queue_short(claims, refusals)
    demand = [replace(shift, promised=Decimal(0)) for shift in _sales(waiting, at=at)]
    # The first try holds the locks, so what fits now still fits.
    second = shift_and_look([*_sales(kept, at=at), *demand], claims=[*kept, *waiting], by=by, at=at)
    _serve_early_birds(waiting, by=by, at=at)

    by_variant = {refusal.variant_id: refusal for refusal in refusals}
    shortages = defaultdict(list)
    for claim in waiting:
        refusal = by_variant[claim.variant_id]
        shortages[claim.reference].append(Shortage(refusal.sku, claim.quantity, refusal.available))
    return Reserved(dict(shortages), second.low)


_LET_GO = """
WITH ended AS (
    SELECT id, variant_id, quantity, state FROM inventory_reservation
    WHERE reference = ANY(%(references)s::text[]) AND state IN ('PROMISED', 'SHORT')
      AND (%(variants)s::bigint[] IS NULL OR variant_id = ANY(%(variants)s::bigint[]))
    ORDER BY id FOR NO KEY UPDATE
), closed AS (
    UPDATE inventory_reservation r SET state = 'RELEASED', closed_at = %(at)s FROM ended WHERE r.id = ended.id
)
SELECT variant_id, sum(quantity) FILTER (WHERE state = 'PROMISED') FROM ended GROUP BY variant_id
"""


def let_go(references: Sequence[str], *, variant_ids: Sequence[int] | None = None, by: str, at: datetime) -> None:
    """Give up all open reservations of the references (of some SKUs only, if given); others in the queue get the stock.

    Letting go twice is harmless.
    """
    only = None if variant_ids is None else list(variant_ids)
    ended = fetch_all(_LET_GO, {"references": list(references), "variants": only, "at": at})
    freed = {variant_id: quantity or NOTHING for variant_id, quantity in ended}
    # By nothing, too, where only a place in the queue was given up: lock the row before looking who is next.
    shift_availability([Shift(variant, promised=-quantity) for variant, quantity in freed.items()], by=by, at=at)
    promote_waiting(freed, by=by, at=at)


_HAND_OVER = """
UPDATE inventory_reservation SET reference = %(to)s
WHERE reference = %(reference)s AND state IN ('PROMISED', 'SHORT')
"""


def hand_over(reference: str, *, to: str) -> None:
    """Give all open reservations of one reference to another. They keep their place; no stock moves."""
    fetch_all(_HAND_OVER, {"reference": reference, "to": to})


_OPEN_OF = "WHERE reference = %s AND state IN ('PROMISED', 'SHORT') ORDER BY id FOR NO KEY UPDATE"


def rebook(reference: str, wanted: Mapping[int, Decimal], *, queue: bool, by: str, at: datetime) -> list[Shortage]:
    """Make the reference's reservations add up to `wanted` (variant id → units), by difference, in one step.

    More of a SKU is a claim of its own, queued as of now; less gives back what waits before what is promised. With
    `queue`, what cannot be promised waits as SHORT and is returned.

    Raises:
        StockShort: without `queue`; nothing changed.
    """
    rows = fetch_objects(Reservation, _OPEN_OF, [reference])
    have: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        have[row.variant_id] += row.quantity

    more = {v: units - have[v] for v, units in wanted.items() if units > have[v]}
    less = {v: have[v] - wanted.get(v, Decimal(0)) for v in have if have[v] > wanted.get(v, Decimal(0))}
    freed = _cut_rows(rows, less, at=at)
    claims = [Claim(reference, variant_id, units, at) for variant_id, units in sorted(more.items())]
    returned = [Shift(variant_id, promised=-units) for variant_id, units in freed.items()]

    shortages = _claim_and_return(claims, returned, queue=queue, by=by, at=at)
    promote_waiting(freed, by=by, at=at)
    return shortages


def _cut_rows(rows: list[Reservation], less: dict[int, Decimal], *, at: datetime) -> dict[int, Decimal]:
    """Take units off open reservations, waiting ones first, then the newest; what of each SKU had been promised."""
    freed: dict[int, Decimal] = defaultdict(Decimal)
    left, cut = dict(less), []
    for row in sorted(rows, key=lambda r: (r.state == Reservation.State.PROMISED, -r.id)):
        units = min(left.get(row.variant_id, Decimal(0)), row.quantity)
        if not units:
            continue
        left[row.variant_id] -= units
        freed[row.variant_id] += units if row.state == Reservation.State.PROMISED else NOTHING
        if units == row.quantity:
            row.state, row.closed_at = Reservation.State.RELEASED, at
        else:
            row.quantity -= units
        cut.append(row)
    update_rows(cut, ["quantity", "state", "closed_at"])
    return dict(freed)


def _claim_and_return(
    claims: list[Claim], returned: list[Shift], *, queue: bool, by: str, at: datetime
) -> list[Shortage]:
    """Promise the claims and give the rest back in one shift; what is short waits or refuses the whole."""
    refusals = shift_availability([*_sales(claims, at=at), *returned], claims=claims, by=by, at=at)
    shortages = [Shortage(refusal.sku, refusal.wanted, refusal.available) for refusal in refusals]
    if not shortages:
        return []
    if not queue:
        raise StockShort(shortages)

    kept, waiting = _queue_short(claims, refusals)
    demand = [replace(shift, promised=Decimal(0)) for shift in _sales(waiting, at=at)]
    shift_availability([*_sales(kept, at=at), *demand, *returned], claims=[*kept, *waiting], by=by, at=at)
    _serve_early_birds(waiting, by=by, at=at)
    return shortages


_PROMOTE = """
WITH waiting AS MATERIALIZED (
    SELECT id, reference, variant_id, quantity, since FROM inventory_reservation
    WHERE variant_id = ANY(%(variants)s::bigint[]) AND state = 'SHORT'
    ORDER BY id FOR NO KEY UPDATE
), stock AS MATERIALIZED (
    SELECT variant_id, sellable - promised AS available FROM inventory_availability
    WHERE variant_id IN (SELECT variant_id FROM waiting)
    ORDER BY variant_id FOR NO KEY UPDATE
), queued AS (
    SELECT waiting.*, sum(quantity) OVER (PARTITION BY variant_id ORDER BY since, id) AS needed FROM waiting
), served AS (
    UPDATE inventory_reservation r SET state = 'PROMISED'
    FROM queued JOIN stock USING (variant_id)
    WHERE r.id = queued.id AND queued.needed <= stock.available
    RETURNING r.variant_id, r.reference, r.quantity
)
SELECT served.variant_id, v.sku, sum(served.quantity), array_agg(DISTINCT served.reference)
FROM served JOIN inventory_variant v ON v.id = served.variant_id GROUP BY 1, 2 ORDER BY 1
"""


def promote_waiting(variant_ids: Iterable[int], *, by: str, at: datetime) -> None:
    """Promise freed or new stock to those who wait: first come, first served, nobody overtakes."""
    variants = sorted(set(variant_ids))
    if not variants:
        return
    served = fetch_all(_PROMOTE, {"variants": variants})
    shift_availability([Shift(variant, promised=units) for variant, _, units, _ in served], by=by, at=at)
    events.publish(
        [
            WaitingStockPromised(subject=sku, by=by, at=at, facts={"references": references})
            for _, sku, _, references in served
        ]
    )


def _serve_early_birds(waiting: Sequence[Claim], *, by: str, at: datetime) -> None:
    """A message that came late may be the first in the queue, and fit into what the one before it is too large for."""
    rows = Availability.objects.filter(
        variant_id__in={claim.variant_id for claim in waiting}, sellable__gt=F("promised")
    )
    promote_waiting(rows.values_list("variant_id", flat=True), by=by, at=at)


def _sales(claims: Iterable[Claim], *, at: datetime) -> list[Shift]:
    """Each claim as a promise and as a sale; a late message's sale counts as of its own day."""
    return [
        Shift(c.variant_id, promised=c.quantity, sold=weigh_sale(quantity=float(c.quantity), sold_at=c.since, at=at))
        for c in claims
    ]


def _queue_short(claims: Sequence[Claim], refusals: Sequence[Refusal]) -> tuple[list[Claim], list[Claim]]:
    """The claims that fit into what is left, first come, first served; and the others, as waiting ones.

    Behind one that waits everybody waits: a batch ends as its members would one after the other.
    """
    left = {refusal.variant_id: refusal.available for refusal in refusals}
    kept, waiting = [], []
    for claim in claims:
        available = left.get(claim.variant_id)
        if available is None:
            kept.append(claim)
        elif available >= claim.quantity:
            kept.append(claim)
            left[claim.variant_id] = available - claim.quantity
        else:
            waiting.append(replace(claim, state=Reservation.State.SHORT))
            left[claim.variant_id] = NOTHING
    return kept, waiting
