"""Leaving a trace of messages that were not let in."""

from datetime import datetime, timedelta

from oms import events
from oms.models import Channel, EventRecord
from oms.transactions import transactional
from orders.events import SignatureRefused

ONCE_IN = timedelta(minutes=1)


@transactional
def refuse_signature(channel: Channel, *, topic: str, at: datetime) -> None:
    """Record that a message came with a wrong signature; a flood of them is recorded once a minute, not each."""
    Channel.objects.select_for_update(no_key=True).get(id=channel.pk)
    lately = EventRecord.objects.about(SignatureRefused.subject_kind, channel.code).filter(
        type=SignatureRefused.type, at__gt=at - ONCE_IN
    )
    if not lately.exists():
        events.publish([SignatureRefused(subject=channel.code, by="anonymous", at=at, facts={"topic": topic[:80]})])
