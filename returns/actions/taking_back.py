"""Returns of the past, as another system's books have them: received, accepted and paid back there, noted here.

Many at once, in a constant number of statements. No mail is written, no money sent, no stock moved: all that has
happened elsewhere. What the terms did not allow, or was given back before, is refused here as it would have been then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from oms import events
from oms.models import Channel
from oms.money import round_amount
from oms.quantities import plain
from oms.reading import fetch_objects
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import Row, insert_objects, update_tables
from orders.models import Order, OrderLine, Refund
from orders.policies.paying import judge_financial_status
from returns.choices import Method, Resolution
from returns.events import ReturnTakenBack
from returns.models import Return, ReturnItem, Settlement
from returns.policies.amounts import NOTHING, SoldLine, Taken, Worth, share_lines
from returns.queries.eligibility import LineVerdict, judge_orders
from returns.queries.worths import read_taken_of_orders

GATEWAY = "books"
"""What the refunds are called: money that went back by another system's hand."""


@dataclass(frozen=True, slots=True)
class PastUnits:
    """Units of one SKU; `place` is where the books have them."""

    place: int
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PastReturn:
    """What came back of one order, by the names that the channel and the books give. A return is known by both."""

    note: str
    order: str
    at: datetime
    units: tuple[PastUnits, ...]

    def key(self, channel: Channel) -> str:
        return f"books:{channel.pk}:{self.note}:{self.order}"[:120]


@dataclass(slots=True)
class Outcome:
    """`number` of the return that was noted, or known; by the place of its units, why some were not."""

    past: PastReturn
    number: str = ""
    known: bool = False
    value: Decimal = NOTHING
    refused: dict[int, str] = field(default_factory=dict)

    def refuse_all(self, reason: str) -> None:
        self.refused = dict.fromkeys((unit.place for unit in self.past.units), reason)


@dataclass(slots=True)
class _Line:
    """The columns of a line that matter here: orders of the past have hundreds of lines."""

    id: int
    sku: str
    variant_id: int | None
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    fulfilled: Decimal
    returned: Decimal


@dataclass(slots=True)
class _Case:
    """An order with all that has to be known of it, and what comes back of it."""

    order: Order
    lines: list[_Line]
    outcome: Outcome
    sequence: int
    verdicts: Mapping[int, LineVerdict]
    taken: dict[int, Taken]
    paid_back: Decimal = NOTHING
    items: list[ReturnItem] = field(default_factory=list)
    touched: dict[int, _Line] = field(default_factory=dict)

    def may_return(self, line: _Line) -> bool:
        """What is back has been delivered, whatever nobody reported."""
        verdict = self.verdicts[line.id].verdict
        return verdict.eligible or verdict.code == "not_delivered"


@transactional
def take_back(past: Sequence[PastReturn], *, channel: Channel, by: str, at: datetime) -> list[Outcome]:
    """What became of each, in their order; of one order at most one at a time (`split_rounds`).

    Reasons: no_such_order, return_underway (of this order), not_sold (this SKU), none_left, and those of the terms.
    """
    outcomes = [Outcome(each) for each in past]
    known = _read_known(outcomes, channel)
    orders = {order.external_id: order for order in _lock_orders(channel, [each.order for each in past])}
    underway = Return.objects.underway().filter(order__in=orders.values())
    busy = set(underway.values_list("order__external_id", flat=True))
    for outcome in outcomes:
        if number := known.get(outcome.past.key(channel)):
            outcome.number, outcome.known = number, True
        elif outcome.past.order not in orders:
            outcome.refuse_all("no_such_order")
        elif outcome.past.order in busy:
            outcome.refuse_all("return_underway")
    fresh = [each for each in outcomes if not each.known and not each.refused]
    cases = [case for case in _open_cases(fresh, orders) if _take_units(case)]
    _write(cases, channel, by=by, at=at)
    return outcomes


def split_rounds(past: Iterable[PastReturn], size: int) -> Iterable[list[PastReturn]]:
    """In batches in which no order comes twice, each order's in their order."""
    rounds: list[list[PastReturn]] = []
    next_round: Counter[str] = Counter()
    for each in past:
        place = next_round[each.order]
        while place < len(rounds) and len(rounds[place]) >= size:
            place += 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(each)
        next_round[each.order] = place + 1
    return rounds


