"""What we can tell another system about an order, and what it says of its own copy. One module a system, each pure.

An adapter gets an address, credentials and plain dataclasses; it keeps no state. Every call may be repeated: it reads
the other side's copy first and asks only for what still differs, so a call that was done, but whose answer was lost,
is found done. The errors say what to do next:

ChannelError
├── ChannelRefused       final: the other side will not, `sentence` says why
├── ChannelBusy          ask again after `retry_after` seconds
└── ChannelUnavailable   nobody knows whether it was done; ask again later
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol


class ChannelError(Exception):
    """Something kept the other side from doing what it was asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ChannelRefused(ChannelError):
    """The other side understood and will not; asking again changes nothing."""


class ChannelBusy(ChannelError):
    """We asked too often; nothing was done."""

    def __init__(self, sentence: str, *, retry_after: float) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class ChannelUnavailable(ChannelError):
    """No answer, or one that makes no sense: it may have been done all the same."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the other system is and how it knows us. `allow_private`: its address may lie in our own network.

    `account`, `marketplace`, `seller`, `location` and `sign_in_url` are what some systems want to know besides.
    """

    url: str
    key: str = ""
    secret: str = ""
    account: str = ""
    marketplace: str = ""
    sign_in_url: str = ""
    seller: str = ""
    location: str = ""
    timeout: float = 20.0
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class ChannelOrder:
    """Which order is meant: the channel's own id, our number, and the currency of its amounts."""

    external_id: str
    number: str
    currency: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address in parts. The province may be known by its name and by its code; either will do."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    province: str = ""
    province_code: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DesiredLine:
    """A line as it should be there. `quantity` is what is still wanted, sent units included; 0: it is gone.

    `price` is all of the line's units before discount; `discount` and `tax` are the whole line's.
    """

    external_id: str
    kind: str
    sku: str
    title: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Desired:
    """The order as it should be on the other side. `total` is what the goods and the way cost now."""

    order: ChannelOrder
    lines: tuple[DesiredLine, ...]
    email: str
    phone: str
    address: PostalAddress | None
    shipping_method: str
    shipping_amount: Decimal
    shipping_tax: Decimal
    tax_included: bool
    total: Decimal
    credited: Decimal
    cancelled: bool
    reason: str = ""

    @property
    def owed(self) -> Decimal:
        """Without what was given back or forgiven."""
        return self.total - self.credited


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A line as it is there; `quantity` without the units that were removed or refunded."""

    external_id: str
    sku: str
    title: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ChannelCopy:
    """The other side's own copy of an order. `total_is_owed`: its total is already less what was given back."""

    external_id: str
    currency: str
    lines: tuple[CopyLine, ...]
    email: str
    phone: str
    address: PostalAddress | None
    shipping_method: str
    shipping_amount: Decimal
    total: Decimal
    total_is_owed: bool
    cancelled: bool
    held: bool | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StockFigure:
    """What may be sold of a SKU there."""

    sku: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """Units of one line in a parcel. `external_id` is empty where the channel's own name of the line is not known."""

    external_id: str
    sku: str
    title: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShipment:
    """A parcel that has left, and what is known of it by now.

    `number` is our name of it, `reference` a positive number that stands for it alone. `rest`: more of the order is to
    come. `known_as` is what the channel calls it, once it was told; `others` what it calls the order's other parcels.
    `status` is where it is, in Shopify's words, since `status_at`; empty while it has only just left.
    """

    order: ChannelOrder
    number: str
    reference: int
    lines: tuple[ShippedLine, ...]
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    rest: bool
    known_as: str = ""
    others: frozenset[str] = frozenset()
    noted: Mapping[str, Any] = field(default_factory=dict)
    status: str = ""
    status_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCredit:
    """Store credit for the customer of an order. `noted`: how far an earlier try has come."""

    order: ChannelOrder
    amount: Decimal
    currency: str
    expires_at: datetime | None = None
    noted: Mapping[str, Any] = field(default_factory=dict)


Keep = Callable[[Mapping[str, Any]], None]
"""Notes, durably, how far a call has come: it is merged into what was noted before."""


def keep_nothing(noted: Mapping[str, Any]) -> None:
    """For who asks outside of a message."""


class OutgoingChannel(Protocol):
    """How one channel is told. Any call may raise a ChannelError."""

    offers: frozenset[str]
    """What it can be told: EDIT, CANCEL, HOLD, RELEASE, REFUND, FULFILLMENT, TRACKING, STOCK, CREDIT."""
    at_once: int
    """How many conversations it bears at the same time."""
    stock_at_once: int
    """How many figures of stock one conversation should be about."""

    def push_edit(self, desired: Desired, *, keep: Keep = keep_nothing) -> None:
        """Make its lines, address, contact and shipping what they should be."""

    def cancel_order(self, order: ChannelOrder, *, reason: str) -> None:
        """Cancel all of it, without giving money back. Cancelled already: nothing happens."""

    def hold(self, order: ChannelOrder, *, reason: str) -> None:
        """Show there that it must not be sent yet."""

    def release(self, order: ChannelOrder) -> None:
        """Take our own hold away; those of others stay."""

    def refund(self, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str) -> str:
        """Give money back through the channel, once for each `key`; the channel's name for the refund."""

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        """Show there that the parcel has left, without a mail to the customer; the channel's name for it."""

    def push_tracking(self, shipment: ChannelShipment) -> str:
        """Show there where the parcel is; the channel's name for it."""

    def give_credit(self, credit: ChannelCredit, *, keep: Keep = keep_nothing) -> str:
        """Give the order's customer store credit there, without a mail; the channel's name for it."""

    def read_order(self, external_id: str) -> ChannelCopy:
        """Its copy of the order."""

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        """Have it show these figures. The SKUs that it cannot show, with a sentence why; all others it shows now."""

    def check_connection(self) -> str:
        """What the other side calls itself: the address and the credentials are right."""
