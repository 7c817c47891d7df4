"""What routing looks at: the orders that need a way, the warehouses, and what the operator wants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from orders.policies.routing.problem import Stock
from orders.policies.windows.cut_offs import CutOff


@dataclass(frozen=True, slots=True, kw_only=True)
class UnroutedLine:
    """Units of a line that no warehouse is asked for yet. `value` is what one unit was sold for, in the order's
    currency. Without a variant it takes no stock, and goes along with the rest.
    """

    id: int
    position: int
    sku: str
    variant_id: int | None
    units: Decimal
    value: Decimal
    grams: int
    measures: tuple[int, int, int] | None
    """Length, width and height of one unit in millimetres; None: not known."""
    hs_code: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnroutedOrder:
    """A released order, as far as it needs a way. `rejected`: warehouses that would not, or could not, send it.
    `ship_after`: the day before which it must not leave.
    """

    id: int
    number: str
    version: int
    channel_id: int
    country: str
    currency: str
    shipping_method: str
    tags: Collection[str]
    placed_at: datetime
    address_id: int | None
    next_sequence: int
    rejected: Collection[int]
    lines: Sequence[UnroutedLine]
    ship_after: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A warehouse that is open. `left` is what it can still send by its next van, in parcels; None: as many as come.
    `van`: when it leaves, day by day; each takes `capacity` parcels (None: any), of which so many are `booked`.
    """

    id: int
    code: str
    name: str
    country: str
    priority: int
    ship_by: datetime
    cut_off: str
    left: int | None
    partner: bool
    van: CutOff | None = None
    capacity: int | None = None
    booked: Mapping[datetime, int] = field(default_factory=dict)

    def room(self, ship_by: datetime) -> int | None:
        """What it can still send by that van; None: as many as come."""
        if ship_by == self.ship_by:
            return self.left
        return None if self.capacity is None else max(self.capacity - self.booked.get(ship_by, 0), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A routing rule of the operator; empty conditions fit every order. `amount` in the shop's currency, a parcel."""

    kind: Literal["PREFER", "FORBID", "RESERVE"]
    warehouse_id: int
    channel_id: int | None = None
    country: str = ""
    shipping_method: str = ""
    tag: str = ""
    amount: Decimal = Decimal(0)

    def fits(self, order: UnroutedOrder) -> bool:
        return (
            self.channel_id in (None, order.channel_id)
            and self.country in ("", order.country)
            and self.shipping_method in ("", order.shipping_method)
            and (not self.tag or self.tag in order.tags)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """All that a wave is routed over. Stock: what each warehouse (its code) has free of a variant (its id)."""

    orders: Sequence[UnroutedOrder]
    sites: Sequence[Site]
    stock: Stock
    rules: Sequence[Rule]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What routing counts beside freight and duty, in the shop's currency."""

    currency: str
    parcel: Decimal
    """Picking, packing and handing over one parcel."""
    day: Decimal
    """One more day until the customer has it."""
    most_parcels: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """What one parcel costs on its way, and how long it takes. `service_id` None: there is no rate table."""

    service_id: int | None
    service: str
    price: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a warehouse is out of the question for an order."""

    warehouse: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPart:
    """What one warehouse sends of one order and what that costs, its parts in the shop's currency."""

    site: Site
    units: Mapping[int, Decimal]
    """By line id."""
    fare: Fare
    duty: Decimal
    duty_note: str
    handling: Decimal
    waiting: Decimal
    """The price of the days until it is there."""
    preference: Decimal
    """How much the operator's rules made it cheaper than it is; not part of the cost."""
    excluded: Sequence[Exclusion] = field(default=())

    @property
    def cost(self) -> Decimal:
        return self.fare.price + self.duty + self.handling + self.waiting
