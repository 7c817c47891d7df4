"""What orders do when inventory tells of stock: hold who lost a promise, free who got one, retry who had no SKU."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F

from inventory.events import ProductCreated, StockRanShort, WaitingStockPromised
from inventory.models import Reservation
from oms import events
from oms.writing import insert_rows
from orders.actions.holding import close_holds
from orders.actions.intake.taking import retry_messages
from orders.actions.releasing import release_if_free
from orders.events import OrderHeld
from orders.models import Hold, Order, QuarantinedMessage


def hold_short_orders(told: Sequence[StockRanShort]) -> None:
    """Together with the count that found less: the orders that lost their promise are held."""
    skus: dict[str, list[str]] = defaultdict(list)
    for event in told:
        for reference in event.facts["references"]:
            skus[reference].append(event.subject)
    event = told[0]
    orders = list(
        Order.objects.filter(number__in=skus, status__in=[Order.Status.HELD, Order.Status.RELEASED])
        .order_by("id")
        .select_for_update(no_key=True)
    )
    held = set(
        Hold.objects.filter(order__in=orders, reason=Hold.Reason.STOCK_SHORT, closed_at=None).values_list(
            "order_id", flat=True
        )
    )
    new = [order for order in orders if order.pk not in held]
    details = {
        o.number: f"A count found less than was promised of {', '.join(sorted(skus[o.number]))}."[:255] for o in new
    }
    insert_rows({Hold: [_hold_row(order, details[order.number], event) for order in new]})
    Order.objects.filter(id__in=[order.pk for order in new]).update(
        status=Order.Status.HELD, released_at=None, updated_at=event.at, version=F("version") + 1
    )
    facts = {number: {"reason": Hold.Reason.STOCK_SHORT, "detail": detail} for number, detail in details.items()}
    events.publish([OrderHeld(subject=n, by=event.by, at=event.at, facts=fact) for n, fact in facts.items()])


def free_promised_orders(told: Sequence[WaitingStockPromised]) -> None:
    """After stock arrived: an order with nothing left to wait for loses its STOCK_SHORT hold."""
    numbers = {reference for event in told for reference in event.facts["references"]}
    by, at = told[-1].by, told[-1].at
    held = Order.objects.filter(number__in=numbers, status=Order.Status.HELD).order_by("id")
    orders = list(held.select_for_update(no_key=True))
    # Looked at under the locks: a count in the meantime may have taken the promise back.
    short = Reservation.objects.filter(reference__in=numbers, state=Reservation.State.SHORT)
    waiting = set(short.values_list("reference", flat=True))
    for order in orders:
        if order.number not in waiting and close_holds(order, reasons=[Hold.Reason.STOCK_SHORT], by=by, at=at):
            release_if_free(order, by=by, at=at)


def retry_unknown_skus(told: Sequence[ProductCreated]) -> None:
    """After a product entered the catalogue: messages that named its SKUs are tried again."""
    skus = {sku for event in told for sku in event.facts["skus"]}
    waiting = QuarantinedMessage.objects.open().filter(reason="unknown_sku").values_list("id", "detail")
    ids = [message_id for message_id, detail in waiting if any(sku in detail for sku in skus)]
    retry_messages(ids=ids, by="system", at=told[-1].at)


def _hold_row(order: Order, detail: str, event: StockRanShort) -> dict[str, object]:
    return {
        "order_id": order.pk,
        "reason": Hold.Reason.STOCK_SHORT,
        "detail": detail,
        "opened_at": event.at,
        "opened_by": event.by,
    }
