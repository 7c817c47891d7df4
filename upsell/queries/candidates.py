"""What could be offered with an order: everything that a judgment of it asks for, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

from inventory.policies.velocity import MEMORY, Velocity, decay
from oms.sql import fetch_all
from orders.models import Order
from upsell.policies.blending import FEW, MOST_LEARNED, Layers
from upsell.policies.excluding import CandidateFacts
from upsell.policies.sizing import Match
from upsell.queries.candidate_rows import COLD, LEARNED, NAMED

ORDERS_LOOKED_AT = 100
"""Of the customer's own, the newest."""
SEEN_HALF_LIFE = timedelta(days=60)
"""Having been seen counts half after so long: nobody is asked never again for having looked away."""
BAND = (0.1, 1.0)
"""Of the dearest item in the order: what nothing is known of is offered at such prices."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`speaker_sku` and `speaker_title` name the item of the order that speaks for it most. `match`: the size that its
    customer has, where it is in that.
    """

    facts: CandidateFacts
    layers: Layers
    options: Mapping[str, Any] = field(default_factory=dict)
    category: str = ""
    speaker_sku: str = ""
    speaker_title: str = ""
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """`recommender_id`: whose pairs they are; None where nobody was trained, or nothing was found."""

    found: list[Candidate]
    recommender_id: int | None


def read_candidates(order: Order, *, at: datetime) -> Candidates:
    """By what was learned, by what was bought since, and by the customer's habits; one statement."""
    return _read(LEARNED, order, at, {"most": MOST_LEARNED, "few": FEW})


def read_cold_candidates(order: Order, *, at: datetime) -> Candidates:
    """For goods of which nothing is known: the best sellers of their categories, and of those that go with them, that
    cost no more than the dearest item of the order; one statement.
    """
    band = {"band_from": BAND[0], "band_to": BAND[1], "memory": MEMORY.total_seconds()}
    return _read(COLD, order, at, {"most": MOST_LEARNED} | band)


def read_named_candidates(order: Order, skus: Sequence[str], *, at: datetime) -> Candidates:
    """These, in the order of the list; SKUs that are not in the catalogue are left out; one statement."""
    read = _read(NAMED, order, at, {"skus": list(skus)})
    found = {each.facts.sku: each for each in read.found}
    return Candidates([found[sku] for sku in dict.fromkeys(skus) if sku in found], read.recommender_id)


def _read(statement: str, order: Order, at: datetime, rest: Mapping[str, Any]) -> Candidates:
    asked = {"order": order.pk, "at": at, "half_life": SEEN_HALF_LIFE.total_seconds()}
    rows = fetch_all(statement, {**asked, "orders_looked_at": ORDERS_LOOKED_AT, **rest})
    return Candidates([_candidate(row, at) for row in rows], rows[0][-1] if rows else None)


def _candidate(row: Sequence[Any], at: datetime) -> Candidate:
    variant, product, sku, title, options, product_type, tags, category, path, category_name = row[:10]
    price, unit_cost, sold, left, in_order, returned_at, dismissed_at, refused_kind, seen = row[10:19]
    learned, recent, kind, bought, velocity, velocity_at, speaker_sku, speaker_title = row[19:27]
    facts = CandidateFacts(
        variant_id=variant,
        product_id=product,
        sku=sku,
        title=title,
        product_type=product_type,
        tags=frozenset(tags),
        category_id=category,
        category_path=tuple(path or ()),
        price=price,
        unit_cost=unit_cost,
        sold=sold,
        left=left or Decimal(0),
        in_order=in_order or "",
        returned_at=returned_at,
        dismissed_at=dismissed_at,
        refused_kind=refused_kind or "",
        seen=float(seen or 0),
    )
    pace = decay(Velocity(velocity or 0.0, velocity_at), at=at)
    layers = Layers(learned or 0.0, recent or 0.0, kind or 0.0, bought or 0, pace)
    return Candidate(facts, layers, orjson.loads(options), category_name or "", speaker_sku or "", speaker_title or "")
