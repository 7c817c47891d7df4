"""Everything that placing a batch of orders must know beforehand, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from inventory.policies.thresholds import Threshold
from oms.sql import fetch_one
from orders.channels.incoming import IncomingOrder


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What placing asks of a channel."""

    id: int
    code: str
    active: bool
    already_sold: bool
    edit_window_minutes: int
    self_service_share: int


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What placing asks of a SKU; `available` to new buyers (not owed to those who wait), read without a lock.

    `velocity` in units a day as of `velocity_at`, the thresholds in units and in days of cover.
    """

    id: int
    divisible: bool
    title: str
    available: Decimal
    low: bool
    velocity: float
    velocity_at: datetime | None
    threshold: Threshold
    category_id: int | None
    tags: Sequence[str]


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that is here already."""

    id: int
    number: str
    channel_updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class References:
    """The answer; customers are (id, tier) by e-mail, `edition` is that of the edit window rules, `moments` are those
    of purchase, and `asked` what higher apps asked about them, by name.

    Ids in `order_ids`, `line_ids`, `address_ids` and `customer_ids` are fresh and belong to this batch.
    """

    channels: dict[str, ChannelFacts]
    variants: dict[str, VariantFacts]
    customers: dict[str, tuple[int, str]]
    edition: int | None
    known: dict[tuple[str, str], KnownOrder]
    order_ids: list[int]
    line_ids: list[int]
    address_ids: list[int]
    customer_ids: list[int]
    moments: list[datetime]
    asked: Mapping[str, Any]


# `+ 0` keeps the planner from finding orders by their channel, which in a young database looks selective and is not.
_LOOK_UP = """
SELECT
    (SELECT json_agg(json_build_array(id, code, active, already_sold, edit_window_minutes, self_service_share))
     FROM oms_channel WHERE code = ANY(%(channels)s::text[])),
    (SELECT json_agg(json_build_array(v.sku, v.id, v.divisible, p.title, (a.sellable - a.promised - coalesce((
        SELECT sum(queue.quantity) FROM inventory_reservation queue
        WHERE queue.variant_id = v.id AND queue.state = 'SHORT'
     ), 0))::text, a.low, a.velocity, a.velocity_at, a.threshold_units, a.threshold_days, p.category_id, p.tags))
     FROM inventory_variant v
     JOIN inventory_availability a ON a.variant_id = v.id
     JOIN inventory_product p ON p.id = v.product_id
     WHERE v.sku = ANY(%(skus)s::text[])),
    (SELECT json_object_agg(email, json_build_array(id, tier))
     FROM orders_customer WHERE email = ANY(%(emails)s::text[])),
    (SELECT json_agg(json_build_array(c.code, o.external_id, o.id, o.number, o.channel_updated_at))
     FROM unnest(%(order_channels)s::text[], %(order_external_ids)s::text[]) AS wanted(channel, external_id)
     JOIN oms_channel c ON c.code = wanted.channel
     JOIN orders_order o ON o.external_id = wanted.external_id AND o.channel_id + 0 = c.id),
    (SELECT max(id) FROM orders_windowruleset),
    (SELECT array_agg(nextval('orders_order_id_seq')) FROM generate_series(1, %(orders)s)),
    (SELECT array_agg(nextval('orders_orderline_id_seq')) FROM generate_series(1, %(lines)s)),
    (SELECT array_agg(nextval('orders_address_id_seq')) FROM generate_series(1, %(addresses)s)),
    (SELECT array_agg(nextval('orders_customer_id_seq')) FROM generate_series(1, %(customers)s)),
    {asked}
"""

_questions: dict[str, str] = {}


def ask_along(name: str, expression: str) -> None:
    """Say what a higher app must know of orders that are about to be placed: a JSON expression over the parameters
    `skus` and `moments`. The statement is sent anyway.

    Only `config/wiring.py` says so, once, when the project starts.
    """
    _questions[name] = expression
    _whole.cache_clear()


@cache
def _whole() -> str:
    asked = ", ".join(f"'{name}', ({expression})" for name, expression in _questions.items())
    return _LOOK_UP.replace("{asked}", f"json_build_object({asked})")


def look_up_references(incoming: Sequence[IncomingOrder], *, fresh_ids: bool = True) -> References:
    """Channels, SKUs, customers and orders that the batch names, and fresh ids for what it will write."""
    emails = list({order.email for order in incoming if order.email})
    moments = list({order.placed_at for order in incoming})
    parameters = {
        "channels": list({order.channel for order in incoming}),
        "skus": list({line.sku for order in incoming for line in order.lines if line.kind == "PRODUCT"}),
        "emails": emails,
        "order_channels": [order.channel for order in incoming],
        "order_external_ids": [order.external_id for order in incoming],
        "moments": moments,
        "orders": len(incoming) if fresh_ids else 0,
        "lines": sum(len(order.lines) for order in incoming) if fresh_ids else 0,
        "addresses": sum(2 if order.billing_address else 1 for order in incoming) if fresh_ids else 0,
        "customers": len(emails) if fresh_ids else 0,
    }
    return _references(fetch_one(_whole(), parameters), moments)


def _references(row: tuple[Any, ...], moments: list[datetime]) -> References:
    channels, variants, customers, known, edition, *fresh, asked = row
    order_ids, line_ids, address_ids, customer_ids = (ids or [] for ids in fresh)
    return References(
        channels={code: ChannelFacts(id_, code, *rest) for id_, code, *rest in channels or ()},
        variants={sku: _variant(*columns) for sku, *columns in variants or ()},
        customers={email: (id_, tier) for email, (id_, tier) in (customers or {}).items()},
        edition=edition,
        known={
            (channel, external_id): KnownOrder(id_, number, datetime.fromisoformat(moment) if moment else None)
            for channel, external_id, id_, number, moment in known or ()
        },
        order_ids=order_ids,
        line_ids=line_ids,
        address_ids=address_ids,
        customer_ids=customer_ids,
        moments=moments,
        asked=asked,
    )


def _variant(id_: int, divisible: bool, title: str, available: str, *stock: Any) -> VariantFacts:
    low, velocity, velocity_at, units, days, category_id, tags = stock
    return VariantFacts(
        id=id_,
        divisible=divisible,
        title=title,
        available=Decimal(available),
        low=low,
        velocity=velocity,
        velocity_at=datetime.fromisoformat(velocity_at) if velocity_at else None,
        threshold=Threshold(units, days),
        category_id=category_id,
        tags=tags,
    )
