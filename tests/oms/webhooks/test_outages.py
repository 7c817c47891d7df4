"""Bad partners, bad networks, bad moments to die."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connection

from oms.actions.webhooks import calling
from oms.actions.webhooks.leasing import FAST, LEASE
from oms.actions.webhooks.queueing import queue_events
from oms.actions.webhooks.sending import send_webhooks
from oms.models import WebhookDelivery
from tests.fakes.receiver import Receiver
from tests.fakes.serving import Answered, Trouble
from tests.make.moments import NOON, ONE_SECOND
from tests.make.webhooks import Clock, announce, endpoint, send_due, told_partner

pytestmark = pytest.mark.django_db(transaction=True)

HOUSE = Path(__file__).resolve().parents[3]
SEND = """
import django; django.setup()
from datetime import datetime
from oms.actions.webhooks.leasing import FAST
from oms.actions.webhooks.sending import send_webhooks
send_webhooks(FAST, clock=lambda: datetime.fromisoformat("2026-11-21T12:00:00+00:00"))
"""


class Killer(Receiver):
    """Takes the message, and with it the life of whoever sent it."""

    victim: subprocess.Popen

    def answer(self, asked):
        os.kill(self.victim.pid, signal.SIGKILL)
        self.victim.wait()
        return Answered(200, {})


def send_from_a_process_of_its_own():
    here = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    surroundings = os.environ | {
        "DATABASE_URL": here,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CALL_PRIVATE_ADDRESSES": "1",
    }
    return subprocess.Popen([sys.executable, "-c", SEND], env=surroundings, cwd=HOUSE)


def test_a_sender_killed_between_sending_and_noting_it_sends_the_same_id_again():
    with Killer() as killer:
        made = endpoint(f"{killer.url}/hooks")
        announce("1001")
        queue_events(at=NOON)
        killer.victim = send_from_a_process_of_its_own()
        assert killer.victim.wait(30) == -signal.SIGKILL
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, killer.ids) == ("WAITING", 1, [row.message_id])

    with Receiver(secret=made.secret) as receiver:
        type(made).objects.update(url=f"{receiver.url}/hooks")
        assert send_due(Clock()) == 0, "somebody may still hold it"
        assert send_due(Clock(NOON + LEASE + ONE_SECOND)) == 1
    assert receiver.ids == killer.ids
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("DELIVERED", 2)


def test_an_answer_that_comes_after_the_lease_was_given_away_records_nothing():
    clock = Clock()
    with told_partner() as (_, receiver):
        announce("1001")
        queue_events(at=NOON)

        def steal():
            while not receiver.asked:
                time.sleep(0.005)
            WebhookDelivery.objects.update(lease=99)
            connection.close()

        receiver.have_trouble(Trouble(slow=0.3, done=True))
        thief = threading.Thread(target=steal)
        thief.start()
        send_webhooks(FAST, clock=clock)
        thief.join()
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.lease) == ("WAITING", None, 99)


def test_one_slow_partner_holds_up_nobody_else():
    with told_partner() as (slow, dawdler), told_partner() as (_, brisk):
        dawdler.have_trouble(*[Trouble(slow=0.8, done=True)] * 200)
        for number in range(60):
            announce(str(number))
        queue_events(at=NOON)
        started, arrived = time.monotonic(), []

        def watch():
            while len(brisk.asked) < 60 and time.monotonic() - started < 20:
                time.sleep(0.01)
            arrived.append(time.monotonic() - started)
            type(slow).objects.filter(id=slow.pk).update(
                active=False, switched_off_at=NOON, switched_off_because="ASKED"
            )
            connection.close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        send_webhooks(FAST, clock=Clock())
        watcher.join()
    assert arrived[0] < 5
    assert len(brisk.asked) == 60
    assert len(dawdler.asked) < 60


def test_who_answers_byte_by_byte_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.5)
    with dripping() as port:
        endpoint(f"http://127.0.0.1:{port}/")
        announce("1001")
        started = time.monotonic()
        send_due(Clock())
    assert time.monotonic() - started < 3
    row = WebhookDelivery.objects.get()
    assert (row.status, row.state) == (None, "WAITING")
    assert "did not answer within" in row.error


@contextmanager
def dripping():
    """A server that sends its head one byte at a time, for ever; its port."""

    def drip():
        with listener.accept()[0] as caller, suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
            while True:
                caller.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_garbage_instead_of_an_answer_is_a_failure():
    with Receiver() as receiver:
        receiver._say = lambda handler, answered: handler.wfile.write(b"\x16\x03\x01 what?\r\n\r\n")
        endpoint(f"{receiver.url}/hooks")
        announce("1001")
        send_due(Clock())
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("WAITING", None)
    assert "RemoteProtocolError" in row.error


def test_a_private_address_is_not_called_unless_the_shop_allows_it(settings):
    with told_partner() as (_, receiver):
        settings.CALL_PRIVATE_ADDRESSES = False
        announce("1001")
        send_due(Clock())
        assert receiver.asked == []
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.error) == ("WAITING", None, "Only https addresses are called.")


def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once(settings, monkeypatch):
    """The first answer is public and is the one that is called; the second would lead into our own house."""
    settings.CALL_PRIVATE_ADDRESSES = False
    answers, called = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]]), []

    def connect(request):
        called.append(request.url.host)
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: connect(request))
    made = endpoint("https://rebinding.example/hooks")
    announce("1001")
    queue_events(at=NOON)
    send_webhooks(FAST, clock=Clock(), lookup=lambda host, port: next(answers))
    assert called == ["93.184.215.14"]

    made.failing_since = None
    made.save()
    WebhookDelivery.objects.update(run_after=NOON)
    send_webhooks(FAST, clock=Clock(), lookup=lambda host, port: next(answers))
    assert called == ["93.184.215.14"]
    assert WebhookDelivery.objects.get().error == "rebinding.example lies in a private network."
