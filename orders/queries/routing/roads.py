"""What it costs to get there: rate tables, and duties as an estimate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from orders.policies.routing.costing import is_express
from orders.policies.routing.duties import Item as Dutiable
from orders.policies.routing.duties import convert_value, estimate_duty
from orders.policies.routing.orders import Fare, Site, UnroutedLine, UnroutedOrder
from orders.policies.shipping.parcels import Item, Packed, pack_items
from orders.policies.shipping.rates import Measures, RateTable
from orders.queries.shipping.rates import read_rate_table

UNPRICED_ABROAD = Decimal(10)
"""A shop without any rate table still sends from home rather than from abroad."""

Units = Mapping[int, Decimal]


@dataclass(slots=True)
class Roads:
    """The ways of one wave: what was asked once of an order is not worked out again."""

    rates: RateTable
    currency: str
    day: date
    _fares: dict[tuple[int, str, int, Measures | None, bool], Fare | None] = field(default_factory=dict)
    _parcels: dict[tuple[int, tuple[tuple[int, Decimal], ...]], Packed] = field(default_factory=dict)
    _duties: dict[tuple[int, str, tuple[tuple[int, Decimal], ...]], tuple[Decimal, str]] = field(default_factory=dict)

    def fare(self, site: Site, order: UnroutedOrder, units: Units) -> Fare | None:
        """The cheapest service that takes these units, express where that was promised and there is one."""
        if not self.rates:
            return Fare(service_id=None, service="", price=self._unpriced(site, order), days=0)
        parcel = self._pack(order, units)
        asked = site.id, order.country, parcel.grams, parcel.measures, is_express(order.shipping_method)
        try:
            return self._fares[asked]
        except KeyError:
            fare = self._fares[asked] = self._ask(*asked)
            return fare

    def duty(self, site: Site, order: UnroutedOrder, units: Units) -> tuple[Decimal, str]:
        """Duty and import tax in the shop's currency, and why; nothing where no border is crossed.

        Tax that the customer pays with the price is no cost of this warehouse more than of another.
        """
        if site.country == order.country or not order.country:
            return Decimal(0), ""
        asked = order.id, site.country, tuple(units.items())
        known = self._duties.get(asked)
        if known is None:
            known = self._duties[asked] = self._estimate(site, order, units)
        return known

    def _estimate(self, site: Site, order: UnroutedOrder, units: Units) -> tuple[Decimal, str]:
        worth = convert_value(Decimal(1), currency=order.currency, into=self.currency, at=self.day)
        if worth is None:
            return Decimal(0), f"No exchange rate of {order.currency} is known, so duty is not counted."
        items = [_dutiable(line, units[line.id], worth) for line in order.lines if line.id in units]
        duties = estimate_duty(
            items, from_country=site.country, to_country=order.country, at=self.day, currency=self.currency
        )
        return duties.duty + (Decimal(0) if duties.tax_in_price else duties.tax), duties.why

    def _ask(self, warehouse: int, country: str, grams: int, measures: Measures | None, express: bool) -> Fare | None:
        asked = warehouse, country, grams, measures
        offer = self.rates.cheapest(*asked, express=express) or (self.rates.cheapest(*asked) if express else None)
        if offer is None:
            return None
        return Fare(service_id=offer.service.id, service=offer.service.name, price=offer.cost, days=offer.days)

    def _pack(self, order: UnroutedOrder, units: Units) -> Packed:
        asked = order.id, tuple(units.items())
        known = self._parcels.get(asked)
        if known is None:
            items = [Item(units[line.id], line.grams, line.measures) for line in order.lines if line.id in units]
            known = self._parcels[asked] = pack_items(items)
        return known

    def _unpriced(self, site: Site, order: UnroutedOrder) -> Decimal:
        return Decimal(0) if site.country == order.country else UNPRICED_ABROAD


def read_roads(*, at: datetime) -> Roads:
    return Roads(read_rate_table(), settings.SHOP_CURRENCY, at.date())


def _dutiable(line: UnroutedLine, units: Decimal, worth: Decimal) -> Dutiable:
    return Dutiable(hs_code=line.hs_code, origin=line.origin, value=line.value * worth, quantity=units)
