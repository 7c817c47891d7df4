"""Who may change what: actor × operation × stage × amount, as rows that an operator orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Ruling = Literal["ALLOW", "APPROVE", "REFUSE"]
_STRICTNESS: Sequence[Ruling] = ("ALLOW", "APPROVE", "REFUSE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One row: what it fits, and what it says. `limits`: raises up to so much, by currency; None: any amount."""

    actor: str
    operation: str
    stage: str
    to_another_country: bool | None
    limits: Mapping[str, Decimal] | None
    verdict: Ruling
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody wants to do. `rise`: by how much more would be owed; negative when it gets cheaper."""

    actor: str
    operations: Sequence[str]
    stage: str
    to_another_country: bool
    rise: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The strictest ruling over all operations, with its sentence and the operation that it is for."""

    ruling: Ruling
    operation: str = ""
    sentence: str = ""


def judge_permission(attempt: Attempt, rows: Sequence[Permission]) -> Judgement:
    """Of each operation the first row that fits decides; none fits: refused. The strictest decides for all."""
    judgements = [_judge_one(operation, attempt, rows) for operation in attempt.operations]
    return max(judgements, key=lambda judgement: _STRICTNESS.index(judgement.ruling))


def find_row(operation: str, attempt: Attempt, rows: Sequence[Permission]) -> int | None:
    """The place of the first row that fits; None when none does."""
    return next((place for place, row in enumerate(rows) if _fits(row, operation, attempt)), None)


def _judge_one(operation: str, attempt: Attempt, rows: Sequence[Permission]) -> Judgement:
    place = find_row(operation, attempt, rows)
    if place is None:
        return Judgement("REFUSE", operation, "")
    return Judgement(rows[place].verdict, operation, rows[place].sentence)


def _fits(row: Permission, operation: str, attempt: Attempt) -> bool:
    return (
        row.actor in ("ANY", attempt.actor)
        and row.operation in ("ANY", operation)
        and row.stage in ("ANY", attempt.stage)
        and (row.to_another_country is None or row.to_another_country == attempt.to_another_country)
        and (row.limits is None or attempt.rise <= row.limits.get(attempt.currency, Decimal(0)))
    )
