"""What carriers are asked."""

from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import uuid4

from orders.carriers.house import HouseCarrier, HouseService
from orders.carriers.port import Address, CustomsItem, LabelAsk, Parcel
from orders.policies.shipping.rates import Offered, RateRow, RateTable

LEIPZIG = Address(
    company="Morrow & Flax GmbH", line1="Gießerstraße 18", city="Leipzig", postal_code="04229", country="DE"
)
RENO = Address(
    company="Truckee",
    line1="14200 Mount Anderson Street",
    city="Reno",
    province="NV",
    postal_code="89506",
    country="US",
)
ADA = Address(name="Ada Byron", line1="2 Elm St", city="Austin", province="TX", postal_code="78701", country="US")
HEIDI = Address(name="Heidi", line1="Seestrasse 1", city="Zürich", postal_code="8001", country="CH")
LINEN = CustomsItem(
    description="Linen shirt",
    quantity=Decimal(2),
    value=Decimal("59.80"),
    currency="EUR",
    grams=400,
    hs_code="620520",
    origin="PT",
    sku="S-1",
)


def label_ask(**changes: Any) -> LabelAsk:
    """A parcel of 500 g from Reno to Austin."""
    fields: dict[str, Any] = {
        "key": str(uuid4()),
        "number": "F1001-1",
        "order": "1001",
        "ship_from": RENO,
        "ship_to": ADA,
        "parcel": Parcel(500, (300, 200, 100)),
        "service": "USPS/Priority",
    }
    return LabelAsk(**(fields | changes))


def house_carrier(**changes: Any) -> HouseCarrier:
    """Parcels for 4.90, express for 12.90; numbers from memory."""
    given_out: Counter[tuple[str, str]] = Counter()

    def take(indicator: str, country: str, many: int) -> int:
        given_out[indicator, country] += many
        return given_out[indicator, country] - many + 1

    parcel = Offered(1, "house", "CP", "Parcel", most_grams=30_000)
    express = Offered(2, "house", "EE", "Express", express=True)
    table = RateTable(
        [
            RateRow(parcel, None, "", 0, None, Decimal("4.90"), None, 3),
            RateRow(express, None, "", 0, None, Decimal("12.90"), None, 1),
        ]
    )
    given: dict[str, Any] = {
        "quote": lambda ask: table.offers("LEJ", ask.ship_to.country, ask.parcel.grams, ask.parcel.measures),
        "take_serials": take,
        "draw": lambda ask: f"%PDF-1.4 {ask.reference}".encode(),
        "currency": "EUR",
        "page": "https://shop.example/track/{}",
    }
    return HouseCarrier([HouseService("CP", "Parcel", "CP"), HouseService("EE", "Express", "EE")], **(given | changes))
