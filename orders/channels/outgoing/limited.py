"""What a channel says to whatever it does not offer: no, and never yes without having done it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, NoReturn

from orders.channels.outgoing.port import (
    ChannelCopy,
    ChannelCredit,
    ChannelOrder,
    ChannelRefused,
    ChannelShipment,
    Desired,
    Keep,
    StockFigure,
    keep_nothing,
)


class LimitedChannel:
    """An `OutgoingChannel` that can nothing yet; adapters add what their system offers."""

    name: ClassVar[str]
    offers: frozenset[str] = frozenset()
    at_once = 1
    stock_at_once = 250

    def push_edit(self, desired: Desired, *, keep: Keep = keep_nothing) -> None:
        self._refuse("change orders")

    def cancel_order(self, order: ChannelOrder, *, reason: str) -> None:
        self._refuse("cancel orders")

    def hold(self, order: ChannelOrder, *, reason: str) -> None:
        self._refuse("hold orders back")

    def release(self, order: ChannelOrder) -> None:
        self._refuse("release orders")

    def refund(self, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str) -> str:
        self._refuse("give money back")

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        self._refuse("be told of parcels")

    def push_tracking(self, shipment: ChannelShipment) -> str:
        self._refuse("be told where parcels are")

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        self._refuse("be told of stock")

    def give_credit(self, credit: ChannelCredit, *, keep: Keep = keep_nothing) -> str:
        self._refuse("keep store credit")

    def read_order(self, external_id: str) -> ChannelCopy:
        self._refuse("show its orders")

    def check_connection(self) -> str:
        self._refuse("be tried")

    def _refuse(self, what: str) -> NoReturn:
        raise ChannelRefused(f"{self.name} cannot {what} by this connection.")