def _read_known(outcomes: Sequence[Outcome], channel: Channel) -> dict[str, str]:
    keys = [each.past.key(channel) for each in outcomes]
    return dict(Settlement.objects.filter(key__in=keys).values_list("key", "of__number"))


_LOCK = "WHERE channel_id = %s AND external_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def _lock_orders(channel: Channel, names: Sequence[str]) -> list[Order]:
    return fetch_objects(Order, _LOCK, [channel.pk, sorted(set(names))])


def _open_cases(outcomes: Sequence[Outcome], orders: Mapping[str, Order]) -> list[_Case]:
    if not outcomes:
        return []
    wanted = {orders[each.past.order].pk: each for each in outcomes}
    by_id = {order.pk: order for order in orders.values() if order.pk in wanted}
    lines = _read_lines(by_id, {(key, unit.sku) for key, each in wanted.items() for unit in each.past.units})
    last = dict(Return.objects.filter(order__in=by_id).order_by().values_list("order").annotate(Max("sequence")))
    verdicts = judge_orders(list(by_id.values()), {key: each.past.at for key, each in wanted.items()})
    taken = read_taken_of_orders(list(by_id))
    return [
        _Case(by_id[key], lines[key], each, last.get(key, 0) + 1, verdicts[key], taken) for key, each in wanted.items()
    ]


_LINES = """
SELECT l.order_id, l.id, l.sku, l.variant_id, l.quantity, l.unit_price, l.discount, l.tax,
       l.fulfilled_quantity, l.returned_quantity
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE l.order_id = ANY(%(orders)s::bigint[])
  AND (o.discount_total > 0 OR (l.order_id, l.sku) IN (SELECT * FROM unnest(%(of)s::bigint[], %(skus)s::text[])))
ORDER BY l.order_id, l.position
"""
"""Of an order without discounts the lines that come back are enough: nothing is shared with the others."""


def _read_lines(orders: Iterable[int], wanted: Iterable[tuple[int, str]]) -> Mapping[int, list[_Line]]:
    pairs = sorted(wanted)
    asked = {"orders": list(orders), "of": [key for key, _ in pairs], "skus": [sku for _, sku in pairs]}
    lines: dict[int, list[_Line]] = defaultdict(list)
    for order_id, *columns in fetch_all(_LINES, asked):
        lines[order_id].append(_Line(*columns))
    return lines


def _take_units(case: _Case) -> bool:
    """Units of each SKU, from its lines in their order. True when any came back."""
    order = case.order
    shares = share_lines(
        [SoldLine(line.id, line.quantity, line.unit_price, line.discount, line.tax) for line in case.lines],
        order_discount=max(order.discount_total - sum((line.discount for line in case.lines), NOTHING), NOTHING),
        tax_included=order.tax_included,
        currency=order.currency,
    )
    left = min(order.total - order.credited, order.paid - order.refunded)
    for unit in case.outcome.past.units:
        if reason := _refuse(case, unit):
            case.outcome.refused[unit.place] = reason
            continue
        for line, quantity in _divide(case, unit):
            before = case.taken.get(line.id, Taken())
            worth = shares[line.id].worth_of(quantity, before)
            value = max(min(worth.value, left), NOTHING)
            tax = min(worth.tax, value)
            left -= value
            case.items.append(_item(line, quantity, Worth(value, tax)))
            after = Worth(before.worth.value + value, before.worth.tax + tax)
            case.taken[line.id] = Taken(before.quantity + quantity, after)
            line.returned += quantity
            case.touched[line.id] = line
    case.paid_back = case.outcome.value = sum((item.value for item in case.items), NOTHING)
    return bool(case.items)


def _refuse(case: _Case, unit: PastUnits) -> str:
    lines = [line for line in case.lines if line.sku == unit.sku]
    if not lines:
        return "not_sold"
    open_to = [line for line in lines if case.may_return(line)]
    if not open_to:
        return case.verdicts[lines[0].id].verdict.code
    left = sum((line.fulfilled - line.returned for line in open_to), NOTHING)
    return "none_left" if left < unit.quantity else ""


