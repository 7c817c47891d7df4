"""Where an order stands for somebody who wants to edit it, and what to say when it is too late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from orders.policies.edits.lines import Reason

ADVICE = "Write to us: what has not left the warehouse can often still be changed; what has can be returned."


class Window(Protocol):
    """The order's edit window."""

    @property
    def open(self) -> bool: ...
    @property
    def staff_only(self) -> bool: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def detail(self) -> str: ...
    @property
    def closed_because(self) -> Mapping[str, Any]: ...


def judge_stage(status: str, window: Window | None, *, actor: str, self_service: str) -> str:
    """WINDOW_OPEN, HELD or RELEASED. A window that is not the customer's is none for the customer."""
    if status == "RELEASED":
        return "RELEASED"
    if window is None or not window.open:
        return "HELD"
    if actor == "CUSTOMER" and (window.staff_only or self_service == "CONTROL"):
        return "HELD"
    return "WINDOW_OPEN"


def why_closed(status: str, window: Window | None, *, self_service: str) -> Reason:
    """Why the customer cannot edit, and what to do instead; the facts are `closed_at`, `skus` …, as far as known."""
    if self_service == "CONTROL" or (window and window.staff_only):
        return Reason("staff_only", f"This order cannot be changed online. {ADVICE}")
    if window is None:
        return Reason("no_window", f"This order had no time for changes. {ADVICE}")
    because = dict(window.closed_because)
    code = because.pop("code", "")
    closed_at = window.closed_at if code else window.until or window.closed_at
    facts = because | {"closed_at": closed_at.isoformat() if closed_at else None}
    if code == "low_stock":
        skus = ", ".join(facts.get("skus", ()))
        sentence = f"Stock of {skus} ran low, so the order went to the warehouse at once. {ADVICE}"
        return Reason("low_stock", sentence, facts)
    if code == "no_window":
        return Reason("no_window", f"{window.detail} {ADVICE}", facts)
    if code == "released" or (status == "RELEASED" and code):
        return Reason("released", f"The order went to the warehouse already. {ADVICE}", facts)
    return Reason("ran_out", f"The time for changes is over. {ADVICE}", facts)
