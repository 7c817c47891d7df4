"""Which credit is spent, held, and allowed to run out.

A lot has two parts, base and bonus, each with an end of its own. What ends soonest is spent first; of two that end
together the bonus, since only base can ever become money again. A hold is on an amount, and protects the parts that it
would spend from running out, but only such as were alive when it was made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """What is left of a lot's base or bonus. Without an end it never runs out."""

    lot: int
    bonus: bool
    left: Decimal
    expires_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


@dataclass(frozen=True, slots=True)
class Held:
    """An amount that was set aside at a moment."""

    name: str
    amount: Decimal
    since: datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """An amount of a part."""

    lot: int
    bonus: bool
    amount: Decimal


def sort_parts(parts: Iterable[Part]) -> list[Part]:
    """In the order in which they are spent."""
    return sorted(
        parts, key=lambda p: (p.expires_at is None, p.expires_at.timestamp() if p.expires_at else 0, not p.bonus, p.lot)
    )


def draw_amount(parts: Iterable[Part], amount: Decimal) -> list[Draw]:
    """The amount taken from the parts in their order; less, where they have less."""
    draws = []
    for part in sort_parts(parts):
        taken = min(part.left, amount)
        if taken > 0:
            draws.append(Draw(part.lot, part.bonus, taken))
            amount -= taken
    return draws


def cut_draws(draws: Iterable[Draw], amount: Decimal) -> list[Draw]:
    """The first of them, up to the amount."""
    cut = []
    for draw in draws:
        taken = min(draw.amount, amount)
        if taken > 0:
            cut.append(replace(draw, amount=taken))
            amount -= taken
    return cut


def assign_holds(parts: Sequence[Part], holds: Iterable[Held]) -> dict[str, list[Draw]]:
    """What each hold would spend: the oldest hold first, of the parts that were alive when it was made.

    An older hold may use every part that a younger one may, and takes of them what the younger one can use least: so
    when every hold was covered once, every hold stays covered, whatever is given, spent, freed or runs out later.
    """
    left = list(sort_parts(parts))
    assigned: dict[str, list[Draw]] = {}
    for hold in sorted(holds, key=lambda hold: (hold.since, hold.name)):
        alive = [part for part in left if not part.is_over(hold.since)]
        assigned[hold.name] = draw_amount(alive, hold.amount)
        left = take_away(left, assigned[hold.name])
    return assigned


def take_away(parts: Iterable[Part], draws: Iterable[Draw]) -> list[Part]:
    """The parts without what was drawn of them."""
    drawn: dict[tuple[int, bool], Decimal] = defaultdict(Decimal)
    for draw in draws:
        drawn[draw.lot, draw.bonus] += draw.amount
    return [replace(part, left=part.left - drawn[part.lot, part.bonus]) for part in parts]


def free_parts(parts: Sequence[Part], assigned: Mapping[str, Sequence[Draw]]) -> list[Part]:
    """What no hold counts on."""
    free = take_away(parts, [draw for draws in assigned.values() for draw in draws])
    return [part for part in sort_parts(free) if part.left > 0]


def find_over(free: Iterable[Part], at: datetime) -> list[Draw]:
    """What has run out by now."""
    return [Draw(part.lot, part.bonus, part.left) for part in free if part.is_over(at)]


def sum_parts(parts: Iterable[Part]) -> Decimal:
    return sum((part.left for part in parts), NOTHING)
