"""What the customer gets for goods that came back: once, and never more than the order has not given back yet."""

from collections.abc import Sequence
from datetime import datetime

from oms import events
from oms.money import Money, round_amount
from orders.actions.money.giving import left_to_credit
from returns.actions.remedies.case import Case
from returns.actions.remedies.registry import REMEDIES
from returns.errors import ItemSettled, LessIsLeft, NotAccepted, ReturnNotOpen
from returns.events import ReturnSettled
from returns.models import Return, ReturnItem, Settlement
from returns.policies.amounts import NOTHING
from returns.policies.figures import figure
from returns.queries.bargains import read_bargain, read_settled


def settle_items(return_: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> list[Settlement]:
    """Give what was agreed on for items that were received and accepted: a settlement for each way that was chosen.

    The order and the return must be locked (`lock_return`).

    Raises:
        ReturnNotOpen, ItemSettled, NotAccepted: nothing was settled.
        LessIsLeft: the order cannot give what was agreed on; staff agree on less first (`reappraising`).
    """
    for item in items:
        if item.settlement_id is None and item.acceptance != ReturnItem.Acceptance.ACCEPTED:
            raise NotAccepted(item.pk)
    return give_for(return_, items, advanced=False, by=by, at=at)


def give_for(
    return_: Return, items: Sequence[ReturnItem], *, advanced: bool, by: str, at: datetime
) -> list[Settlement]:
    """The same without asking whether the goods are here: `advancing` asks what may be risked instead.

    Raises:
        ReturnNotOpen, ItemSettled, LessIsLeft.
    """
    events.require_transaction("A settlement")
    if return_.status != Return.Status.OPEN:
        raise ReturnNotOpen(return_.number, return_.status)
    for item in items:
        if item.settlement_id is not None:
            raise ItemSettled(item.pk)
    return [_give(return_, together, advanced=advanced, by=by, at=at) for together in _settled_together(items)]


def _settled_together(items: Sequence[ReturnItem]) -> list[list[ReturnItem]]:
    """Items by what is given for them; those of one new order together."""
    groups: dict[tuple[str, int | None], list[ReturnItem]] = {}
    for item in sorted(items, key=lambda item: item.pk):
        groups.setdefault((item.resolution, item.new_order_id), []).append(item)
    return list(groups.values())


def _give(return_: Return, items: list[ReturnItem], *, advanced: bool, by: str, at: datetime) -> Settlement:
    value = sum((item.value for item in items), NOTHING)
    figures = figure(read_bargain(return_), value, before=read_settled(return_))
    left = left_to_credit(return_.order)
    if figures.given > left:
        raise LessIsLeft(Money(figures.given, return_.order.currency), Money(left, return_.order.currency))
    key = f"{return_.number}:{items[0].pk}"
    case = Case(of=return_, items=items, figures=figures, advanced=advanced, key=key, by=by, at=at)
    settlement = REMEDIES[items[0].resolution](case)
    events.publish([tell_settled(settlement, items, by=by, at=at)])
    return settlement


def tell_settled(settlement: Settlement, items: Sequence[ReturnItem], *, by: str, at: datetime) -> ReturnSettled:
    currency = settlement.currency
    facts = {
        "order": settlement.of.order.number,
        "settlement": settlement.pk,
        "remedy": settlement.remedy,
        "given": str(round_amount(settlement.given, currency)),
        "bonus": str(round_amount(settlement.bonus, currency)),
        "currency": currency,
        "items": [item.pk for item in items],
        "exchange": settlement.order.number if settlement.order else "",
        "advanced": settlement.advanced,
    }
    return ReturnSettled(subject=settlement.of.number, by=by, at=at, facts=facts)
