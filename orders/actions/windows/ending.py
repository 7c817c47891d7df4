"""Ending an edit window before its time, and saying why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oms import events
from orders.events import WindowEnded
from orders.models import Hold, Order


def close_window(order: Order, *, because: Mapping[str, Any], by: str, at: datetime) -> bool:
    """Close the locked order's edit window, if one is open; the reason stays on it. True when there was one."""
    open_windows = order.holds.open(at=at).filter(reason=Hold.Reason.EDIT_WINDOW)
    if not open_windows.update(closed_at=at, closed_by=by, closed_because=dict(because)):
        return False
    order.touch(at=at)
    events.publish([WindowEnded(subject=order.number, by=by, at=at, facts=because)])
    return True
