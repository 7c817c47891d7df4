"""Sending what was posted: leased, sent outside of any transaction, recorded by a second one.

No mail server knows whether it has a mail already. Where a worker dies between the server's yes and our note of it the
mail is sent once more, under the same Message-ID, by which mail programs show it once.
"""

import logging
import random
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from oms import events
from oms.actions.posting import wake_sender
from oms.errors import MailNotSendable
from oms.mail_events import MailBounced, MailEvent, MailFailed, MailSentAgain
from oms.models import Message
from oms.sql import fetch_all
from oms.transactions import transactional

log = logging.getLogger(__name__)

State, Why = Message.State, Message.Why

AT_ONCE = 20
LEASE = timedelta(minutes=15)
"""Longer than a batch can take, each of its mails waiting for as long as the mail server may."""
BACKOFF = [timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600, 10_800, 21_600, 43_200)]
"""Waits after each failure, a day in all; after the last one the mail is given up."""
KEPT_FOR = timedelta(days=400)
"""So long the words of mails can be read here. That they were sent stays on record."""


def send_messages(*, at: datetime) -> int:
    """Send a batch of what is due, oldest first; how many were taken. Must run outside of a transaction."""
    if not settings.MAIL_SERVER:
        return 0
    batch = lease_messages(at=at)
    if not batch:
        return 0
    connection = get_connection()
    try:
        _send_all(batch, connection, at=at)
    finally:
        _close(connection)
    return len(batch)


@transaction.atomic
def lease_messages(*, at: datetime) -> list[Message]:
    """Take some so that no other worker takes them too."""
    due = Message.objects.due(at).order_by("run_after", "id").select_for_update(skip_locked=True, no_key=True)
    batch = list(due[:AT_ONCE])
    _named(batch).update(leased_until=at + LEASE, lease=F("lease") + 1, attempts=F("attempts") + 1)
    for message in batch:
        message.lease, message.attempts = message.lease + 1, message.attempts + 1
    return batch


def _send_all(batch: Sequence[Message], connection: Any, *, at: datetime) -> None:
    """One after the other; where the server itself is away the rest is laid back untried."""
    for place, message in enumerate(batch):
        try:
            connection.open()  # one conversation for all: left closed, each mail would have one of its own
            envelop(message, connection).send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
            record_failure(message, error=refusal, for_good=_is_for_good(refusal), at=at)
        except (ValueError, UnicodeError) as impossible:  # an address or a header that no mail can bear
            record_failure(message, error=impossible, for_good=True, at=at)
        except (OSError, smtplib.SMTPException) as silence:
            log.warning("The mail server cannot be reached: %s.", type(silence).__name__)
            record_failure(message, error=silence, for_good=False, at=at)
            _lay_back(batch[place + 1 :], until=at + BACKOFF[0])
            return
        except Exception as error:  # whatever it was, it must be seen and tried again
            log.exception("Mail %s could not be sent.", message.key)
            record_failure(message, error=error, for_good=False, at=at)
        else:
            record_sent(message, at=at)


def envelop(message: Message, connection: Any = None) -> EmailMultiAlternatives:
    """The mail as it goes out."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=_sender(),
        to=[message.to],
        reply_to=[settings.SHOP_CONTACT] if settings.SHOP_CONTACT else None,
        headers={
            "Message-ID": f"<{message.key}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday note answers it
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
            **_unsubscribing(message.unsubscribe),
        },
        connection=connection,
    )
    mail.attach_alternative(message.html, "text/html")
    mail.metadata = {"message": message.key}  # type: ignore[attr-defined]  # by which a provider's bounce names it
    return mail


def _unsubscribing(address: str) -> dict[str, str]:
    """RFC 2369, and RFC 8058 where the address is one that it allows: one click needs HTTPS."""
    if not address:
        return {}
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if address.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{address}>", **one_click}


def _sender() -> str:
    """From whom, by the shop's name unless the setting has one."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.SHOP_NAME, address))


# One mail, one statement: what is noted later could be sent again. A secret is forgotten as it goes.
_SENT = """
UPDATE oms_message SET state = 'SENT', sent_at = %(at)s, leased_until = NULL, last_error = '',
    text = CASE WHEN secret THEN '' ELSE text END, html = CASE WHEN secret THEN '' ELSE html END,
    subject = CASE WHEN secret THEN '' ELSE subject END,
    forgotten_at = CASE WHEN secret THEN %(at)s ELSE forgotten_at END
WHERE id = %(id)s AND lease = %(lease)s AND state = 'WAITING' RETURNING id
"""


