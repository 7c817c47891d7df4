"""Alerting operations: the same short mail to everybody who is named to get it."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from oms.actions.posting import Envelope, post_letter
from oms.mailing import Letter, speaking_to


def alert_operations(letter: Letter, envelope: Envelope, *, at: datetime) -> None:
    """None when nobody is named. The envelope's key is that of all of them."""
    for place, address in enumerate(settings.OPERATIONS_EMAILS, start=1):
        with speaking_to(settings.LANGUAGE_CODE):
            post_letter(letter, replace(envelope, key=f"{envelope.key}.{place}", to=address), at=at)
