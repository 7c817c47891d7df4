"""Changes that were collected and not confirmed yet. They live in the session, so that two tabs and the back button
see the same; what is confirmed is not the draft but the signed list that the preview has shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core import signing
from django.http import HttpRequest

from orders.models import Order
from orders.policies.edits.operations import MOST_OPERATIONS

_DRAFTS = "orders_drafts"
_SALT = "orders.portal.confirmation"
TOGETHER = "together:"
"""Changes whose keys begin with it and have the next word in common come and go together: "together:7:12"."""
CONFIRM_WITHIN = 24 * 3600
"""Seconds. By then every window is over."""

Operation = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """Operations by what they change: "line:12", "line:12:quantity", "add:TEE-M-BLK", "address", "shipping" …"""

    changes: dict[str, Operation] = field(default_factory=dict)

    @property
    def operations(self) -> list[Operation]:
        return list(self.changes.values())

    def __len__(self) -> int:
        return len(self.changes)

    def of_line(self, line: int) -> dict[str, Operation]:
        """What was asked of that line, by operation."""
        return {each["op"]: each for each in self.operations if each.get("line") == line}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody saw and confirmed. `form`: sent twice it is done once."""

    operations: list[Operation]
    version: int
    form: str


def read_draft(request: HttpRequest, order: Order) -> Draft:
    return Draft(dict(request.session.get(_DRAFTS, {}).get(order.number, {})))


def put_change(request: HttpRequest, order: Order, key: str, operation: Operation) -> None:
    """The last word on one thing counts."""
    draft = read_draft(request, order)
    draft.changes.pop(key, None)
    draft.changes[key] = operation
    if len(draft) <= MOST_OPERATIONS:
        _write(request, order, draft.changes)


def put_line_change(request: HttpRequest, order: Order, line: int, wanted: list[Operation]) -> None:
    """The last word on a line counts; who only counts it anew still wants the other size of all of it."""
    draft = read_draft(request, order)
    swapped = draft.of_line(line).get("swap_variant", {})
    if [each["op"] for each in wanted] == ["set_quantity"] and swapped and "quantity" not in swapped:
        wanted = [swapped, *wanted]
    for key in [key for key, each in draft.changes.items() if each.get("line") == line]:
        del draft.changes[key]
    for each in wanted:
        draft.changes[f"line:{line}:quantity" if each["op"] == "set_quantity" else f"line:{line}"] = each
    if len(draft) <= MOST_OPERATIONS:
        _write(request, order, draft.changes)


def drop_change(request: HttpRequest, order: Order, key: str) -> None:
    """And what came together with it."""
    draft = read_draft(request, order)
    shared = f"{key.rpartition(':')[0]}:" if key.startswith(TOGETHER) else ""
    gone = {each for each in draft.changes if each == key or (shared and each.startswith(shared))}
    _write(request, order, {each: change for each, change in draft.changes.items() if each not in gone})


def drop_draft(request: HttpRequest, order: Order) -> None:
    _write(request, order, {})


def drop_confirmed(request: HttpRequest, order: Order, confirmation: Confirmation) -> None:
    """What was collected since, in another tab, stays."""
    changes = read_draft(request, order).changes
    _write(request, order, {key: each for key, each in changes.items() if each not in confirmation.operations})


def seal(order: Order, draft: Draft, *, version: int) -> str:
    """A token of exactly these changes of exactly this version of the order."""
    sealed = {"order": order.number, "operations": draft.operations, "version": version, "form": uuid4().hex}
    return signing.dumps(sealed, salt=_SALT, compress=True)


def unseal(order: Order, token: str) -> Confirmation | None:
    """None when it is not one of ours, is of another order, or lay about for too long."""
    try:
        sealed: Mapping[str, Any] = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    if sealed["order"] != order.number:
        return None
    return Confirmation(sealed["operations"], sealed["version"], sealed["form"])


def _write(request: HttpRequest, order: Order, changes: Mapping[str, Operation]) -> None:
    drafts = {number: each for number, each in request.session.get(_DRAFTS, {}).items() if number != order.number}
    request.session[_DRAFTS] = {**drafts, order.number: dict(changes)} if changes else drafts
