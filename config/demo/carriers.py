"""The demo's carrier works alone: no parcel of the demo costs anybody anything."""

from collections.abc import Iterator
from decimal import Decimal
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
