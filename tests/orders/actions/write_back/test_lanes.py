"""Many messages at once: each target has lanes of its own, and one that hangs or is down holds up nobody else."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from orders.actions.write_back.leasing import lease_due
from orders.actions.write_back.sending import send_due_write_backs
from orders.models import Order, WriteBack, WriteBackTarget
from tests.fakes.partner_server import PartnerServer
from tests.fakes.serving import BROKEN, Answered, Asked, Trouble
from tests.make.moments import NOON, ONE_MINUTE
from tests.make.orders import placed_order
from tests.make.statements import commits_made
from tests.make.stock import stocked_variant
from tests.make.write_backs import queued, target

pytestmark = pytest.mark.django_db(transaction=True)

State = WriteBack.State


class CountingServer(PartnerServer):
    """Remembers how many it heard at the same time."""

    def __init__(self) -> None:
        super().__init__(now=NOON)
        self.most, self.now_open, self._counting = 0, 0, threading.Lock()

    def answer(self, asked: Asked) -> Answered:
        return super().answer(asked)

    def _serve(self, handler, asked) -> None:
        with self._counting:
            self.now_open += 1
            self.most = max(self.most, self.now_open)
        super()._serve(handler, asked)
        with self._counting:
            self.now_open -= 1


@pytest.fixture(autouse=True)
def private_addresses(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


@pytest.fixture
def partners() -> Iterator[list[CountingServer]]:
    """Two of them."""
    with ExitStack() as stack:
        servers = [stack.enter_context(CountingServer()) for _ in range(2)]
        for place, server in enumerate(servers):
            target("PARTNER", server.url, code=f"partner-{place}")
        yield servers


def told(count: int) -> list[Order]:
    stocked_variant(on_hand=count)
    orders = [placed_order() for _ in range(count)]
    for order in orders:
        queued(order)
    return orders


def states(code: str) -> list[str]:
    return list(WriteBack.objects.filter(target__code=code).order_by("id").values_list("state", flat=True))


def send() -> int:
    return send_due_write_backs(clock=lambda: NOON)


def test_what_waits_for_two_partners_reaches_both_once(partners):
    told(20)

    assert send() == 40
    assert send() == 0

    assert [len(server.taken) for server in partners] == [20, 20]
    assert {times for server in partners for times in server.times_seen.values()} == {1}
    assert {*states("partner-0"), *states("partner-1")} == {State.SENT}


def test_no_partner_hears_more_at_once_than_it_bears(partners):
    for server in partners:
        server.have_trouble(*[Trouble(slow=0.02)] * 30)
    told(30)

    send()

    assert [2 <= server.most <= 8 for server in partners] == [True, True]


def test_a_partner_that_is_down_rests_and_what_was_not_tried_counts_no_attempt(partners):
    partners[0].have_trouble(*[BROKEN] * 30)
    told(30)

    send()

    tried = WriteBack.objects.filter(target__code="partner-0", attempts__gt=0).count()
    assert 1 <= tried <= 8
    assert set(states("partner-0")) == {State.WAITING}
    assert set(states("partner-1")) == {State.SENT}
    assert not WriteBack.objects.exclude(leased_until=None).exists()
    assert WriteBackTarget.objects.get(code="partner-0").paused_until > NOON


def test_what_a_partner_answers_is_written_down_while_another_hangs(partners):
    partners[0].have_trouble(Trouble(slow=1.0))
    told(1)
    seen = []

    def watch() -> None:
        for _ in range(40):
            if states("partner-1") == [State.SENT]:
                seen.append(states("partner-0"))
                return
            threading.Event().wait(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    send()
    watcher.join()

    assert seen == [[State.WAITING]]


def test_a_message_that_cannot_even_be_written_stops_nobody(partners):
    first, _ = told(2)
    WriteBack.objects.filter(order=first, target__code="partner-0").update(body={})

    send()

    assert states("partner-0") == [State.FAILED, State.SENT]
    assert "could not be written" in WriteBack.objects.get(state=State.FAILED).last_error


def test_many_answers_are_written_down_in_few_commits(partners):
    told(30)

    with commits_made() as commits:
        send()

    assert len(commits) < 30


def test_one_target_never_takes_all_places_of_a_round(partners):
    told(6)
    WriteBack.objects.filter(target__code="partner-1").update(run_after=NOON + ONE_MINUTE)

    batch = lease_due(at=NOON + ONE_MINUTE, limit=8, each=4)

    codes = [message.target.code for message in batch]
    assert (codes.count("partner-0"), codes.count("partner-1")) == (4, 4)