def _divide(case: _Case, unit: PastUnits) -> Iterable[tuple[_Line, Decimal]]:
    wanted = unit.quantity
    for line in case.lines:
        if line.sku == unit.sku and case.may_return(line):
            units = min(line.fulfilled - line.returned, wanted)
            if units > 0:
                wanted -= units
                yield line, units


def _item(line: _Line, quantity: Decimal, worth: Worth) -> ReturnItem:
    return ReturnItem(
        line_id=line.id,
        variant_id=line.variant_id,
        quantity=quantity,
        resolution=Resolution.REFUND,
        reception=ReturnItem.Reception.RECEIVED,
        acceptance=ReturnItem.Acceptance.ACCEPTED,
        value=worth.value,
        tax=worth.tax,
    )


def _write(cases: Sequence[_Case], channel: Channel, *, by: str, at: datetime) -> None:
    if not cases:
        return
    returns = [_return(case, by=by, at=at) for case in cases]
    insert_objects(*returns)
    settlements = [_settlement(case, new, channel, by=by) for case, new in zip(cases, returns, strict=True)]
    refunds = [_refund(case, new) for case, new in zip(cases, returns, strict=True) if case.paid_back]
    insert_objects(*settlements, *refunds)
    for case, new, settlement in zip(cases, returns, settlements, strict=True):
        case.outcome.number = new.number
        for item in case.items:
            item.of, item.settlement = new, settlement
            item.received_at = item.inspected_at = new.received_at
            item.received_by = item.inspected_by = by
    insert_objects(*(item for case in cases for item in case.items))
    returned = {key: line.returned for case in cases for key, line in case.touched.items()}
    update_tables(
        {
            OrderLine: [{"pk": key, "returned_quantity": units} for key, units in returned.items()],
            Order: [_settle_order(case, at=at) for case in cases],
        }
    )
    events.publish([_tell(case, new, by=by) for case, new in zip(cases, returns, strict=True)])


def _return(case: _Case, *, by: str, at: datetime) -> Return:
    moment = case.outcome.past.at
    return Return(
        number=f"{case.order.number}-R{case.sequence}",
        order=case.order,
        sequence=case.sequence,
        source=Return.Source.IMPORT,
        status=Return.Status.CLOSED,
        method=Method.OWN_CARRIER,
        decision={"verdict": "APPROVE", "because": ["past"], "by": by},
        note=f"From the books: {case.outcome.past.note}",
        requested_at=moment,
        requested_by=by,
        decided_at=moment,
        moved_at=moment,
        received_at=moment,
        inspected_at=moment,
        ended_at=moment,
        updated_at=at,
    )


def _settlement(case: _Case, new: Return, channel: Channel, *, by: str) -> Settlement:
    return Settlement(
        of=new,
        key=case.outcome.past.key(channel),
        remedy=Resolution.REFUND,
        value=case.paid_back,
        given=case.paid_back,
        currency=case.order.currency,
        by=by,
        at=case.outcome.past.at,
    )


def _refund(case: _Case, new: Return) -> Refund:
    return Refund(
        order=case.order,
        external_id=new.number,
        gateway=GATEWAY,
        amount=case.paid_back,
        currency=case.order.currency,
        reason=f"Return {new.number}",
        refunded_at=case.outcome.past.at,
    )


def _settle_order(case: _Case, *, at: datetime) -> Row:
    order = case.order
    order.credited = round_amount(order.credited + case.paid_back, order.currency)
    order.refunded = round_amount(order.refunded + case.paid_back, order.currency)
    if order.refunded:
        order.financial_status = judge_financial_status(
            total=order.total, paid=order.paid, refunded=order.refunded, authorized=NOTHING, voided=False
        )
    return order.next_version("credited", "refunded", "financial_status", at=at)


def _tell(case: _Case, new: Return, *, by: str) -> ReturnTakenBack:
    facts = {
        "order": case.order.number,
        "note": case.outcome.past.note,
        "given": str(round_amount(case.paid_back, case.order.currency)),
        "currency": case.order.currency,
        "items": [
            {"sku": case.touched[item.line_id].sku, "quantity": plain(item.quantity)}
            for item in case.items
            if item.line_id
        ],
    }
    return ReturnTakenBack(subject=new.number, by=by, at=case.outcome.past.at, facts=facts)
