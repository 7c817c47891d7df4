"""What gateways have in common that charge nobody: no page, no messages, only money that goes back."""

from collections.abc import Mapping
from typing import NoReturn

from orders.payments.port import CheckoutAsk, GatewayNews, NotNews, Opened


class SilentGateway:
    """The rest of a `Gateway`; whoever is one says how money goes back."""

    can_charge = False
    can_refund = True

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        """Nobody is sent to a page: the question stands, and is answered elsewhere."""
        return Opened(reference=ask.key, url="", expires_at=ask.expires_at)

    def read_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def close_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> NoReturn:
        raise NotNews("This gateway sends no messages.")
