"""Until when an order's edit window, and so its offers, live."""

from datetime import datetime

from orders.models import Hold, Order


def find_window_end(order: Order, *, at: datetime) -> datetime | None:
    """None where the window is not open, or has no end that is known."""
    windows = order.holds.open(at=at).filter(reason=Hold.Reason.EDIT_WINDOW, staff_only=False)
    return windows.values_list("until", flat=True).first()
