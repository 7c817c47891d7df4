"""A carrier that works alone: rates from our own tables, numbers by UPU S10, labels that we draw ourselves.

Its reference is the tracking number, taken when a purchase is prepared: whoever buys under it gets the same label,
drawn again. So nothing can be bought twice, and nothing has to be remembered but the number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oms.money import round_amount
from orders.carriers.port import (
    Bought,
    CarrierNews,
    CarrierRefused,
    LabelAsk,
    NotNews,
    Rate,
    Tracked,
    Voided,
)
from orders.policies.shipping.rates import Offer
from orders.policies.shipping.s10 import NotAnS10Part, write_number

TakeSerials = Callable[[str, str, int], int]
"""From a service indicator, a country and how many to the first of so many serials that nobody was given before."""

Quote = Callable[[LabelAsk], Sequence[Offer]]
Draw = Callable[[LabelAsk], bytes]
"""The label as a PDF, its number being `reference`."""


@dataclass(frozen=True, slots=True)
class HouseService:
    """What the house offers. `indicator`: the two letters that begin its numbers."""

    code: str
    name: str
    indicator: str


class HouseCarrier:
    """One house account. `page` is where a parcel can be followed, with {} for its number; empty: nowhere."""

    def __init__(
        self,
        services: Sequence[HouseService],
        *,
        quote: Quote,
        take_serials: TakeSerials,
        draw: Draw,
        currency: str,
        page: str = "",
    ) -> None:
        self._services = {service.code: service for service in services}
        self._quote = quote
        self._take_serials = take_serials
        self._draw = draw
        self._currency = currency
        self._page = page

    def rate(self, ask: LabelAsk) -> list[Rate]:
        return [_as_rate(offer, self._currency) for offer in self._quote(ask) if offer.service.code in self._services]

    def prepare(self, ask: LabelAsk) -> str:
        return self.prepare_all([ask])[0]

    def prepare_all(self, asks: Sequence[LabelAsk]) -> list[str]:
        """A number each, by one turn at the serials for each service and country."""
        wanted: dict[tuple[str, str], list[int]] = {}
        for place, ask in enumerate(asks):
            wanted.setdefault((self._indicator(ask), ask.ship_from.country), []).append(place)
        numbers = [""] * len(asks)
        for (indicator, country), places in wanted.items():
            first = self._take_serials(indicator, country, len(places))
            for serial, place in enumerate(places, first):
                numbers[place] = _write(indicator, serial, country)
        return numbers

    def buy(self, ask: LabelAsk) -> Bought:
        """Raises:
        CarrierRefused: no rate of ours covers it any more, or it has no number.
        """
        if not ask.reference:
            raise CarrierRefused(f"“{ask.service}” is no service of the house carrier with an S10 indicator.")
        offer = next((each for each in self._quote(ask) if each.service.code == ask.service), None)
        if offer is None:
            raise CarrierRefused("No rate of the house carrier covers this parcel.")
        return Bought(
            label=self._draw(ask),
            media_type="application/pdf",
            tracking_number=ask.reference,
            tracking_url=self._page.format(ask.reference) if self._page else "",
            reference=ask.reference,
            cost=round_amount(offer.cost, self._currency),
            currency=self._currency,
        )

    def find(self, ask: LabelAsk) -> Bought | None:
        return self.buy(ask) if ask.reference else None

    def void(self, reference: str) -> Voided:
        return Voided.DONE

    def track(self, tracking_number: str, reference: str) -> list[Tracked]:
        """Nobody scans for the house: its parcels are reported by whoever carries them."""
        return []

    def follow(self, tracking_number: str, carrier: str) -> list[Tracked]:
        return []

    def check_connection(self) -> str:
        return "The house carrier"

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> CarrierNews:
        raise NotNews("The house carrier sends no messages.")

    def has_numbers_for(self, ask: LabelAsk) -> bool:
        """Its service has an S10 indicator, and it is posted in some country."""
        service = self._services.get(ask.service)
        return bool(service and service.indicator and ask.ship_from.country)

    def _indicator(self, ask: LabelAsk) -> str:
        service = self._services.get(ask.service)
        if service is None or not service.indicator:
            raise CarrierRefused(f"“{ask.service}” is no service of the house carrier with an S10 indicator.")
        return service.indicator


def _write(indicator: str, serial: int, country: str) -> str:
    try:
        return write_number(indicator, serial, country)
    except NotAnS10Part as wrong:
        raise CarrierRefused(f"The house carrier has no number for it: {wrong}") from wrong


def _as_rate(offer: Offer, currency: str) -> Rate:
    service = offer.service
    return Rate(
        service=service.code,
        name=service.name,
        cost=round_amount(offer.cost, currency),
        currency=currency,
        days=offer.days,
        express=service.express,
    )
