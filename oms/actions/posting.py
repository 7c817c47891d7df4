"""Posting mails: each is written down with the thing it tells of, once, and sent afterwards by a worker."""

from collections.abc import Collection, Sequence
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
    """What a mail is for and whom it goes to. `key` names it for good; `secret` words are forgotten once they went.

    `unsubscribe`: the address behind which no more of its kind can be asked for, by one click (RFC 8058).
    """

    key: str
    kind: str
    about_kind: str
    about: str
    to: str = ""
    secret: bool = False
    unsubscribe: str = ""


def post_letter(letter: Letter, envelope: Envelope, *, at: datetime) -> None:
    """Have it sent, unless this has been told before. Call it inside `speaking_to`."""
    post_messages([draft_letter(letter, envelope, at=at)])


def withhold_letter(envelope: Envelope, why: Message.Why, *, at: datetime) -> None:
    """Write down that somebody is not told, and why: it cannot be told later either."""
    post_messages([draft_withheld(envelope, why, at=at)])


def draft_letter(letter: Letter, envelope: Envelope, *, at: datetime) -> Message:
    """The mail in words, for `post_messages`. Call it inside `speaking_to`."""
    kept = not settings.MAIL_SERVER
    return Message(
        **asdict(envelope),
        **asdict(compose_letter(letter)),
        state=State.KEPT if kept else State.WAITING,
        why=Why.NO_SERVER if kept else "",
        run_after=at,
        made_at=at,
    )


def draft_withheld(envelope: Envelope, why: Message.Why, *, at: datetime) -> Message:
    """What is not to be told, for `post_messages`."""
    return Message(**asdict(envelope), state=State.SUPPRESSED, why=why, run_after=at, made_at=at)


def post_messages(drafts: Sequence[Message]) -> None:
    """Write them down together, but for those that have been told before, and have them sent."""
    Message.objects.bulk_create(drafts, ignore_conflicts=True)
    if any(draft.state == State.WAITING for draft in drafts):
        transaction.on_commit(wake_sender, robust=True)


def find_told(keys: Collection[str]) -> set[str]:
    """Those of the keys that were told, or were not to be."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def wake_sender() -> None:
    bell.ring(SENDER)
