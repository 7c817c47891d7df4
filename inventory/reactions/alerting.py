"""Telling the people of operations that something runs low."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail

from inventory.events import StockRanLow


def mail_low_stock(told: Sequence[StockRanLow]) -> None:
    """One mail for the SKUs that fell to their threshold; none when nobody is named to get it."""
    if not settings.OPERATIONS_EMAILS:
        return
    lines = [
        f"{event.subject}: {event.facts['available']} left, threshold {event.facts['threshold']:g}" for event in told
    ]
    send_mail(
        subject=f"Low stock: {', '.join(event.subject for event in told)}"[:200],
        message="These SKUs have fallen to their threshold:\n\n" + "\n".join(lines) + "\n",
        from_email=None,
        recipient_list=settings.OPERATIONS_EMAILS,
    )
