"""What a return costs and brings: each part as soon as it is certain, and once. In the order's currency, without tax.

Costs are positive, income is negative. What goods lose is told by their grade and by what becomes of them: as new they
lose nothing, and what is sold locally brings the node's share of its price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms.money import round_amount
from returns.choices import Disposition

NOTHING = Decimal(0)
HUNDRED = Decimal(100)

LOST_FOR_GOOD = frozenset({Disposition.DONATE, Disposition.SCRAP, Disposition.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """Like units. `value` is what they cost their buyer, without tax; `freight_out` what it cost to bring them there.

    `seen`: somebody has looked at it; `came`: it lies with us. `resale_percent` is the node's, for grade B.
    """

    id: int
    quantity: Decimal
    value: Decimal
    freight_out: Decimal
    seen: bool
    came: bool
    grade: str
    disposition: str
    handling: Decimal
    resale_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLabel:
    """A label under which something has travelled; its cost."""

    id: int
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSettlement:
    id: int
    bonus: Decimal
    fees: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFacts:
    """A return as far as its costs are known. `duty` is the chosen node's, `arrived`: something of it is there."""

    number: str
    currency: str
    arrived: bool
    duty: Decimal
    items: Sequence[CostItem]
    labels: Sequence[CostLabel]
    settlements: Sequence[CostSettlement]


@dataclass(frozen=True, slots=True)
class Cost:
    """One row. `key` is the same whenever it is reckoned."""

    kind: str
    amount: Decimal
    key: str
    item: int | None = None


def reckon_costs(facts: CostFacts) -> tuple[Cost, ...]:
    """All that is certain by now; parts of nothing are left out."""
    return tuple(cost for cost in _all_parts(facts) if cost.amount)


def write_down(item: CostItem) -> Decimal:
    """What the goods have lost. C brings half of what B does, D nothing."""
    if not item.came or item.disposition in LOST_FOR_GOOD or item.disposition == Disposition.RESELL_LOCALLY:
        return item.value
    kept = {"A": HUNDRED, "B": Decimal(item.resale_percent), "C": Decimal(item.resale_percent) / 2}
    return item.value * (HUNDRED - kept.get(item.grade, NOTHING)) / HUNDRED


def resale_of(item: CostItem) -> Decimal:
    """What is sold where it is, brings the node's share."""
    if not item.came or item.disposition != Disposition.RESELL_LOCALLY:
        return NOTHING
    return item.value * item.resale_percent / HUNDRED


def _all_parts(facts: CostFacts) -> Iterator[Cost]:
    number, currency = facts.number, facts.currency
    for item in facts.items:
        if item.seen:
            yield from _parts_of(item, number, currency)
    for label in facts.labels:
        yield Cost("FREIGHT_BACK", round_amount(label.cost, currency), f"{number}:label:{label.id}")
    if facts.arrived:
        yield Cost("DUTY", round_amount(facts.duty, currency), f"{number}:duty")
    for paid in facts.settlements:
        yield Cost("BONUS", round_amount(paid.bonus, currency), f"{number}:bonus:{paid.id}")
        yield Cost("FEE", -round_amount(paid.fees, currency), f"{number}:fee:{paid.id}")


def _parts_of(item: CostItem, number: str, currency: str) -> Iterator[Cost]:
    parts = {
        "FREIGHT_OUT": item.freight_out,
        "HANDLING": item.handling * item.quantity if item.came else NOTHING,
        "WRITE_DOWN": write_down(item) if item.disposition else NOTHING,
        "RESALE": -resale_of(item),
    }
    for kind, amount in parts.items():
        yield Cost(kind, round_amount(amount, currency), f"{number}:{kind.lower()}:{item.id}", item.id)
