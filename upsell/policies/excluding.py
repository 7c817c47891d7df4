"""What is never offered with an order, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from upsell.choices import DiscountKind, Exclusion

NOT_GOODS = frozenset(
    {
        *("bank charges", "carriage", "deposit", "donation", "fee", "gift card", "gift voucher", "insurance", "manual"),
        *("postage", "sample", "service", "service fee", "shipping", "subscription", "surcharge", "test", "tip"),
        *("voucher", "warranty"),
    }
)
"""Product types, in lower case, of what is sold like goods and is none."""
NEVER_OFFERED = "no-offers"
"""A tag by which a merchant keeps a product out of all offers."""

Facts = Mapping[str, Any]
"""As JSON has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """Something that could be offered with an order. `price` None: it has none in the order's currency.

    `left` is what may still be promised, less what others wait for. `in_order`: the SKU of its product that is in the
    order; `seen`: how often the customer saw it with other orders and said nothing, each time less with its age.
    """

    variant_id: int
    product_id: int
    sku: str
    title: str
    product_type: str = ""
    tags: frozenset[str] = frozenset()
    category_id: int | None = None
    category_path: tuple[str, ...] = ()
    price: Decimal | None = None
    unit_cost: Decimal | None = None
    sold: bool = True
    left: Decimal = Decimal(0)
    in_order: str = ""
    returned_at: datetime | None = None
    dismissed_at: datetime | None = None
    refused_kind: str = ""
    seen: float = 0.0
    final_sale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRules:
    """What a campaign demands. `tax_share`: of a price that includes it, the tax; `margin_floor` a share of the rest.

    A bundle's price is of all its items together: its margin is judged where it is priced.
    """

    currency: str
    quantity: Decimal = Decimal(1)
    stock_floor: Decimal = Decimal(0)
    margin_floor: Decimal | None = None
    discount_kind: str = DiscountKind.NONE
    discount: Decimal = Decimal(0)
    tax_share: Decimal = Decimal(0)
    ignored_times: int = 5


@dataclass(frozen=True, slots=True)
class Excluded:
    """The first reason that stands against it, and what it is seen by."""

    reason: Exclusion
    facts: Facts = field(default_factory=dict)


def judge_candidate(facts: CandidateFacts, rules: CandidateRules) -> Excluded | None:
    """None: it may be offered. What it is comes first, then what the customer said, then stock and margin."""
    return _judge_kind(facts, rules) or _judge_customer(facts, rules) or _judge_stock(facts, rules)


def _judge_kind(facts: CandidateFacts, rules: CandidateRules) -> Excluded | None:
    if facts.in_order:
        return Excluded(Exclusion.IN_ORDER, {"sku": facts.in_order})
    if NEVER_OFFERED in facts.tags:
        return Excluded(Exclusion.NOT_A_PRODUCT, {"tag": NEVER_OFFERED})
    if facts.product_type.strip().casefold() in NOT_GOODS:
        return Excluded(Exclusion.NOT_A_PRODUCT, {"product_type": facts.product_type})
    if not facts.sold:
        return Excluded(Exclusion.NOT_SOLD)
    if not facts.price:
        return Excluded(Exclusion.NO_PRICE, {"currency": rules.currency})
    return None


def _judge_customer(facts: CandidateFacts, rules: CandidateRules) -> Excluded | None:
    if facts.dismissed_at:
        return Excluded(Exclusion.DISMISSED, {"at": facts.dismissed_at.isoformat()})
    if facts.refused_kind:
        return Excluded(Exclusion.KIND_REFUSED, {"category": facts.refused_kind})
    if facts.returned_at:
        return Excluded(Exclusion.RETURNED_BEFORE, {"bought_at": facts.returned_at.isoformat()})
    if facts.final_sale:
        return Excluded(Exclusion.FINAL_SALE, {"because": facts.final_sale})
    if facts.seen >= rules.ignored_times:
        return Excluded(Exclusion.IGNORED, {"seen": round(facts.seen, 1), "times": rules.ignored_times})
    return None


def _judge_stock(facts: CandidateFacts, rules: CandidateRules) -> Excluded | None:
    if facts.left < rules.quantity:
        return Excluded(Exclusion.OUT_OF_STOCK, {"left": f"{facts.left.normalize():f}"})
    if facts.left - rules.quantity < rules.stock_floor:
        floor = f"{rules.stock_floor.normalize():f}"
        return Excluded(Exclusion.BELOW_STOCK_FLOOR, {"left": f"{facts.left.normalize():f}", "floor": floor})
    if rules.margin_floor is None or rules.discount_kind == DiscountKind.BUNDLE_PRICE:
        return None
    margin = find_margin(facts, rules)
    if margin is None or margin < rules.margin_floor:
        said = None if margin is None else str(round(margin, 3))
        return Excluded(Exclusion.BELOW_MARGIN_FLOOR, {"margin": said, "floor": f"{rules.margin_floor.normalize():f}"})
    return None


def find_margin(facts: CandidateFacts, rules: CandidateRules) -> Decimal | None:
    """What is left of the discounted price without tax once the unit's cost is paid, as a share of it.

    None: the cost is not known.
    """
    if facts.unit_cost is None or facts.price is None:
        return None
    net = _discounted(facts.price, rules) * (1 - rules.tax_share)
    return (net - facts.unit_cost) / net if net > 0 else Decimal(-1)


def _discounted(price: Decimal, rules: CandidateRules) -> Decimal:
    if rules.discount_kind == DiscountKind.PERCENTAGE:
        return price * (1 - rules.discount / 100)
    if rules.discount_kind == DiscountKind.AMOUNT:
        return max(price - rules.discount, Decimal(0))
    return price
