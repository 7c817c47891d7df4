"""Telling the people of operations that something runs low."""

from collections.abc import Sequence

from inventory.events import StockRanLow
from oms.actions.alerting import alert_operations
from oms.actions.posting import Envelope
from oms.mailing import Letter


def mail_low_stock(told: Sequence[StockRanLow]) -> None:
    """One mail for the SKUs that fell to their threshold; none when nobody is named to get it."""
    first = told[0]
    letter = Letter(
        subject=f"Low stock: {', '.join(event.subject for event in told)}",
        headline="Stock runs low",
        paragraphs=["These SKUs have fallen to their threshold:"],
        points=[
            f"{event.subject}: {event.facts['available']} left, threshold {event.facts['threshold']:g}"
            for event in told
        ],
    )
    key = f"stock_low.{first.at:%Y%m%d%H%M%S%f}.{first.subject}"[:90]
    alert_operations(letter, Envelope(key=key, kind="staff_alert", about_kind="sku", about=first.subject), at=first.at)
