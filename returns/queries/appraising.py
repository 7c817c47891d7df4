"""What a wish comes to: each item against its terms and in money, or why it cannot be. Quote and deed share it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from orders.models import Order
from returns.models import Return
from returns.policies.amounts import NOTHING, Taken, Worth
from returns.policies.deciding import RequestFacts
from returns.policies.quotes import ItemTerms, Shipping, Sums, sum_up
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.eligibility import LineVerdict, judge_lines
from returns.queries.faults import refuse_ineligible, refuse_too_many, refuse_unoffered, refuse_wrong
from returns.queries.grounds import BoughtLine, Ground, Reason, Wanted, read_ground
from returns.queries.money_parts import read_in_money
from returns.queries.offering import offered_ways

Verdicts = Mapping[int, LineVerdict]


@dataclass(frozen=True, slots=True)
class AppraisedItem:
    """One item of a wish with what it is about; `wanted` is what shall come in exchange."""

    wish: ItemWish
    line: BoughtLine
    reason: Reason
    wanted: Wanted | None
    judged: LineVerdict
    terms: ItemTerms


@dataclass(frozen=True, slots=True)
class Appraisal:
    """All that a return is made of."""

    ground: Ground
    items: tuple[AppraisedItem, ...]
    method: str
    sums: Sums
    verdicts: Verdicts


def appraise_wish(order: Order, wish: ReturnWish, *, source: str, at: datetime) -> Appraisal:
    """Raises:
    Invalid: a line, reason, variant, resolution or method that there is not, or that is not for this.
    NotReturnable, NotThatManyToReturn.
    """
    ground = read_ground(
        order,
        reasons={item.reason for item in wish.items},
        skus={item.exchange_sku for item in wish.items if item.exchange_sku},
        items=len(wish.items),
    )
    refuse_wrong(wish, ground, source=source)
    verdicts = judge_lines(order, at=at)
    refuse_ineligible(order, wish, ground, verdicts)
    refuse_too_many(wish, ground)
    refuse_unoffered(wish, ground, verdicts)

    items = _value_items(order, wish, ground, verdicts)
    method = wish.method or offered_ways([item.judged for item in items], ground.around)[0].method
    sums = sum_up(
        [item.terms for item in items],
        method=method,
        kind=wish.kind,
        shipping=describe_shipping(order, ground, wish.units),
        currency=order.currency,
        in_money=read_in_money(order, spent_credit=ground.spent_credit),
    )
    return Appraisal(ground, items, method, sums, verdicts)


def _value_items(order: Order, wish: ReturnWish, ground: Ground, verdicts: Verdicts) -> tuple[AppraisedItem, ...]:
    """Never more, together, than the order has neither given back nor promised yet."""
    left = order.total - order.credited - ground.promised
    taken = {id_: line.taken for id_, line in ground.lines.items()}
    items = []
    for item in wish.items:
        worth = value_units(ground, item.line, item.quantity, taken[item.line], most=left)
        left -= worth.value
        taken[item.line] = _take_more(taken[item.line], item.quantity, worth)
        line, reason, judged = ground.lines[item.line], ground.reasons[item.reason], verdicts[item.line]
        fault = reason.merchant_fault
        terms = describe_terms(order, line, judged, worth, resolution=item.resolution, merchant_fault=fault)
        items.append(AppraisedItem(item, line, reason, ground.wanted.get(item.exchange_sku), judged, terms))
    return tuple(items)


def value_units(ground: Ground, line: int, quantity: Decimal, taken: Taken, *, most: Decimal) -> Worth:
    """What the next units of a line are worth beside those taken, `most` at most."""
    worth = ground.shares[line].worth_of(quantity, taken)
    value = max(min(worth.value, most), NOTHING)
    return Worth(value, min(worth.tax, value))


def _take_more(taken: Taken, quantity: Decimal, worth: Worth) -> Taken:
    together = Worth(taken.worth.value + worth.value, taken.worth.tax + worth.tax)
    return Taken(taken.quantity + quantity, together)


def describe_terms(
    order: Order, line: BoughtLine, judged: LineVerdict, worth: Worth, *, resolution: str, merchant_fault: bool = False
) -> ItemTerms:
    """What the terms say of money. A fee in another currency than the order's cannot be deducted, so it is none."""
    terms = judged.terms
    deducted = terms.bears == "DEDUCTED" and terms.fee_currency == order.currency
    return ItemTerms(
        line=line.id,
        resolution=resolution,
        value=worth.value,
        tax=worth.tax,
        label_fee=terms.label_fee if deducted else NOTHING,
        restocking_percent=terms.restocking_percent,
        shipping_refund=terms.shipping_refund,
        credit_rate=terms.credit_rate,
        merchant_fault=merchant_fault,
    )


def describe_shipping(order: Order, ground: Ground, units: Mapping[int, Decimal]) -> Shipping:
    """What the shipping cost, and whether these units leave nothing with the customer."""
    with_tax = NOTHING if order.tax_included else order.shipping_tax
    lines = ground.lines.values()
    kept = sum((line.quantity - line.cancelled - line.returned for line in lines if line.kind != "FEE"), NOTHING)
    return Shipping(
        paid=order.shipping_total + with_tax,
        goods=sum((share.total for share in ground.shares.values()), NOTHING),
        given=ground.shipping_given,
        everything=kept <= sum(units.values(), NOTHING),
    )


def describe_request(order: Order, wish: ReturnWish, appraisal: Appraisal, source: str) -> RequestFacts:
    """What rules decide by; the score of abuse is not known yet."""
    items, ground = appraisal.items, appraisal.ground
    return RequestFacts(
        kind=wish.kind,
        source=source,
        method=appraisal.method,
        channel=ground.channel,
        country=order.country,
        tier=ground.tier,
        currency=order.currency,
        value=appraisal.sums.value,
        units=sum((item.wish.quantity for item in items), NOTHING),
        earlier_returns=ground.earlier_returns,
        reasons=frozenset(item.reason.code for item in items),
        root_causes=frozenset(item.reason.root_cause for item in items),
        resolutions=frozenset(item.wish.resolution for item in items),
        categories=tuple(item.line.categories for item in items),
        photos=all(item.wish.photos for item in items),
        late=any(not item.judged.verdict.eligible for item in items),
        statutory=wish.kind == Return.Kind.WITHDRAWAL or any(item.judged.statutory for item in items),
    )


def add_score(facts: RequestFacts, *, score: int, effects: Collection[str]) -> RequestFacts:
    return replace(facts, score=score, suspect="review" in effects)
