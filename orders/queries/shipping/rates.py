"""The rate tables of all carriers that we use."""

from orders.models import CarrierRate
from orders.policies.shipping.rates import Offered, RateRow, RateTable


def read_rate_table() -> RateTable:
    """The rows of active services of active accounts, in the shop's currency."""
    rows = CarrierRate.objects.filter(service__active=True, service__account__active=True)
    services: dict[int, Offered] = {}
    return RateTable(_row(row, services) for row in rows.select_related("service__account").order_by("id"))


def _row(row: CarrierRate, services: dict[int, Offered]) -> RateRow:
    service = services.get(row.service_id)
    if service is None:
        of = row.service
        service = services[row.service_id] = Offered(
            of.pk, of.account.code, of.code, of.name, of.express, of.most_grams, of.volumetric_divisor
        )
    return RateRow(
        service=service,
        warehouse=row.warehouse_id,
        country=row.country,
        from_grams=row.from_grams,
        to_grams=row.to_grams,
        price=row.price,
        price_per_kg=row.price_per_kg,
        days=row.days,
    )
