"""Leaving a trace of messages that were not let in."""

from datetime import datetime, timedelta

from oms import events
from oms.models import Channel, EventRecord
from oms.transactions import transactional
from orders.events import GatewaySignatureRefused, SignatureRefused

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


@transactional
def refuse_gateway_signature(gateway: str, *, at: datetime) -> None:
    """The same for somebody who spoke as a gateway. Two at one moment race for the event's place; one leaves it."""
    kind = GatewaySignatureRefused
    lately = EventRecord.objects.about(kind.subject_kind, gateway).filter(type=kind.type, at__gt=at - ONCE_IN)
    if not lately.exists():
        events.publish([kind(subject=gateway, by="anonymous", at=at)])
