"""The channel took the money, so the channel gives it back: through the port by which it is told of edits."""

from collections.abc import Mapping

from orders.channels.outgoing.port import ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable, OutgoingChannel
from orders.payments.port import (
    CheckoutAsk,
    GatewayNews,
    GatewayRefused,
    GatewayUnavailable,
    NotNews,
    Opened,
    RefundAnswer,
    RefundAsk,
    Refunded,
)


class ChannelGateway:
    """One order at its channel. Its customers pay the channel: we open no page there, and what it took comes as an
    update of the order."""

    code = "channel"
    can_charge = False
    can_refund = True

    def __init__(self, channel: OutgoingChannel, order: ChannelOrder) -> None:
        self._channel = channel
        self._order = order

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        return Opened(reference=ask.key, url="", expires_at=ask.expires_at)

    def read_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def close_checkout(self, reference: str) -> GatewayNews | None:
        return None

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

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> list[GatewayNews]:
        raise NotNews("A channel's messages come by its own address.")
