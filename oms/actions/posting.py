"""Posting mails: each is written down with the thing it tells of, once, and sent afterwards by a worker."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from oms.bell import bell
from oms.mailing import Letter, compose_letter
from oms.models import Message

State, Why = Message.State, Message.Why

SENDER = "oms.tasks.send_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a mail is for and whom it goes to. `key` names it for good; `secret` words are forgotten once they went."""

    key: str
    kind: str
    about_kind: str
    about: str
    to: str = ""
    secret: bool = False


def post_letter(letter: Letter, envelope: Envelope, *, at: datetime) -> None:
    """Have it sent, unless this has been told before. Call it inside `speaking_to`."""
    kept = not settings.MAIL_SERVER
    _write(
        Message(
            **asdict(envelope),
            **asdict(compose_letter(letter)),
            state=State.KEPT if kept else State.WAITING,
            why=Why.NO_SERVER if kept else "",
            run_after=at,
            made_at=at,
        )
    )
    if not kept:
        transaction.on_commit(wake_sender, robust=True)


def withhold_letter(envelope: Envelope, why: Message.Why, *, at: datetime) -> None:
    """Write down that somebody is not told, and why: it cannot be told later either."""
    _write(Message(**asdict(envelope), state=State.SUPPRESSED, why=why, run_after=at, made_at=at))


def is_told(key: str) -> bool:
    """True once this was told, or was not to be."""
    return Message.objects.filter(key=key).exists()


def wake_sender() -> None:
    bell.ring(SENDER)


def _write(message: Message) -> None:
    Message.objects.bulk_create([message], ignore_conflicts=True)
