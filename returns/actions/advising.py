"""Noting that advice was shown before a return, and what became of it: whether it saved the return is measured."""

from collections.abc import Collection, Sequence
from datetime import datetime

from oms.transactions import transactional
from returns.models import AdviceShown


@transactional
def note_advice_shown(*, shown: Sequence[tuple[int, int | None]], at: datetime) -> None:
    """Pairs of an order's line and the advice, None for that of the sizes. Shown again it is the same."""
    rows = [AdviceShown(line_id=line, advice_id=advice, shown_at=at) for line, advice in shown]
    AdviceShown.objects.bulk_create(rows, ignore_conflicts=True)


@transactional
def note_kept(*, line: int, at: datetime) -> None:
    """They read it, and keep the thing."""
    AdviceShown.objects.filter(line=line, returned_at=None, kept_at=None).update(kept_at=at)


@transactional
def note_returned(*, lines: Collection[int], at: datetime) -> None:
    """A return was asked for all the same; who had said to keep it has thought again."""
    AdviceShown.objects.filter(line__in=lines, returned_at=None, shown_at__lte=at).update(returned_at=at, kept_at=None)
