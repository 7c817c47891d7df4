"""What it costs to get there: rate tables, and duties as an estimate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from orders.policies.routing.costing import is_express
from orders.policies.routing.duties import Item as Dutiable
from orders.policies.routing.duties import convert_value, estimate_duty
from orders.policies.routing.orders import Fare, Site, UnroutedLine, UnroutedOrder
from orders.policies.shipping.parcels import Item, Packed, pack_items
from orders.policies.shipping.rates import Band, RateTable
from orders.queries.shipping.rates import read_rate_table

NOTHING = Decimal(0)
NO_DUTY = NOTHING, ""
UNPRICED_ABROAD = Decimal(10)
"""A shop without any rate table still sends from home rather than from abroad."""

Units = Mapping[int, Decimal]


@dataclass(slots=True)
class Roads:
    """The ways of one wave: what was asked once is not worked out again."""

    rates: RateTable
    currency: str
    day: date
    _loads: dict[tuple[int, tuple[tuple[int, Decimal], ...]], "Load"] = field(default_factory=dict)
    _fares: dict[tuple[int, str, bool, Band], Fare | None] = field(default_factory=dict)
    _worths: dict[str, Decimal | None] = field(default_factory=dict)

    def load(self, order: UnroutedOrder, units: Units) -> "Load":
        asked = order.id, tuple(units.items())
        known = self._loads.get(asked)
        if known is None:
            known = self._loads[asked] = self._pack(order, units)
        return known

    def fare(self, site: Site, load: "Load") -> Fare | None:
        """The cheapest service that takes it, express where that was promised and there is one."""
        if not self.rates:
            return Fare(service_id=None, service="", price=self._unpriced(site, load.order), days=0)
        asked = site.id, load.order.country, load.express, load.band
        try:
            return self._fares[asked]
        except KeyError:
            fare = self._fares[asked] = self._ask(site.id, load)
            return fare

    def estimate(self, sent_from: str, load: "Load") -> tuple[Decimal, str]:
        """Tax that the customer pays with the price is no cost of this warehouse more than of another."""
        order = load.order
        worth = self._worth(order.currency)
        if worth is None:
            return NOTHING, f"No exchange rate of {order.currency} is known, so duty is not counted."
        if load.goods is None:
            load.goods = [_dutiable(line, load.units[line.id], worth) for line in order.lines if line.id in load.units]
        duties = estimate_duty(
            load.goods, from_country=sent_from, to_country=order.country, at=self.day, currency=self.currency
        )
        return duties.duty + (NOTHING if duties.tax_in_price else duties.tax), duties.why

    def _pack(self, order: UnroutedOrder, units: Units) -> "Load":
        items = [Item(units[line.id], line.grams, line.measures) for line in order.lines if line.id in units]
        packed = pack_items(items)
        band = self.rates.band(packed.grams, packed.measures)
        return Load(self, order, units, packed, band, is_express(order.shipping_method))

    def _ask(self, warehouse: int, load: "Load") -> Fare | None:
        asked = warehouse, load.order.country, load.packed.grams, load.packed.measures
        offer = self.rates.cheapest(*asked, express=load.express)
        if offer is None and load.express:
            offer = self.rates.cheapest(*asked)
        if offer is None:
            return None
        return Fare(service_id=offer.service.id, service=offer.service.name, price=offer.cost, days=offer.days)

    def _worth(self, currency: str) -> Decimal | None:
        """Of one unit of it, in the shop's."""
        if currency not in self._worths:
            self._worths[currency] = convert_value(Decimal(1), currency=currency, into=self.currency, at=self.day)
        return self._worths[currency]

    def _unpriced(self, site: Site, order: UnroutedOrder) -> Decimal:
        return NOTHING if site.country == order.country else UNPRICED_ABROAD


@dataclass(slots=True)
class Load:
    """Units of one order in one parcel. `band`: what its weight costs the same as."""

    roads: Roads
    order: UnroutedOrder
    units: Units
    packed: Packed
    band: Band
    express: bool
    goods: Sequence[Dutiable] | None = None
    _duties: dict[str, tuple[Decimal, str]] = field(default_factory=dict)

    def fare(self, site: Site) -> Fare | None:
        return self.roads.fare(site, self)

    def duty(self, site: Site) -> tuple[Decimal, str]:
        """In the shop's currency, and why; nothing where no border is crossed."""
        if site.country == self.order.country or not self.order.country:
            return NO_DUTY
        known = self._duties.get(site.country)
        if known is None:
            known = self._duties[site.country] = self.roads.estimate(site.country, self)
        return known


def read_roads(*, at: datetime) -> Roads:
    return Roads(read_rate_table(), settings.SHOP_CURRENCY, at.date())


def _dutiable(line: UnroutedLine, units: Decimal, worth: Decimal) -> Dutiable:
    return Dutiable(hs_code=line.hs_code, origin=line.origin, value=line.value * worth, quantity=units)
