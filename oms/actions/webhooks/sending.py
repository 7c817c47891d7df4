"""Sending what is queued: leased, called from threads with no transaction open, recorded together.

One thread of ours speaks with the database, for all; the others only wait for partners. Who answers slowly or not at
all has a lane of its own, so that it keeps nobody else waiting.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import httpx
from django.conf import settings

from oms.actions.webhooks.calling import SECONDS, call_endpoint
from oms.actions.webhooks.leasing import Lane, lease_webhooks
from oms.actions.webhooks.messages import write_bodies
from oms.actions.webhooks.queueing import limits_of
from oms.actions.webhooks.recording import Attempt, record_attempts
from oms.models import WebhookDelivery, WebhookEndpoint
from oms.outside import Resolve, open_client, resolve
from oms.policies.webhooks import Outcome
from oms.signing import read_key, sign_message

PAUSE = 0.1
"""Seconds after which new messages are looked for while others are underway."""
GATHERING = 0.02
"""So long those that end next are waited for, to be recorded together."""
BETWEEN_PREPARATIONS = timedelta(milliseconds=250)
SHIFT = timedelta(seconds=50)
"""After so long the next sender takes over: nobody's process grows old with it."""

Clock = Callable[[], datetime]


class Sender:
    """One run of one lane. It ends when nothing is due and nothing is underway."""

    def __init__(self, lane: Lane, *, clock: Clock, lookup: Resolve = resolve) -> None:
        self._lane, self._clock, self._lookup = lane, clock, lookup
        self._underway: dict[Future[tuple[Outcome, datetime]], WebhookDelivery] = {}
        self._clients: dict[int, httpx.Client] = {}

    def run(self, *, before_each: Callable[[datetime], object] = lambda at: None) -> int:
        """How many attempts were made. `before_each` is called with the time now and then."""
        made, ends_at = 0, self._clock() + SHIFT
        prepare_at = self._clock()
        with ThreadPoolExecutor(self._lane.threads, thread_name_prefix="webhook") as pool:
            try:
                while True:
                    at = self._clock()
                    if at >= prepare_at:
                        prepare_at = at + BETWEEN_PREPARATIONS
                        before_each(at)
                    if at < ends_at:
                        made += self._start(pool, at=at)
                    if not self._underway:
                        return made
                    self._finish()
            finally:
                self._close()

    def _start(self, pool: ThreadPoolExecutor, *, at: datetime) -> int:
        free = self._lane.threads - len(self._underway)
        leased = lease_webhooks(self._lane, at=at, limit=free) if free else []
        bodies = write_bodies([(each.event, limits_of(each.endpoint)) for each in leased], at=at)
        for delivery, body in zip(leased, bodies, strict=True):
            client = self._client_of(delivery.endpoint)
            self._underway[pool.submit(_call, client, delivery, body, self._clock)] = delivery
        return len(leased)

    def _finish(self) -> None:
        if wait(self._underway, timeout=PAUSE, return_when=FIRST_COMPLETED).done:
            wait(self._underway, timeout=GATHERING)
        done = [future for future in self._underway if future.done()]
        attempts = []
        for future in done:
            outcome, at = future.result()
            dice = random.random()  # noqa: S311 - jitter, not a secret
            attempts.append(Attempt(self._underway.pop(future), outcome, at, dice))
        if attempts:
            record_attempts(attempts)

    def _client_of(self, endpoint: WebhookEndpoint) -> httpx.Client:
        """One an address and run: connections are used again, and never by another address."""
        if endpoint.pk not in self._clients:
            self._clients[endpoint.pk] = open_client(
                timeout=SECONDS, allow_private=settings.CALL_PRIVATE_ADDRESSES, lookup=self._lookup
            )
        return self._clients[endpoint.pk]

    def _close(self) -> None:
        for client in self._clients.values():
            client.close()


def send_webhooks(
    lane: Lane,
    *,
    clock: Clock,
    lookup: Resolve = resolve,
    before_each: Callable[[datetime], object] = lambda at: None,
) -> int:
    """Send until nothing is due in this lane; how many attempts were made. Must run outside of a transaction."""
    return Sender(lane, clock=clock, lookup=lookup).run(before_each=before_each)


def _call(client: httpx.Client, delivery: WebhookDelivery, body: bytes, clock: Clock) -> tuple[Outcome, datetime]:
    """In a thread that has no database. Whatever breaks is an outcome: the others must go on."""
    at = clock()
    try:
        keys = keys_of(delivery.endpoint, at=at)
        headers = sign_message(body, keys, message_id=delivery.message_id, at=at)
        outcome = call_endpoint(client, delivery.endpoint.url, headers=headers, body=body, at=at)
    except Exception as error:
        outcome = Outcome(None, f"It could not be sent ({type(error).__name__}).")
    return outcome, clock()


def keys_of(endpoint: WebhookEndpoint, *, at: datetime) -> Sequence[bytes]:
    """The new key first; the old one beside it while it is kept."""
    kept = endpoint.previous_secret and endpoint.previous_secret_until and at < endpoint.previous_secret_until
    secrets: Iterable[str] = [endpoint.secret, *([endpoint.previous_secret] if kept else [])]
    return [read_key(secret) for secret in secrets]
