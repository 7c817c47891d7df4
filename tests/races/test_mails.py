"""Many workers at once: each mail goes out once."""

import pytest
from django.core import mail

from oms.actions.mailing import AT_ONCE, send_messages
from oms.models import Message
from tests.make.mails import posted
from tests.make.moments import NOON
from tests.races.together import errors_of, run_together

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 6


def send_all() -> int:
    sent = 0
    while taken := send_messages(at=NOON):
        sent += taken
    return sent


def test_six_workers_send_each_mail_once():
    for n in range(6 * AT_ONCE):
        posted(f"m.{n}")
    outcomes = run_together(*[send_all] * WORKERS)
    assert errors_of(outcomes) == []
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == len(mail.outbox) == 6 * AT_ONCE
    assert set(Message.objects.values_list("state", flat=True)) == {"SENT"}


def test_six_reactions_that_tell_the_same_write_one_mail():
    run_together(*[lambda: posted("same")] * WORKERS)
    assert Message.objects.count() == 1
    assert send_all() == 1


def test_control_without_the_lock_a_mail_goes_out_more_than_once():
    """What the lease is for: workers that only look send what others are sending."""
    for n in range(AT_ONCE):
        posted(f"m.{n}")

    def look_and_send() -> None:
        for message in Message.objects.due(NOON):
            mail.send_mail("x", "x", None, [message.to])

    run_together(*[look_and_send] * WORKERS)
    assert len(mail.outbox) > AT_ONCE
