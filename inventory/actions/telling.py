"""What channels should be told of stock: noted, leased, and recorded once told. All SKUs of a channel at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from inventory.policies.telling import PACES
from inventory.policies.velocity import MEMORY
from oms.events import as_json
from oms.sql import fetch_all, fetch_one
from oms.transactions import transactional

LEASE = timedelta(minutes=10)
"""Longer than any conversation with a channel takes."""


@dataclass(frozen=True, slots=True)
class Due:
    """One figure that a channel is to be told."""

    id: int
    lease: int
    sku: str
    units: Decimal


# Compared with every SKU rather than by a date of change: an index on that date would make each sale dearer.
_NOTE = """
WITH shown AS (
    SELECT channel.id AS channel_id, stock.variant_id, stock.low,
           greatest(stock.sellable - stock.promised - coalesce(own.units, rest.units, 0), 0) AS units,
           stock.velocity * exp(-greatest(extract(epoch FROM %(at)s::timestamptz - stock.velocity_at), 0)
                                / %(memory)s::float) AS velocity
    FROM unnest(%(channels)s::bigint[]) AS channel(id)
    CROSS JOIN inventory_availability stock
    JOIN inventory_variant variant ON variant.id = stock.variant_id AND variant.active
    LEFT JOIN inventory_channelbuffer own ON own.channel_id = channel.id AND own.variant_id = stock.variant_id
    LEFT JOIN inventory_channelbuffer rest ON rest.channel_id = channel.id AND rest.variant_id IS NULL
), changed AS (
    SELECT shown.*, %(at)s::timestamptz + CASE
        WHEN before.told IS NULL OR shown.low OR (shown.units = 0) <> (before.told = 0) THEN interval '0'
        ELSE (SELECT min(pace.wait) FROM unnest(%(paces)s::float[], %(waits)s::interval[]) AS pace(units, wait)
              WHERE pace.units <= coalesce(shown.velocity, 0)) END AS due_at
    FROM shown LEFT JOIN inventory_channelstock before USING (channel_id, variant_id)
    WHERE before.id IS NULL OR before.wanted <> shown.units
), noted AS (
    INSERT INTO inventory_channelstock AS known (channel_id, variant_id, wanted, changed_at, due_at)
    SELECT channel_id, variant_id, units, %(at)s, due_at FROM changed ORDER BY channel_id, variant_id
    ON CONFLICT (channel_id, variant_id) DO UPDATE SET
        wanted = EXCLUDED.wanted,
        changed_at = CASE WHEN known.told = EXCLUDED.wanted THEN NULL
                          ELSE coalesce(known.changed_at, EXCLUDED.changed_at) END,
        due_at = CASE WHEN known.told = EXCLUDED.wanted THEN NULL
                      ELSE least(coalesce(known.due_at, EXCLUDED.due_at), EXCLUDED.due_at) END
    RETURNING 1
)
SELECT count(*) FROM noted
"""
_LEASE = """
WITH due AS (
    SELECT id FROM inventory_channelstock
    WHERE channel_id = %(channel)s AND due_at <= %(at)s AND (leased_until IS NULL OR leased_until < %(at)s)
    ORDER BY due_at, id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED
)
UPDATE inventory_channelstock stock SET lease = stock.lease + 1, leased_until = %(until)s
FROM due, inventory_variant variant WHERE stock.id = due.id AND variant.id = stock.variant_id
RETURNING stock.id, stock.lease, variant.sku, stock.wanted
"""
_TOLD = """
WITH said AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(id bigint, lease int, units numeric)
), told AS (
    UPDATE inventory_channelstock stock SET
        told = said.units, told_at = %(at)s, leased_until = NULL, problem = '', refused = false,
        lag_seconds = greatest(extract(epoch FROM %(at)s::timestamptz - stock.changed_at), 0),
        changed_at = CASE WHEN stock.wanted <> said.units THEN %(at)s::timestamptz END,
        due_at = CASE WHEN stock.wanted <> said.units THEN %(at)s::timestamptz END
    FROM said WHERE stock.id = said.id AND stock.lease = said.lease
    RETURNING 1
)
SELECT count(*) FROM told
"""
_PUT_BACK = """
WITH said AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(id bigint, lease int, problem text)
), back AS (
    UPDATE inventory_channelstock stock SET
        leased_until = NULL, due_at = %(due_at)s, problem = said.problem, refused = %(refused)s
    FROM said WHERE stock.id = said.id AND stock.lease = said.lease
    RETURNING 1
)
SELECT count(*) FROM back
"""


@transactional
def note_stock(*, channels: Sequence[int], at: datetime) -> int:
    """Find what these channels should show otherwise than they were told, and by when; how many figures changed."""
    if not channels:
        return 0
    paces = {"paces": [pace.from_units_a_day for pace in PACES], "waits": [pace.wait for pace in PACES]}
    values = {"channels": list(channels), "at": at, "memory": MEMORY.total_seconds()}
    return fetch_one(_NOTE, values | paces)[0]


@transactional
def lease_stock(*, channel: int, at: datetime, limit: int) -> list[Due]:
    """Take figures that are due, those due longest first, so that nobody else takes them too."""
    values = {"channel": channel, "at": at, "until": at + LEASE, "limit": limit}
    return sorted((Due(*row) for row in fetch_all(_LEASE, values)), key=lambda due: due.sku)


@transactional
def record_told(figures: Sequence[Due], *, at: datetime) -> int:
    """The channel has them. What has changed since is due again at once; how many were still ours to record."""
    rows = [{"id": due.id, "lease": due.lease, "units": due.units} for due in figures]
    return fetch_one(_TOLD, {"rows": as_json(rows), "at": at})[0] if rows else 0


@transactional
def put_back(problems: Mapping[Due, str], *, refused: bool = False, due_at: datetime) -> int:
    """The channel does not have them, for these reasons: they are due again then. `refused`: it cannot show them."""
    rows = [{"id": due.id, "lease": due.lease, "problem": said[:255]} for due, said in problems.items()]
    values = {"rows": as_json(rows), "refused": refused, "due_at": due_at}
    return fetch_one(_PUT_BACK, values)[0] if rows else 0
