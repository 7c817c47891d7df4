"""What money and new orders do when a return is decided on, moves, comes, or is given up: in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from orders.events import OrderCancelled
from orders.models import Order
from returns.actions.advancing import advance_items, settle_without_goods
from returns.actions.locking import lock_return
from returns.actions.remedies.asking import ask_difference
from returns.actions.remedies.shrinking import shrink_new_orders
from returns.choices import Resolution
from returns.errors import AdvanceTooMuch, AdvanceWithheld, LessIsLeft
from returns.events import ReturnApproved, ReturnCanceled, ReturnInTransit, ReturnReceived, ReturnRefused
from returns.models import Return, ReturnItem
from returns.policies.figures import figure
from returns.queries.bargains import read_bargain

AT_ONCE, SCAN, RECEIPT = "AT_ONCE", "SCAN", "RECEIPT"

BY = "rules"


def settle_approved(told: Sequence[ReturnApproved]) -> None:
    """What they keep is given for; an exchange that costs more is asked for; one that goes at once, goes."""
    for event in told:
        if not any(
            item["resolution"] == Resolution.EXCHANGE or not item["needs_goods"] for item in event.facts["items"]
        ):
            continue  # goods are awaited, and money with them
        settle_without_goods(number=event.subject, by=event.by, at=event.at)
        found = lock_return(event.subject)
        _ask_differences(found, by=event.by, at=event.at)
        _let_exchanges_go(found, AT_ONCE, at=event.at)


def advance_scanned(told: Sequence[ReturnInTransit]) -> None:
    for event in told:
        _let_exchanges_go(lock_return(event.subject), SCAN, at=event.at)


def advance_received(told: Sequence[ReturnReceived]) -> None:
    """Only what has come; the rest of the return is still awaited."""
    for event in told:
        _let_exchanges_go(lock_return(event.subject), RECEIPT, at=event.at)


def give_up_new_orders(told: Sequence[ReturnCanceled | ReturnRefused]) -> None:
    """Nothing comes back: what was to be sent instead is free again."""
    for event in told:
        items = ReturnItem.objects.filter(of__number=event.subject, settlement=None, new_order__isnull=False)
        shrink_new_orders(list(items.select_related("new_order")), by=event.by, at=event.at)


def refund_cancelled_exchanges(told: Sequence[OrderCancelled]) -> None:
    """The new order of an exchange was cancelled: its goods are refunded once they are back. Run after the commit."""
    numbers = [event.subject for event in told]
    waiting = ReturnItem.objects.filter(new_order__number__in=numbers, settlement=None)
    for number in sorted(set(waiting.values_list("of__number", flat=True))):
        _turn_to_refund(number, numbers)


@transaction.atomic
def _turn_to_refund(number: str, cancelled: Sequence[str]) -> None:
    found = lock_return(number)
    if found.status in (Return.Status.OPEN, Return.Status.REQUESTED):
        waiting = found.items.filter(new_order__number__in=cancelled, settlement=None)
        waiting.update(resolution=Resolution.REFUND, exchange_variant=None, new_order=None)


def _ask_differences(found: Return, *, by: str, at: datetime) -> None:
    """The customer can pay what the new goods cost more while the old ones travel."""
    bargain = read_bargain(found)
    by_order: dict[int, list[ReturnItem]] = {}
    for item in found.items.filter(new_order__isnull=False, settlement=None).order_by("id"):
        assert item.new_order_id is not None
        by_order.setdefault(item.new_order_id, []).append(item)
    for new in Order.objects.filter(id__in=by_order).select_related("channel").order_by("id"):
        value = sum((item.value for item in by_order[new.pk]), bargain.value * 0)
        missing = new.balance.amount - figure(bargain, value).given
        if missing > 0:
            locked = Order.objects.locked(new.number)
            ask_difference(locked, missing, by=by, at=at)


def _let_exchanges_go(found: Return, moment: str, *, at: datetime) -> None:
    """As the setting says, and as far as may be risked; else they wait for the inspection."""
    if moment != settings.RETURN_EXCHANGE_GOES or found.status != Return.Status.OPEN:
        return
    waiting = found.items.filter(resolution=Resolution.EXCHANGE, settlement=None)
    if moment == RECEIPT:
        waiting = waiting.filter(reception=ReturnItem.Reception.RECEIVED)
    items = list(waiting.filter(acceptance=ReturnItem.Acceptance.PENDING).select_related("line", "new_order"))
    try:
        with transaction.atomic():
            advance_items(found, items, by=BY, at=at)
    except (AdvanceTooMuch, AdvanceWithheld, LessIsLeft):
        found.order.refresh_from_db()
