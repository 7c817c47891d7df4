"""The channel took the money, so the channel gives it back: through the port by which it is told of edits."""

from orders.channels.outgoing.port import ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable, OutgoingChannel
from orders.payments.port import (
    GatewayRefused,
    GatewayUnavailable,
    RefundAnswer,
    RefundAsk,
    Refunded,
)
from orders.payments.silent import SilentGateway


class ChannelGateway(SilentGateway):
    """One order at its channel. Its customers pay the channel: we open no page there, and what it took comes as an
    update of the order."""

    code = "channel"

    def __init__(self, channel: OutgoingChannel, order: ChannelOrder) -> None:
        self._channel = channel
        self._order = order

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """The channel keeps to the key: asked again it finds what it did."""
        try:
            reference = self._channel.refund(
                self._order, amount=ask.amount, currency=ask.currency, key=ask.identity, reason=ask.reason
            )
        except ChannelRefused as refusal:
            raise GatewayRefused(refusal.sentence) from refusal
        except ChannelBusy as busy:
            raise GatewayUnavailable(busy.sentence, retry_after=busy.retry_after) from busy
        except ChannelUnavailable as silence:
            raise GatewayUnavailable(silence.sentence) from silence
        return Refunded(reference)
