"""Who changed which rate, when, and what stood there before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.models import EventRecord
from oms.quantities import plain
from orders.actions.edits.rating import COLUMNS
from orders.models import CarrierRate, ShippingRate, TaxRate

Facts = Mapping[str, Any]

SHOWN = 12
_HUNDRED = Decimal(100)
_COLUMNS = dict.fromkeys((*COLUMNS[ShippingRate], *COLUMNS[TaxRate], *COLUMNS[CarrierRate]))
_LABELS = {"tax_rate": "tax", "days_least": "days, at least", "days_most": "days, at most", "active": "in use"}
_LABELS |= {"from_date": "from", "until_date": "until"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history. `before` and `after` name only what differs."""

    at: datetime
    by: str
    rate: str
    what: str
    before: str
    after: str


def read_rate_history(kind: str, *, rate_id: int | None = None) -> list[Change]:
    """The last changes of a table, or of one rate, the newest first. `kind` is that of its events."""
    records = EventRecord.objects.filter(subject_kind=kind)
    if rate_id is not None:
        records = records.filter(subject=str(rate_id))
    return [_tell(record) for record in records.order_by("-id")[:SHOWN]]


def _tell(record: EventRecord) -> Change:
    before, after = record.facts.get("before") or {}, record.facts.get("after") or {}
    what = "Changed" if before and after else "Added" if after else "Removed"
    differs = [name for name in _COLUMNS if (before.get(name) or None) != (after.get(name) or None)]
    return Change(
        record.at, record.by, _name(after or before), what, _list_values(before, differs), _list_values(after, differs)
    )


def _name(rate: Facts) -> str:
    """ "standard to DE, web"; "DE, books"; "economy to DE, LEJ" """
    place = " ".join(filter(None, (rate.get("country"), rate.get("province"))))
    if "service" in rate:
        return ", ".join(filter(None, (f"{rate['service']} to {place or 'anywhere'}", rate.get("warehouse"))))
    if "method" in rate:
        return ", ".join(filter(None, (f"{rate['method']} to {place or 'anywhere'}", rate.get("channel"))))
    return ", ".join(filter(None, (place, rate.get("category"))))


def _list_values(rate: Facts, names: list[str]) -> str:
    return ", ".join(f"{_label(name)} {_say(name, rate[name])}" for name in names if name in rate)


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " "))


def _say(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if name in ("rate", "tax_rate"):
        return f"{plain(Decimal(value) * _HUNDRED)} %"
    if name.endswith("_grams"):
        return f"{value} g"
    if name.startswith("weight_"):
        return f"{plain(Decimal(value) / 1000)} kg"
    if name == "active":
        return "yes" if value else "no"
    return str(value)
