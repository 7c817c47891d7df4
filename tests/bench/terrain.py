"""Fill a database with what routing weighs: `python -m tests.bench.terrain`, told by a line of JSON how many orders.

Twenty warehouses in eight countries, rate tables of three services to each of them by weight, and orders of three
lines. Of each SKU as many warehouses as told (`homes`) have stock, together three times what is wanted: with few of
them near ones run out and orders are split.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import tests.bench.django_ready  # noqa: F401

# isort: split
from django.db.models import F

from inventory.actions.counting import Count, count_stock
from inventory.models import Availability, Product, Variant, Warehouse
from oms.models import Channel
from oms.transactions import run_transaction
from orders.actions.placing import place_orders
from orders.channels.incoming import IncomingOrder
from orders.models import CarrierAccount, CarrierRate, CarrierService, Order

COUNTRIES = ("DE", "FR", "NL", "PL", "ES", "IT", "GB", "CH")
SITES, SKUS, LINES = 20, 400, 3
SERVICES = (("CP", "Parcel", False), ("RR", "Small parcel", False), ("EE", "Express", True))
WEIGHTS = ((0, 500), (501, 2_000), (2_001, 5_000), (5_001, 31_500))  # grams
CHANNEL, BY, AT_ONCE = "routed", "system", 500


def fill_terrain(orders: int, *, homes: int, window: int, at: datetime) -> None:
    """`window`: the minutes of the orders' edit window; 0: they are released at once."""
    chance = random.Random(20)
    Order.objects.filter(status=Order.Status.RELEASED, routed_at=None).update(routed_at=F("released_at"))
    Warehouse.objects.update(active=False)
    places = [_open_warehouse(number) for number in range(SITES)]
    _write_rates(places, chance)
    skus = _stock_up(places, Decimal(orders * LINES * 3 // SKUS // homes + 2), homes, chance, at=at)
    Channel.objects.create(code=CHANNEL, name="Routed", connector=Channel.Connector.API, edit_window_minutes=window)
    wanted = (_order(number, skus, chance, at=at) for number in range(orders))
    while batch := [order for order, _ in zip(wanted, range(AT_ONCE), strict=False)]:
        _place(batch, at=at)


def _open_warehouse(number: int) -> Warehouse:
    country = COUNTRIES[number % len(COUNTRIES)]
    return Warehouse.objects.create(
        code=f"W{number:02}",
        name=f"Warehouse {number}",
        country=country,
        city=f"Town {number}",
        address={"company": "Bench", "line1": f"Street {number}", "postal_code": "10119", "city": f"Town {number}"},
        time_zone="Europe/Berlin",
        cut_off=time(12 + number % 6),
        priority=number,
    )


def _write_rates(places: list[Warehouse], chance: random.Random) -> None:
    """The further by the order of the countries, the dearer and the longer."""
    account = CarrierAccount.objects.create(code="house", name="House post", kind=CarrierAccount.Kind.HOUSE)
    rows: list[CarrierRate] = []
    for indicator, name, express in SERVICES:
        service = CarrierService.objects.create(
            account=account, code=indicator, name=name, indicator=indicator, express=express, volumetric_divisor=5_000
        )
        for place in places:
            for steps, country in enumerate(COUNTRIES):
                far = abs(steps - COUNTRIES.index(place.country))
                base = Decimal(4 + 2 * far + 8 * express) + Decimal(chance.randrange(150)) / 100
                rows += _rate_rows(service, place, country, base, days=1 if express else 2 + far)
    CarrierRate.objects.bulk_create(rows)


def _rate_rows(
    service: CarrierService, place: Warehouse, country: str, base: Decimal, *, days: int
) -> Iterator[CarrierRate]:
    for step, (least, most) in enumerate(WEIGHTS):
        yield CarrierRate(
            service=service,
            warehouse=place,
            country=country,
            from_grams=least,
            to_grams=most,
            price=base * (2 + step) / 2,
            price_per_kg=Decimal("1.10") if most == WEIGHTS[-1][1] else None,
            days=days,
        )


def _stock_up(places: list[Warehouse], units: Decimal, homes: int, chance: random.Random, *, at: datetime) -> list[str]:
    product = Product.objects.create(title="Linen shirt")
    variants = Variant.objects.bulk_create(
        Variant(
            product=product,
            sku=f"SHIRT-{number:03}",
            price=Decimal("19.90"),
            currency="EUR",
            weight_grams=150 + 10 * (number % 40),
            length_mm=300,
            width_mm=200,
            height_mm=20 + number % 30,
            hs_code="610910",
            origin=COUNTRIES[number % len(COUNTRIES)],
        )
        for number in range(SKUS)
    )
    Availability.objects.bulk_create(Availability(variant=variant) for variant in variants)
    shelves = [(variant.sku, place) for variant in variants for place in chance.sample(places, homes)]
    for place in places:
        counts = [Count(sku, place.code, on_hand=units) for sku, home in shelves if home == place]
        count_stock(counts, by=BY, at=at)
    return [variant.sku for variant in variants]


def _order(number: int, skus: list[str], chance: random.Random, *, at: datetime) -> IncomingOrder:
    buyer, country = f"Buyer {number}", chance.choice(COUNTRIES)
    quantities = [chance.choice((1, 1, 1, 2)) for _ in range(LINES)]
    body: dict[str, Any] = {
        "channel": CHANNEL,
        "external_id": f"routed-{number}",
        "placed_at": at - timedelta(minutes=1),
        "currency": "EUR",
        "tax_included": True,
        "customer": {"email": f"routed{number}@example.com", "name": buyer, "locale": "de"},
        "shipping_address": {
            "name": buyer,
            "line1": f"Torstr. {number}",
            "city": "Berlin",
            "postal_code": "10119",
            "country": country,
        },
        "lines": [
            {"external_id": f"l{place}", "sku": sku, "quantity": quantity, "unit_price": "19.90"}
            for place, (sku, quantity) in enumerate(zip(chance.sample(skus, LINES), quantities, strict=True))
        ],
        "shipping": {"method": "express" if chance.random() < 0.1 else "standard", "amount": "4.90"},
        "payment": {"status": "PAID", "gateway": "sandbox", "reference": f"ch_routed_{number}"},
    }
    return IncomingOrder.model_validate(body)


def _place(batch: list[IncomingOrder], *, at: datetime) -> None:
    placements = run_transaction(lambda: place_orders(batch, by=BY, at=at))
    assert {each.status for each in placements} == {"placed"}, [each.refusal for each in placements if each.refusal][:1]


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    fill_terrain(told["orders"], homes=told["homes"], window=told["window"], at=datetime.now(UTC))
