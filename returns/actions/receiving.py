"""Goods at the door: laid beside what was announced. What is unexpected waits for a person; nothing is refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inventory.models import Variant
from oms import events
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.returning import claim_units
from orders.errors import NotThatManySent
from returns.actions.deciding import reopen_return
from returns.actions.locking import lock_return
from returns.actions.splitting import split_item
from returns.actions.straying import note_stray
from returns.choices import Resolution
from returns.events import ReturnReceived
from returns.models import Return, ReturnItem, ReturnNode
from returns.policies.amounts import NOTHING
from returns.policies.receiving import Arrived, Awaited, Match, match_arrivals

Reception = ReturnItem.Reception

_AWAITED = (Reception.AWAITING, Reception.IN_TRANSIT, Reception.LOST, Reception.CANCELED)


@transactional
def receive_return(
    *, number: str, arrivals: Sequence[Arrived], node: ReturnNode | None = None, by: str, at: datetime
) -> Return:
    """Note what came. Less, more and something else than announced are normal: what nobody announced is surplus.

    What came before by the same item is not received again. Goods of a closed return open it again; those of one that
    was declined or canceled are a stray parcel. `node`: where they came, if not where they were sent.

    Raises:
        ReturnNotFound
    """
    found = lock_return(number)
    if found.status in (Return.Status.DECLINED, Return.Status.CANCELED):
        contents = [{"sku": each.sku, "quantity": plain(each.quantity), "note": each.note} for each in arrivals]
        note = f"Return {number} was {found.status.lower()}."
        note_stray(code=number, items=contents, node=node or found.node, note=note, by=by, at=at)
        return found

    items = {item.pk: item for item in found.items.select_related("line", "variant").order_by("id")}
    for item in items.values():
        item.of = found
    matches = match_arrivals([_awaited(item) for item in items.values()], arrivals)
    if not matches:
        return found
    if found.status == Return.Status.CLOSED:
        found = reopen_return(number=number, because="Goods came after all.", by=by, at=at)
    received = [*_receive_announced(found, items, matches, by=by, at=at), *_add_surplus(found, matches, by=by, at=at)]
    found.moved_at, found.received_at = found.moved_at or at, found.received_at or at
    found.node = node or found.node
    found.touch("moved_at", "received_at", "node", at=at)
    events.publish([_tell(found, received, by=by, at=at)])
    return found


def _awaited(item: ReturnItem) -> Awaited:
    sku = item.variant.sku if item.variant else item.line.sku if item.line else ""
    return Awaited(item.pk, sku, item.quantity, here=item.reception not in _AWAITED)


def _receive_announced(
    found: Return, items: dict[int, ReturnItem], matches: Sequence[Match], *, by: str, at: datetime
) -> list[ReturnItem]:
    received = []
    for match in matches:
        if match.item is None:
            continue
        item = items[match.item]
        if match.quantity < item.quantity:
            split_item(item, item.quantity - match.quantity)  # what did not come goes on being awaited
        _expect_again(item, at=at)
        item.received_at, item.received_by = at, by
        item.finding = match.note or item.finding
        received.append(item)
    update_rows(received, _COLUMNS)
    return received


_COLUMNS = [
    *("reception", "received_at", "received_by", "finding", "line_id", "value", "tax"),
    *("resolution", "exchange_variant_id", "new_order_id"),
]


def _expect_again(item: ReturnItem, *, at: datetime) -> None:
    """Units that were not expected any more speak for their line again; where others do by now, they are surplus."""
    if item.reception == Reception.CANCELED and item.line_id is not None:
        try:
            claim_units(item.of.order, {item.line_id: item.quantity}, at=at)
        except NotThatManySent:
            item.reception, item.line, item.value, item.tax = Reception.SURPLUS, None, NOTHING, NOTHING
            item.resolution, item.exchange_variant, item.new_order = Resolution.REFUND, None, None
            return
    item.reception = Reception.RECEIVED


def _add_surplus(found: Return, matches: Sequence[Match], *, by: str, at: datetime) -> list[ReturnItem]:
    surplus = [match for match in matches if match.item is None]
    variants = {variant.sku: variant for variant in Variant.objects.of_skus([match.sku for match in surplus])}
    rows = [
        ReturnItem(
            of=found,
            variant=variants.get(match.sku),
            quantity=match.quantity,
            resolution=Resolution.REFUND,
            reception=Reception.SURPLUS,
            finding=" ".join(filter(None, [match.sku if match.sku not in variants else "", match.note])),
            received_at=at,
            received_by=by,
        )
        for match in surplus
    ]
    return ReturnItem.objects.bulk_create(rows)


def _tell(found: Return, received: Sequence[ReturnItem], *, by: str, at: datetime) -> ReturnReceived:
    facts = {
        "order": found.order.number,
        "node": found.node.warehouse.code if found.node else "",
        "items": [_describe(item) for item in received],
    }
    return ReturnReceived(subject=found.number, by=by, at=at, facts=facts)


def _describe(item: ReturnItem) -> dict[str, Any]:
    return {
        "item": item.pk,
        "sku": item.variant.sku if item.variant else "",
        "quantity": plain(item.quantity),
        "reception": item.reception,
    }
