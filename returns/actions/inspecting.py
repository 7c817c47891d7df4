"""Inspection: each unit is graded, accepted or not, and goes its way; what is accepted is given for at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import update_rows
from returns.actions.advancing import end_advances
from returns.actions.closing import close_if_done
from returns.actions.disposing import dispose_items
from returns.actions.locking import lock_return
from returns.actions.remedies.shrinking import shrink_new_orders
from returns.actions.settling import settle_items
from returns.actions.splitting import split_item
from returns.errors import NotInspectable, ReturnNotOpen
from returns.events import ReturnInspected
from returns.models import Return, ReturnItem
from returns.policies.conditions import Asked, judge_state
from returns.policies.dispositions import MOVES, propose_disposition

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on so many units of an item. Without `disposition` the grade proposes one.

    `unmet`: conditions of its terms that it does not meet; then it is not simply accepted (`policies.conditions`),
    unless it is `despite` them.
    """

    item_id: int
    quantity: Decimal
    acceptance: str
    grade: str = ""
    disposition: str = ""
    finding: str = ""
    unmet: tuple[str, ...] = ()
    despite: bool = False


@transactional
def inspect_return(*, number: str, findings: Sequence[Finding], by: str, at: datetime) -> Return:
    """Write down what was found; what is accepted is settled, put into stock, and the return closed once all is done.

    The same finding a second time changes nothing. What waits for a person can be found anew.

    Raises:
        ReturnNotFound, ReturnNotOpen.
        NotInspectable: an item is not here, or was decided on otherwise.
        LessIsLeft: the order has less left to give back than was agreed on.
        Invalid: a grade, disposition or quantity that there is not.
    """
    found = lock_return(number)
    items = {item.pk: item for item in found.items.select_related("line", "variant", "new_order").order_by("id")}
    judged = [_judge(items, each) for each in findings]
    new = [each for each in judged if not _is_known(items, each)]
    if not new:
        return found
    if found.status != Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    _refuse_nonsense(items, new)

    inspected = _write_all(found, items, new, by=by, at=at)
    update_rows(inspected, _COLUMNS)
    found.inspected_at = at
    found.touch("inspected_at", at=at)
    events.publish([_tell(found, inspected, by=by, at=at)])
    _follow(found, inspected, by=by, at=at)
    return found


def _judge(items: dict[int, ReturnItem], finding: Finding) -> Finding:
    """The finding with what its word comes to under the conditions of the item."""
    item = items.get(finding.item_id)
    if item is None:
        return finding
    asked = Asked(item.conditions, item.sealed_only)
    acceptance = judge_state(asked, unmet=finding.unmet, acceptance=finding.acceptance, despite=finding.despite)
    return replace(finding, acceptance=acceptance)


def _is_known(items: dict[int, ReturnItem], finding: Finding) -> bool:
    """True where just that was found before, on the item or on what was split off it."""
    family = [item for item in items.values() if finding.item_id in (item.pk, item.split_from_id)]
    decided = [item for item in family if item.inspected_at and item.acceptance != Acceptance.NEEDS_PERSON]
    return any((item.acceptance, item.quantity) == (finding.acceptance, finding.quantity) for item in decided)


def _refuse_nonsense(items: dict[int, ReturnItem], findings: Sequence[Finding]) -> None:
    left = {key: item.quantity for key, item in items.items()}
    for place, each in enumerate(findings):
        item = items.get(each.item_id)
        if item is None or not _is_inspectable(item, each):
            raise NotInspectable(each.item_id, item.reception if item else "not of this return", each.acceptance)
        left[item.pk] -= each.quantity
        if each.quantity <= 0 or left[item.pk] < 0:
            detail = f"{plain(item.quantity)} of it are here."
            raise Invalid(detail, errors=[FieldError(f"/findings/{place}/quantity", "more_than_received", detail)])
        if foreign := sorted(set(each.unmet) - set(item.conditions)):
            detail = f"The terms do not ask that of it: {', '.join(foreign)}."
            raise Invalid(detail, errors=[FieldError(f"/findings/{place}/unmet", "no_condition", detail)])
        known = each.acceptance in Acceptance.values and each.grade in ("", *ReturnItem.Grade.values)
        if not known or each.disposition not in ("", *MOVES):
            detail = "There is no such acceptance, grade or disposition."
            raise Invalid(detail, errors=[FieldError(f"/findings/{place}", "unknown_finding", detail)])


def _is_inspectable(item: ReturnItem, finding: Finding) -> bool:
    """Surplus is nobody's return: it can go its way, but nothing is given for it."""
    if item.reception == Reception.SURPLUS:
        return finding.acceptance != Acceptance.ACCEPTED and not item.disposition
    undecided = item.acceptance in (Acceptance.PENDING, Acceptance.NEEDS_PERSON)
    settled_before = item.settlement_id is not None and item.inspected_at is None
    return item.reception == Reception.RECEIVED and (undecided or settled_before)


_COLUMNS = ["acceptance", "grade", "disposition", "finding", "unmet", "inspected_at", "inspected_by"]


def _write_all(
    found: Return, items: dict[int, ReturnItem], findings: Sequence[Finding], *, by: str, at: datetime
) -> list[ReturnItem]:
    """What was looked at keeps the item's name, so that the same finding again is known; the rest is split off."""
    rest, inspected = dict(items), []
    for each in findings:
        item = rest[each.item_id]
        item.of = found
        if each.quantity < item.quantity:
            rest[each.item_id] = split_item(item, item.quantity - each.quantity)
        inspected.append(_write(item, each, by=by, at=at))
    return inspected


def _write(item: ReturnItem, finding: Finding, *, by: str, at: datetime) -> ReturnItem:
    item.acceptance, item.grade = finding.acceptance, finding.grade
    item.finding, item.unmet = finding.finding or item.finding, list(finding.unmet)
    item.inspected_at, item.inspected_by = at, by
    if item.acceptance != Acceptance.NEEDS_PERSON:
        item.disposition = finding.disposition or _propose(item)
    return item


def _propose(item: ReturnItem) -> str:
    """Rejected goods go back to the customer unless said otherwise: stock does not take them in."""
    return propose_disposition(item.grade) if item.acceptance == Acceptance.ACCEPTED else ""


def _follow(found: Return, inspected: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """Money first, stock last: its locks come after all others."""
    accepted = [item for item in inspected if item.acceptance == Acceptance.ACCEPTED]
    unsettled = [item for item in accepted if item.settlement_id is None]
    rejected = [item for item in inspected if item.acceptance == Acceptance.REJECTED]
    if unsettled:
        settle_items(found, unsettled, by=by, at=at)
    end_advances(found, by=by, at=at)
    shrink_new_orders([item for item in rejected if item.settlement_id is None], by=by, at=at)
    close_if_done(found, because="Everything was inspected.", by=by, at=at)
    dispose_items(found, inspected, by=by, at=at)


def _tell(found: Return, inspected: Sequence[ReturnItem], *, by: str, at: datetime) -> ReturnInspected:
    facts = {"order": found.order.number, "items": [_describe(item) for item in inspected]}
    return ReturnInspected(subject=found.number, by=by, at=at, facts=facts)


def _describe(item: ReturnItem) -> dict[str, Any]:
    return {
        "item": item.pk,
        "sku": item.variant.sku if item.variant else "",
        "quantity": plain(item.quantity),
        "acceptance": item.acceptance,
        "grade": item.grade,
        "disposition": item.disposition,
        "unmet": item.unmet,
    }
