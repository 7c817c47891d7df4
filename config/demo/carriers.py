"""The demo's carrier works alone: no parcel of the demo costs anybody anything."""

from collections.abc import Iterator
from decimal import Decimal
"""What it costs the brand to send a parcel, and its wishes about who sends it."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from config.demo.brand import read_table
from inventory.models import Warehouse
from orders.models import CarrierAccount, CarrierRate, CarrierService


def keep_carriers() -> None:
    """The house carrier, its services, and what they ask from each warehouse."""
    table = read_table("carriers")
    account = CarrierAccount.objects.create(kind=CarrierAccount.Kind.HOUSE, **table["account"])
    made = CarrierService.objects.bulk_create([CarrierService(account=account, **each) for each in table["service"]])
    services = {service.code: service for service in made}
    warehouses = dict(Warehouse.objects.values_list("code", "id"))
    CarrierRate.objects.bulk_create(
        [row for lane in table["lane"] for row in _rows(lane, services, warehouses[lane["warehouse"]])]
    )


def _rows(lane: dict[str, Any], services: dict[str, CarrierService], warehouse_id: int) -> Iterator[CarrierRate]:
    for country in lane["countries"]:
        for code in (code for code in services if code in lane):
            asked, begins = lane[code], 0
            for most, price in asked["steps"]:
                last = most == asked["steps"][-1][0]
                yield CarrierRate(
                    service=services[code],
                    warehouse_id=warehouse_id,
                    country=country,
                    from_grams=begins,
                    to_grams=most,
                    price=Decimal(price),
                    price_per_kg=Decimal(asked["more"]) if last and "more" in asked else None,
                    days=asked["days"],
                )
                begins = most + 1
from orders.models import CarrierAccount, CarrierRate, CarrierService, RoutingRule

HOUSE = "house"


def open_carrier() -> None:
    """The house carrier, which works alone, with a rate table for each warehouse; Kuwait is on none of them."""
    table = read_table("carriers")
    warehouses = {each.code: each for each in Warehouse.objects.all()}
    account, _ = CarrierAccount.objects.get_or_create(
        code=HOUSE, defaults={"name": "House carrier", "kind": CarrierAccount.Kind.HOUSE}
    )
    services = {row["code"]: CarrierService.objects.create(account=account, **row) for row in table["service"]}
    starts = list(pairwise([-1, *table["steps"]]))
    CarrierRate.objects.bulk_create(
        [
            CarrierRate(
                service=services[group["service"]],
                warehouse=warehouses[group["warehouse"]],
                country=country,
                from_grams=before + 1,
                to_grams=most,
                price=Decimal(price),
                days=zone["days"],
            )
            for group in table["rates"]
            for zone in group["zones"]
            for country in zone["countries"]
            for (before, most), price in zip(starts, zone["prices"], strict=True)
        ]
    )
    RoutingRule.objects.bulk_create([_rule(row, warehouses) for row in table["rule"]])


def _rule(row: dict[str, Any], warehouses: dict[str, Warehouse]) -> RoutingRule:
    amount = Decimal(row.get("amount", "0"))
    return RoutingRule(**{**row, "warehouse": warehouses[row["warehouse"]], "amount": amount})
