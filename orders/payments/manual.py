"""Money that moves elsewhere: a bank transfer, cash. A person asks for it, records it and gives it back."""

from collections.abc import Mapping

from orders.payments.port import ByHand, CheckoutAsk, GatewayNews, NotNews, Opened, RefundAnswer, RefundAsk

BY_HAND = "Nothing is connected that could send this money back: do it where it was paid, then say so here."


class ManualGateway:
    """Has no page and no hands: what it is asked waits for a person."""

    code = "manual"
    can_charge = False
    can_refund = False

    def __init__(self, *, why: str = BY_HAND) -> None:
        self._why = why

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        return Opened(reference=ask.key, url="", expires_at=ask.expires_at)

    def read_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def close_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        return ByHand(self._why)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> list[GatewayNews]:
        raise NotNews("Nobody speaks for money that moves by hand.")
