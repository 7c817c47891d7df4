"""Counting failed logins, so that guessing a password takes longer than anybody lives."""

from datetime import datetime, timedelta

from oms.models import FailedLogin

ATTEMPTS = 10
WINDOW = timedelta(minutes=15)


def note_attempt(*, username: str, address: str, at: datetime) -> timedelta | None:
    """Count one attempt before its password is looked at; how long to wait when there were too many, else None.

    Counted first and taken back on success (`forget_attempts`), so that attempts at the same moment all count.
    An attempt that is refused does not count: waiting is enough to be let in again.
    """
    FailedLogin.objects.filter(at__lte=at - WINDOW).delete()
    attempt = FailedLogin.objects.create(username=username[:150], address=address[:64], at=at)
    others = FailedLogin.objects.filter(username=attempt.username, address=attempt.address).exclude(id=attempt.id)
    recent = list(others.order_by("-at").values_list("at", flat=True)[:ATTEMPTS])
    if len(recent) < ATTEMPTS:
        return None

    attempt.delete()
    return recent[-1] + WINDOW - at


def forget_attempts(*, username: str, address: str) -> None:
    """The right password was given: those before it were slips."""
    FailedLogin.objects.filter(username=username[:150], address=address[:64]).delete()
