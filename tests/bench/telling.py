"""`python -m tests.bench.telling SECONDS URL…`: what the worker does for webhooks, each second as its schedule says."""

import tests.bench.django_ready  # noqa: F401

# isort: split
import sys
import time
from datetime import timedelta

from django.utils import timezone

from oms.actions.webhooks.managing import Wish, add_endpoint
from oms.resources import Limits
from oms.tasks import send_fast_webhooks, send_slow_webhooks

EVERY = 1.0


def main() -> None:
    seconds, *urls = sys.argv[1:]
    for url in urls:
        add_endpoint(wish=Wish(url), limits=Limits(), by="bench", at=timezone.now() - timedelta(seconds=1))
    print("ready", flush=True)
    ends_at = time.monotonic() + float(seconds)
    while time.monotonic() < ends_at:
        began = time.monotonic()
        send_fast_webhooks()
        send_slow_webhooks()
        time.sleep(max(0.0, began + EVERY - time.monotonic()))


if __name__ == "__main__":
    main()