def record_sent(message: Message, *, at: datetime) -> bool:
    """False when somebody else has the mail by now."""
    return bool(fetch_all(_SENT, {"id": message.pk, "lease": message.lease, "at": at}))


@transactional
def record_failure(message: Message, *, error: Exception, for_good: bool, at: datetime) -> None:
    """Wait and try again, or give up and say so."""
    said = f"{type(error).__name__}: {error}"[:2000]
    given_up = for_good or message.attempts > len(BACKOFF)
    wait = BACKOFF[min(message.attempts, len(BACKOFF)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
    why = (Why.REFUSED if for_good else Why.GIVEN_UP) if given_up else ""
    state = State.FAILED if given_up else State.WAITING
    ours = _leased(message).update(state=state, why=why, run_after=at + wait, leased_until=None, last_error=said)
    if ours and given_up:
        events.publish([_tell(MailFailed, message, by="system", at=at, why=str(why), error=said)])


@transactional
def record_bounce(*, key: str, error: str, at: datetime) -> None:
    """The address' own server sent it back. Whatever is not on record as sent is left alone."""
    message = Message.objects.select_for_update(no_key=True).filter(key=key, state=State.SENT).first()
    if message is None:
        return
    message.state, message.why, message.last_error = State.BOUNCED, Why.BOUNCED, error[:2000]
    message.save(update_fields=["state", "why", "last_error"])
    events.publish([_tell(MailBounced, message, by="system", at=at, error=message.last_error)])


@transactional
def send_again(*, message_id: int, by: str, at: datetime) -> Message:
    """Once more to the same address. What had gone out already goes as a mail of its own, so that it is seen.

    Raises:
        MailNotSendable
    """
    message = Message.objects.select_for_update(no_key=True).filter(id=message_id).first()
    if message is None or not message.may_be_sent or not settings.MAIL_SERVER:
        raise MailNotSendable("This mail cannot be sent: it waits, its words are not kept, or no mail server is set.")
    first = message.key
    if message.sent_at:
        earlier = Message.objects.filter(key__startswith=f"{first}.again-").count()
        message.pk, message._state.adding, message.key = None, True, f"{first}.again-{earlier + 1}"
        message.sent_at, message.made_at = None, at
    message.state, message.why, message.attempts, message.last_error = State.WAITING, "", 0, ""
    message.run_after, message.leased_until = at, None
    message.save()
    events.publish([_tell(MailSentAgain, message, by=by, at=at, subject=first, again=message.key)])
    transaction.on_commit(wake_sender, robust=True)
    return message


def forget_words(*, at: datetime, limit: int = 5_000) -> int:
    """Forget what mails of long ago said; how many there were."""
    old = Message.objects.filter(made_at__lt=at - KEPT_FOR, forgotten_at=None).exclude(text="").exclude(state="WAITING")
    ids = list(old.order_by("made_at").values_list("id", flat=True)[:limit])
    return Message.objects.filter(id__in=ids).update(text="", html="", forgotten_at=at)


def _is_for_good(refusal: smtplib.SMTPException) -> bool:
    """A code of 5xx (RFC 5321, 4.2.1): asking again would not help."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in refusal.recipients.values())
    return isinstance(refusal, smtplib.SMTPResponseException) and refusal.smtp_code >= 500


def _lay_back(messages: Sequence[Message], *, until: datetime) -> None:
    for message in messages:
        message.attempts -= 1
    _named(messages).filter(state=State.WAITING).update(leased_until=None, attempts=F("attempts") - 1, run_after=until)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except Exception:  # everything it sent has been recorded
        log.warning("The mail server's connection did not end well.", exc_info=True)


def _named(messages: Sequence[Message]) -> Any:
    return Message.objects.filter(id__in=[message.pk for message in messages])


def _leased(message: Message) -> Any:
    """The row, as long as the lease is this one."""
    return Message.objects.filter(id=message.pk, lease=message.lease, state=State.WAITING)


def _tell(
    kind: type[MailEvent], message: Message, *, by: str, at: datetime, subject: str = "", **facts: Any
) -> MailEvent:
    about = {"kind": message.kind, "about_kind": message.about_kind, "about": message.about, "to": message.to}
    return kind(subject=subject or message.key, by=by, at=at, facts=about | facts)
