"""What a carrier must offer: rates, labels, what became of them, where parcels are. One module a carrier, each pure.

Buying has two steps, so that a label is bought once whatever is lost. `prepare` names a purchase and costs nothing;
its reference is written down by the caller; `buy` pays under that reference, and `find` says what became of it.
Weights are grams, measures millimetres, amounts decimals. The errors say what to do next:

CarrierError
├── CarrierRefused       final: the carrier will not, `sentence` says why
├── CarrierBusy          nothing was done; ask again after `retry_after` seconds
└── CarrierUnavailable   nobody knows whether it was done; ask again later, and `find` first
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class CarrierError(Exception):
    """Something kept the carrier from doing what it was asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CarrierRefused(CarrierError):
    """The carrier understood and will not; asking again changes nothing."""


class CarrierBusy(CarrierError):
    """We asked too often; nothing was done."""

    def __init__(self, sentence: str, *, retry_after: float) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class CarrierUnavailable(CarrierError):
    """No answer, or one that makes no sense: it may have been done all the same."""


class NotNews(ValueError):
    """The body is none of the carrier's messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    province: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    grams: int
    measures: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomsItem:
    """Units of one thing; `value` and `grams` are of all of them."""

    description: str
    quantity: Decimal
    value: Decimal
    currency: str
    grams: int
    hs_code: str = ""
    origin: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAsk:
    """A parcel that wants a label. `key` is ours and never changes, `reference` the carrier's own, once prepared.

    `number` is the fulfillment's, `order` its order's, both printed where a carrier prints such things; `service` is
    the carrier's code of the one that was chosen; `marks` how it must be handled; `leaves` when it is posted;
    `warehouse` is ours, for rate tables of our own. `back`: the customer sends it to that warehouse, so `number` is a
    return's; `exported` is under what the goods went out, for customs.
    """

    key: str
    number: str
    ship_from: Address
    ship_to: Address
    parcel: Parcel
    service: str = ""
    service_name: str = ""
    reference: str = ""
    order: str = ""
    customs: Sequence[CustomsItem] = ()
    marks: Sequence[str] = ()
    leaves: date | None = None
    warehouse: int | str | None = None
    back: bool = False
    exported: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a service asks; no `days`: the carrier does not say how long it takes."""

    service: str
    name: str
    cost: Decimal
    currency: str
    days: int | None = None
    express: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """`label` is what is to be printed."""

    label: bytes
    media_type: str
    tracking_number: str
    tracking_url: str
    reference: str
    cost: Decimal
    currency: str


class Voided(StrEnum):
    DONE = "done"
    PENDING = "pending"
    """The carrier looks whether the label was used; ask again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One report of a parcel. `status`: one of `Shipment.Status`; `external_id`: the same whenever it is told again.

    `expected_at`: when the carrier now thinks that it will arrive.
    """

    tracking_number: str
    external_id: str
    status: str
    at: datetime
    place: str = ""
    description: str = ""
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """What became of a label that was given back."""

    reference: str
    done: bool


@dataclass(frozen=True, slots=True)
class CarrierNews:
    """What one message of a carrier says; both may be empty."""

    tracked: Sequence[Tracked] = ()
    refunded: Sequence[Refunded] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """Where a carrier's API is and how it knows us. `allow_private`: it may lie in our own network."""

    key: str
    url: str = ""
    timeout: float = 20.0
    allow_private: bool = False


class Carrier(Protocol):
    """Each call may raise a CarrierError."""

    def rate(self, ask: LabelAsk) -> list[Rate]:
        """What its services ask for this parcel; none: it does not take it."""

    def prepare(self, ask: LabelAsk) -> str:
        """A reference under which `buy` buys at most once. Costs nothing; one that is never used does no harm."""

    def buy(self, ask: LabelAsk) -> Bought:
        """The label of `ask.reference`; bought already, it is the same label again."""

    def find(self, ask: LabelAsk) -> Bought | None:
        """What was bought under `ask.reference`; None: nothing was, and nothing was paid."""

    def void(self, reference: str) -> Voided:
        """Give the label back. Given back already, or under way: the same answer.

        Raises:
            CarrierRefused: it was used, or is too old.
        """

    def track(self, tracking_number: str, reference: str) -> list[Tracked]:
        """All that it knows of the parcel."""

    def follow(self, tracking_number: str, carrier: str) -> list[Tracked]:
        """The same of a parcel that somebody else bought the label of; `carrier` as people call it, "" where nobody
        knows."""

    def check_connection(self) -> str:
        """What the other side calls itself: the address and the key are right."""

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        """True when the carrier itself signed these raw bytes; never true for an empty secret."""

    def read_news(self, body: bytes) -> CarrierNews:
        """What a message says.

        Raises:
            NotNews: it is none.
        """
