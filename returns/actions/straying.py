"""Parcels at the door that belong to no return we know: kept for a person instead of being refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oms.transactions import transactional
from returns.absences import StrayNotFound
from returns.models import Return, ReturnNode, StrayParcel


@transactional
def note_stray(
    *, code: str, items: Sequence[dict[str, Any]], node: ReturnNode | None, note: str = "", by: str, at: datetime
) -> StrayParcel:
    """Keep what was found: the code that was scanned, and what was in it [{"sku", "quantity", "note"}]."""
    standing = StrayParcel.objects.filter(code=code[:120], node=node, resolved_at=None).exclude(code="").first()
    if standing:
        return standing
    return StrayParcel.objects.create(
        code=code[:120], items=list(items), node=node, note=note[:500], received_at=at, received_by=by
    )


@transactional
def resolve_stray(
    *, stray_id: int, resolution: str, return_: Return | None = None, by: str, at: datetime
) -> StrayParcel:
    """A person knows what it was, and says so. Twice is harmless.

    Raises:
        StrayNotFound
    """
    stray = StrayParcel.objects.select_for_update(of=("self",), no_key=True).filter(id=stray_id).first()
    if stray is None:
        raise StrayNotFound
    if stray.resolved_at is None:
        stray.resolution, stray.of, stray.resolved_at, stray.resolved_by = resolution[:255], return_, at, by
        stray.save(update_fields=["resolution", "of", "resolved_at", "resolved_by"])
    return stray
