"""Saying who may change what. Each change of the table is on record, with what stood there before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oms import events
from oms.errors import Invalid, NotFound
from oms.transactions import transactional
from orders.actions.windows.arranging import faults_of
from orders.models import EditPermission
from orders.rate_events import EditPermissionRemoved, EditPermissionSaved, EditPermissionsOrdered

COLUMNS = ("actor", "operation", "stage", "to_another_country", "limits", "verdict", "sentence")
TABLE = "table"
"""The subject of what concerns the table as a whole."""
STEP = 10


@transactional
def save_permission(*, permission: EditPermission, by: str, at: datetime) -> EditPermission:
    """Keep the row; a new one stands last. One that changed nothing is not announced.

    Raises:
        Invalid: it contradicts itself.
    """
    if errors := faults_of(permission):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    rows = _lock()
    standing = next((row for row in rows if row.pk == permission.pk), None)
    before = describe_permission(standing) if standing else None
    after = describe_permission(permission)
    if before == after:
        return permission

    if standing is None:
        permission.position = max((row.position for row in rows), default=0) + STEP
    permission.save()
    facts = {"before": before, "after": after}
    events.publish([EditPermissionSaved(subject=str(permission.pk), by=by, at=at, facts=facts)])
    return permission


@transactional
def delete_permission(*, permission_id: int, by: str, at: datetime) -> None:
    """Take a row away. Doing it twice is harmless."""
    row = next((row for row in _lock() if row.pk == permission_id), None)
    if row is None:
        return
    before = describe_permission(row)
    row.delete()
    events.publish([EditPermissionRemoved(subject=str(permission_id), by=by, at=at, facts={"before": before})])


@transactional
def reorder_permissions(*, permission_ids: Sequence[int], by: str, at: datetime) -> None:
    """Let the rows stand in this order; those that are not named keep theirs behind them.

    Raises:
        NotFound: one of them is gone.
    """
    rows = _lock()
    by_id = {row.pk: row for row in rows}
    wanted = list(dict.fromkeys(permission_ids))
    if any(each not in by_id for each in wanted):
        raise NotFound("One of these rows is gone. Look at the table again.")
    before = list(by_id)
    after = [*wanted, *(pk for pk in before if pk not in set(wanted))]
    if after == before:
        return

    for place, pk in enumerate(after, start=1):
        by_id[pk].position = STEP * place
    EditPermission.objects.bulk_update(rows, ["position"])
    facts = {"before": before, "after": after}
    events.publish([EditPermissionsOrdered(subject=TABLE, by=by, at=at, facts=facts)])


def describe_permission(row: EditPermission) -> dict[str, Any]:
    """The row as its events tell it."""
    return {column: getattr(row, column) for column in COLUMNS}


def _lock() -> list[EditPermission]:
    """All rows, in the order in which they are asked; whoever else changes the table waits."""
    return list(EditPermission.objects.select_for_update().order_by("position", "id"))
