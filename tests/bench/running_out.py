"""Let all edit windows run out and release their orders, as the worker does: `python -m tests.bench.running_out`."""

import json
import time

import tests.bench.django_ready  # noqa: F401

# isort: split
from datetime import timedelta

from django.utils import timezone

from orders.models import Hold, Order
from orders.tasks import release_due

if __name__ == "__main__":
    windows = Hold.objects.filter(reason=Hold.Reason.EDIT_WINDOW, closed_at=None)
    windows.update(until=timezone.now() - timedelta(minutes=1))
    before = Order.objects.filter(status=Order.Status.RELEASED).count()
    started = time.perf_counter()
    release_due()
    seconds = time.perf_counter() - started
    after = Order.objects.filter(status=Order.Status.RELEASED).count()
    print(json.dumps({"seconds": seconds, "released": after - before}))
