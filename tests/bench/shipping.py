"""What a warehouse does: `python -m tests.bench.shipping`, told by a line of JSON where a partner listens.

The edit windows of all its orders run out at once. As soon as parcels have their labels they are sent, a hundred at a
time. It ends when all is sent and everybody knows, and says when each step was done for all.
"""

import json
import sys
import time
from base64 import b64encode
from datetime import timedelta
from typing import Any

import tests.bench.django_ready  # noqa: F401

# isort: split
from django.utils import timezone

from oms.bell import call_worker
from oms.models import Delivery, Message
from oms.sql import fetch_one
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.models import Fulfillment, Hold, Label, Order, Shipment, WriteBack, WriteBackTarget
from tests.bench.terrain import CHANNEL

AT_ONCE = 100
PATIENCE = 120.0  # seconds
MOMENT = 0.05

# Each step by the orders or parcels for which it is still to be done. The partner does not acknowledge what it hears,
# and until it does it is not told of an order's second parcel: so it is counted by orders.
_LEFT = """
SELECT (SELECT count(*) FROM orders_order WHERE channel_id = %(channel)s AND status = 'HELD'),
       (SELECT count(*) FROM orders_order WHERE channel_id = %(channel)s AND routed_at IS NULL),
       (SELECT count(*) FROM orders_order WHERE channel_id = %(channel)s AND status <> 'CLOSED'),
       (SELECT count(*) FROM orders_shipment) - (SELECT count(*) FROM oms_message WHERE kind = 'shipped'),
       (SELECT count(*) FROM orders_shipment)
       - (SELECT count(*) FROM oms_message WHERE kind = 'shipped' AND state = 'SENT'),
       (SELECT count(DISTINCT order_id) FROM orders_shipment JOIN orders_fulfillment f ON f.id = fulfillment_id)
       - (SELECT count(DISTINCT order_id) FROM orders_writeback WHERE kind = 'FULFILLMENT' AND sent_at IS NOT NULL)
"""
STEPS = ("released", "routed", "shipped", "mails written", "mails sent", "channel told")


def work(partner: str) -> dict[str, Any]:
    kind, secret = WriteBackTarget.Kind.PARTNER, f"whsec_{b64encode(b'a secret of at least 24 bytes').decode()}"
    WriteBackTarget.objects.create(code="partner", name="Partner", kind=kind, url=partner, secret=secret)
    orders = Order.objects.filter(channel__code=CHANNEL)
    asked = {"channel": orders.values_list("channel_id", flat=True)[0]}
    windows = Hold.objects.filter(order__in=orders, reason=Hold.Reason.EDIT_WINDOW)
    windows.update(until=timezone.now() - timedelta(seconds=1))
    done: dict[str, float] = {}

    began = time.perf_counter()
    call_worker("orders.tasks.release_due")
    while len(done) < len(STEPS):
        sent = send_labelled()
        left = dict(zip(STEPS, fetch_one(_LEFT, asked), strict=True))
        for step in STEPS:
            if not left[step] and all(before in done for before in STEPS[: STEPS.index(step)][:3]):
                done.setdefault(step, time.perf_counter() - began)
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"{left}; {_describe_trouble()}")
        time.sleep(0 if sent else MOMENT)
    parcels = Shipment.objects.count()
    return {"orders": orders.count(), "parcels": parcels, "seconds": max(done.values()), "steps": done}


def send_labelled() -> int:
    """Send some of what has its label; how many."""
    live = Fulfillment.objects.filter(status=Fulfillment.Status.OPEN, labels__state=Label.State.BOUGHT)
    numbers = list(live.order_by("id").values_list("number", flat=True)[:AT_ONCE])
    if numbers:
        ship_fulfillments([Dispatch(number=number) for number in numbers], by="bench", at=timezone.now())
    return len(numbers)


def _describe_trouble() -> dict[str, list[str]]:
    found = {
        "deliveries": Delivery.objects.exclude(last_error="").values_list("last_error", flat=True),
        "labels": Label.objects.exclude(last_error="").values_list("last_error", flat=True),
        "mails": Message.objects.exclude(last_error="").values_list("last_error", flat=True),
        "write-backs": WriteBack.objects.exclude(last_error="").values_list("last_error", flat=True),
    }
    return {name: list(errors[:2]) for name, errors in found.items()}


if __name__ == "__main__":
    print(json.dumps(work(json.loads(sys.stdin.readline())["partner"])))
