"""Deciding where a return goes, and writing down why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from returns.choices import Method
from returns.models import Return, ReturnItem, ReturnNode
from returns.policies.nodes import Bid, choose_node, say_bid
from returns.queries.nodes import Load, Node, read_load, read_nodes, reckon_places


def place_return(found: Return, items: Sequence[ReturnItem], *, at: datetime) -> ReturnNode | None:
    """The node it goes to, written on the return with what each would have cost. The return must be locked.

    A shop that has set up none has its goods come back to the warehouse that sent them. None: nobody can take it.
    """
    load = read_load(found.order_id, units_to_come(items), at=at)
    nodes = read_nodes()
    if not nodes:
        found.node = _open_first(load)
        return _write(found, [], at=at)

    places = reckon_places(nodes, load, at=at)
    bids = choose_node(places, country=load.country, in_store=found.method == Method.IN_STORE)
    by_code = {node.code: node for node in nodes}
    chosen = next((by_code[bid.place.code] for bid in bids if bid.chosen), None)
    found.node_id = chosen.id if chosen else None
    return _write(found, [describe_bid(bid, by_code[bid.place.code]) for bid in bids], at=at)


def units_to_come(items: Sequence[ReturnItem]) -> dict[int, Decimal]:
    """Units that are still to be sent, by the id of their line."""
    units: dict[int, Decimal] = {}
    for item in items:
        if item.needs_goods and item.line_id and item.reception == ReturnItem.Reception.AWAITING:
            units[item.line_id] = units.get(item.line_id, Decimal(0)) + item.quantity
    return units


def describe_bid(bid: Bid, node: Node) -> dict[str, Any]:
    """As `Return.node_reasons` keeps it, in the shop's currency."""
    place = bid.place
    amounts: Mapping[str, Decimal | None] = {
        "freight": place.freight,
        "duty": place.duty,
        "handling": place.handling,
        "resale": place.resale,
        "total": place.cost,
    }
    return {
        "node": place.code,
        "name": node.name,
        "kind": place.kind,
        "currency": settings.SHOP_CURRENCY,
        "chosen": bid.chosen,
        "why_not": bid.why_not,
        "sentence": say_bid(bid, name=node.name, currency=settings.SHOP_CURRENCY),
        **{name: None if amount is None else str(amount) for name, amount in amounts.items()},
    }


def _open_first(load: Load) -> ReturnNode | None:
    if load.sender is None:
        return None
    node, _ = ReturnNode.objects.get_or_create(
        warehouse_id=load.sender, defaults={"currency": settings.SHOP_CURRENCY, "kind": ReturnNode.Kind.WAREHOUSE}
    )
    return node


def _write(found: Return, reasons: Sequence[Mapping[str, Any]], *, at: datetime) -> ReturnNode | None:
    found.node_reasons = list(reasons)
    found.touch("node", "node_reasons", at=at)
    return found.node
