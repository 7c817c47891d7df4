"""Confirming new orders by mail, for channels whose shop does not.

Found by looking, not announced while orders are placed: that path is hot, and most channels confirm themselves.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from oms import events
from oms.models import EventRecord
from oms.transactions import transactional
from orders.events import OrderConfirmed
from orders.models import Order

YOUNG = timedelta(hours=2)
"""An order that was placed earlier came by an import: its customer has long had a confirmation."""


def is_to_be_confirmed(order: Order, *, at: datetime) -> bool:
    """True when `confirm_orders` will announce it, unless it has."""
    alive = order.status in (Order.Status.HELD, Order.Status.RELEASED)
    return alive and order.channel.confirmation_mail and order.placed_at > at - YOUNG and not order.test


@transactional
def confirm_orders(*, at: datetime, limit: int = 200) -> int:
    """Announce that these orders are to be confirmed, each once; how many there were."""
    confirmed = EventRecord.objects.filter(subject_kind="order", subject=OuterRef("number"), type=OrderConfirmed.type)
    young = Order.objects.filter(
        ~Exists(confirmed),
        channel__confirmation_mail=True,
        placed_at__gt=at - YOUNG,
        test=False,
        status__in=[Order.Status.HELD, Order.Status.RELEASED],
    ).exclude(email="")
    locked = young.order_by("id").select_for_update(no_key=True, of=("self",), skip_locked=True)
    numbers = list(locked.values_list("number", flat=True)[:limit])
    events.publish([OrderConfirmed(subject=number, by="system", at=at) for number in numbers])
    return len(numbers)
