"""What to fetch for many parcels at once, and what then goes into each. One list a warehouse, in English and on
the warehouse's clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from orders.documents.joining import join_pdfs
from orders.documents.pictures import draw_barcode
from orders.documents.rendering import paper_of, render_pdf
from orders.documents.showing import show_lines, show_rules, show_units
from orders.queries.papers import ParcelPapers, read_papers

MOST_PARCELS = 100
"""On one list: more than a trolley holds, and a longer one takes memory by the hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Total:
    """Units of one SKU for all parcels of a list."""

    sku: str
    title: str
    barcode: str
    quantity: Decimal

    @property
    def units(self) -> str:
        return show_units(self.quantity)


def print_pick_list(numbers: Sequence[str], *, at: datetime) -> bytes:
    """Totals by SKU with boxes to tick, then each parcel with its bars, lines and how to pack it.

    Raises:
        FulfillmentNotFound, DocumentsUnavailable.
    """
    with translation.override("en"):
        return join_pdfs(_print_list(parcels, at=at) for parcels in _split(read_papers(numbers)))


def add_up(parcels: Sequence[ParcelPapers]) -> list[Total]:
    """By SKU; what has none stands by its title at the end."""
    sums: dict[tuple[bool, str, str], Total] = {}
    for line in (line for parcel in parcels for line in parcel.lines):
        key = (not line.sku, line.sku, "" if line.sku else line.title)
        so_far = sums[key].quantity if key in sums else Decimal(0)
        sums[key] = Total(line.sku, line.title, line.barcode, so_far + line.quantity)
    return [sums[key] for key in sorted(sums)]


def _split(parcels: Sequence[ParcelPapers]) -> Iterator[Sequence[ParcelPapers]]:
    for warehouse in dict.fromkeys(parcel.warehouse for parcel in parcels):
        here = [parcel for parcel in parcels if parcel.warehouse == warehouse]
        for start in range(0, len(here), MOST_PARCELS):
            yield here[start : start + MOST_PARCELS]


def _print_list(parcels: Sequence[ParcelPapers], *, at: datetime) -> bytes:
    first, totals = parcels[0], add_up(parcels)
    context = {
        "warehouse": first.warehouse,
        "parcels": [_show_parcel(parcel) for parcel in parcels],
        "totals": totals,
        "units": show_units(sum((total.quantity for total in totals), Decimal(0))),
        "printed_at": at,
        "foot": f"Pick list {first.warehouse}",
    }
    with timezone.override(ZoneInfo(first.time_zone)):
        return render_pdf("pick_list.html", context, paper=paper_of(first.ship_from.get("country", "")))


def _show_parcel(parcel: ParcelPapers) -> dict[str, Any]:
    where = (parcel.ship_to.get(part, "") for part in ("name", "city", "country"))
    return {
        "number": parcel.number,
        "where": ", ".join(filter(None, where)),
        "service": " ".join(filter(None, (parcel.carrier, parcel.service))),
        "ship_by": parcel.ship_by,
        "note": parcel.note,
        "barcode": draw_barcode(parcel.number),
        "lines": show_lines(parcel.lines),
        "rules": show_rules(parcel.handling),
    }
