"""Keeping the rates of shipping, of carriers and of tax. Each change is on record, with what stood there before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from oms import events
from oms.errors import Invalid
from oms.events import Event
from oms.transactions import transactional
from orders.actions.windows.arranging import faults_of
from orders.models import CarrierRate, ShippingRate, TaxRate
from orders.rate_events import (
    CarrierRateRemoved,
    CarrierRateSaved,
    ShippingRateRemoved,
    ShippingRateSaved,
    TaxRateRemoved,
    TaxRateSaved,
)

Rate = ShippingRate | TaxRate | CarrierRate
Described = Mapping[str, Any]

COLUMNS: Mapping[type[Rate], Sequence[str]] = {
    ShippingRate: (
        *("channel", "country", "method", "title", "currency", "price", "free_from", "weight_from", "weight_below"),
        *("tax_rate", "days_least", "days_most", "active"),
    ),
    TaxRate: ("country", "province", "category", "rate", "from_date", "until_date", "source"),
    CarrierRate: ("service", "warehouse", "country", "from_grams", "to_grams", "price", "price_per_kg", "days"),
}
_SAVED: Mapping[type[Rate], type[Event]] = {
    ShippingRate: ShippingRateSaved,
    TaxRate: TaxRateSaved,
    CarrierRate: CarrierRateSaved,
}
_REMOVED: Mapping[type[Rate], type[Event]] = {
    ShippingRate: ShippingRateRemoved,
    TaxRate: TaxRateRemoved,
    CarrierRate: CarrierRateRemoved,
}


@transactional
def save_rate(*, rate: Rate, by: str, at: datetime) -> None:
    """Keep the rate, a new one or a changed one. One that changed nothing is not announced.

    Raises:
        Invalid: it contradicts itself, or another rate.
    """
    if errors := faults_of(rate):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    standing = type(rate)._default_manager.select_for_update(of=("self",)).filter(pk=rate.pk).first()
    before = describe_rate(standing) if standing else None
    rate.save()
    announce_rates([(before, rate)], by=by, at=at)


@transactional
def delete_rate(*, rate: Rate, by: str, at: datetime) -> None:
    """Take a rate away. Doing it twice is harmless."""
    standing = type(rate)._default_manager.select_for_update(of=("self",)).filter(pk=rate.pk).first()
    if standing is None:
        return
    before = describe_rate(standing)
    subject = str(standing.pk)
    standing.delete()
    events.publish([_REMOVED[type(rate)](subject=subject, by=by, at=at, facts={"before": before})])


def announce_rates(changes: Sequence[tuple[Described | None, Rate]], *, by: str, at: datetime) -> None:
    """Tell of rates that were saved, each with what stood there before (None: it is new), unless it stayed the same."""
    told = [(before, describe_rate(rate), rate) for before, rate in changes]
    events.publish(
        [
            _SAVED[type(rate)](subject=str(rate.pk), by=by, at=at, facts={"before": before, "after": after})
            for before, after, rate in told
            if before != after
        ]
    )


def describe_rate(rate: Rate) -> dict[str, Any]:
    """The rate as its events tell it: codes, plain decimals, days as ISO 8601."""
    return {column: _plain(getattr(rate, column)) for column in COLUMNS[type(rate)]}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "code", value)
