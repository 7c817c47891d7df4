"""Partners' addresses, and what is sent to them, at a time of our own."""

from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from oms.actions.webhooks.leasing import FAST, SLOW
from oms.actions.webhooks.managing import Wish, add_endpoint
from oms.actions.webhooks.queueing import queue_events
from oms.actions.webhooks.replaying import continue_replays
from oms.actions.webhooks.sending import send_webhooks
from oms.events import Event, publish
from oms.models import WebhookDelivery, WebhookEndpoint
from oms.resources import Limits
from orders.events import OrderHeld, OrderReleased
from tests.fakes.receiver import Receiver
from tests.make.moments import ADA, NOON


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


def endpoint(
    url: str = "https://partner.example/hooks", *types: str, limits: Limits | None = None, at: datetime = NOON
) -> WebhookEndpoint:
    """An address that hears of everything, unless types are named."""
    return add_endpoint(wish=Wish(url, types or ("*",)), limits=limits or Limits(), by=ADA, at=at)


def announce(*subjects: str, cls: type[Event] = OrderHeld, at: datetime = NOON, **facts: Any) -> None:
    """One event each, in one transaction."""
    with transaction.atomic():
        publish([cls(subject=subject, by=ADA, at=at, facts=facts) for subject in subjects])


def announce_story(subject: str, length: int, *, at: datetime = NOON) -> None:
    """Several events of one subject, one after the other."""
    for place in range(length):
        announce(subject, cls=OrderReleased if place % 2 else OrderHeld, at=at)


def send_due(clock: Clock) -> int:
    """Queue and send whatever is due, until nothing is; how many attempts were made."""
    queue_events(at=clock())
    continue_replays(at=clock())
    made = 0
    while sent := sum(send_webhooks(lane, clock=clock) for lane in (FAST, SLOW)):
        made += sent
    return made


@contextmanager
def told_partner(*types: str, limits: Limits | None = None):
    """An address with its receiver behind it."""
    with ExitStack() as stack:
        receiver = stack.enter_context(Receiver())
        made = endpoint(f"{receiver.url}/hooks", *types, limits=limits)
        receiver.secret = made.secret
        yield made, receiver


def states(of: WebhookEndpoint) -> Sequence[str]:
    """Of all deliveries of an address, in the order in which they were queued."""
    return list(WebhookDelivery.objects.filter(endpoint=of).order_by("id").values_list("state", flat=True))
