"""The rate tables of all carriers that we use."""

from collections.abc import Sequence
from typing import Any

from orders.models import CarrierRate
from orders.policies.shipping.rates import Offered, RateRow, RateTable


def read_rate_table() -> RateTable:
    """The rows of active services of active accounts, in the shop's currency."""
    rows = CarrierRate.objects.filter(service__active=True, service__account__active=True).order_by("id")
    services: dict[int, Offered] = {}
    return RateTable(_row(row, services) for row in rows.values_list(*_COLUMNS, *_OF_SERVICE))


_COLUMNS = ("warehouse_id", "country", "from_grams", "to_grams", "price", "price_per_kg", "days")
_OF_SERVICE = (
    "service_id",
    "service__account__code",
    "service__code",
    "service__name",
    "service__express",
    "service__most_grams",
    "service__volumetric_divisor",
)


def _row(row: Sequence[Any], services: dict[int, Offered]) -> RateRow:
    columns, described = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
    service = services.get(described[0])
    if service is None:
        service = services[described[0]] = Offered(*described)
    return RateRow(service, *columns)
