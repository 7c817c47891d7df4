"""Asking for no more mail about offers, and taking that back. Mails about orders themselves go on."""

from datetime import datetime

from django.db import transaction

from oms import events
from upsell.events import MailsAllowed, MailsUnwanted
from upsell.models import OptOut


@transaction.atomic
def opt_out(*, email: str, through: str, by: str, at: datetime) -> None:
    """No more mail about offers to that address, from now on. Asking twice is harmless: the first time stands."""
    _, new = OptOut.objects.get_or_create(email=email.lower(), defaults={"at": at, "through": through})
    if new:
        events.publish([MailsUnwanted(subject=email.lower(), by=by, at=at, facts={"through": through})])


@transaction.atomic
def opt_in_again(*, email: str, by: str, at: datetime) -> None:
    """The address may be written to again, as far as its owner's consent and the law go."""
    gone, _ = OptOut.objects.filter(email=email.lower()).delete()
    if gone:
        events.publish([MailsAllowed(subject=email.lower(), by=by, at=at)])
