"""What is wrong with a wish: places that say nothing, things that cannot come back, more than there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from oms.errors import FieldError, Invalid
from oms.quantities import plain
from orders.models import Order
from returns.choices import Resolution
from returns.errors import NotReturnable, NotThatManyToReturn
from returns.models import Return
from returns.policies.sentences import say_code
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.eligibility import LineVerdict
from returns.queries.grounds import BoughtLine, Ground
from returns.queries.offering import find_order_fault, is_eligible, offered_resolutions, offered_ways

PHOTOS_ASKED_OF = (Return.Source.PORTAL,)
"""Whoever asks elsewhere has other eyes on it, or nowhere to put a picture."""


def refuse_wrong(wish: ReturnWish, ground: Ground, *, source: str) -> None:
    """Raises:
    Invalid: a line, reason or variant that there is not, or that is not for this; words or a photo that are missing.
    """
    items = list(enumerate(wish.items))
    errors = [error for place, item in items for error in _find_faults(place, item, ground, source)]
    if not items:
        errors = [FieldError("/items", "items_missing", "Say what shall come back.")]
    if errors:
        raise Invalid("Some of it is wrong; `errors` says where.", errors=errors)


def _find_faults(place: int, item: ItemWish, ground: Ground, source: str) -> Sequence[FieldError]:
    line = ground.lines.get(item.line)
    if line is None:
        return [_fault(place, "line", "unknown_line", "This order has no such line.")]
    reason = ground.reasons.get(item.reason)
    if reason is None:
        return [_fault(place, "reason", "unknown_reason", "There is no such reason.")]
    faults = []
    if item.quantity <= 0 or not (line.divisible or item.quantity == int(item.quantity)):
        faults.append(_fault(place, "quantity", "quantity_not_whole", "Whole units, one at least."))
    if reason.needs_comment and not item.comment.strip():
        faults.append(_fault(place, "comment", "comment_missing", "Say more: this reason needs a few words."))
    if reason.needs_photo and not item.photos and source in PHOTOS_ASKED_OF:
        faults.append(_fault(place, "photos", "photo_missing", "Show it: this reason needs a photo."))
    return [*faults, *_find_exchange_faults(place, item, line, ground)]


def _find_exchange_faults(place: int, item: ItemWish, line: BoughtLine, ground: Ground) -> Sequence[FieldError]:
    if item.resolution != Resolution.EXCHANGE:
        stray = _fault(place, "exchange_sku", "no_exchange", "This item is not to be exchanged.")
        return [stray] if item.exchange_sku else []
    if not item.exchange_sku:
        return [_fault(place, "exchange_sku", "exchange_missing", "Say what shall come instead.")]
    wanted = ground.wanted.get(item.exchange_sku)
    if wanted is None or not wanted.active:
        return [_fault(place, "exchange_sku", "unknown_sku", "There is no such variant.")]
    if wanted.product_id != line.product_id:
        return [_fault(place, "exchange_sku", "other_product", "Only another variant of the same product.")]
    if wanted.available < item.quantity:
        return [_fault(place, "exchange_sku", "stock_short", f"Only {plain(wanted.available)} are left.")]
    return []


def _fault(place: int, name: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/items/{place}/{name}", code, detail)


def refuse_ineligible(order: Order, wish: ReturnWish, ground: Ground, verdicts: Mapping[int, LineVerdict]) -> None:
    """Raises:
    NotReturnable: with the reason of each line, and the day it ended.
    """
    fault = find_order_fault(order)
    lines = [
        _tell_line(item.line, verdicts[item.line], fault)
        for item in wish.items
        if fault or not _may_come(item, wish, ground, verdicts)
    ]
    if lines:
        raise NotReturnable(" ".join(dict.fromkeys(line["sentence"] for line in lines)), lines)


def _may_come(item: ItemWish, wish: ReturnWish, ground: Ground, verdicts: Mapping[int, LineVerdict]) -> bool:
    fault_of_ours = ground.reasons[item.reason].merchant_fault
    return is_eligible(verdicts[item.line], wish.kind, merchant_fault=fault_of_ours)


def _tell_line(line: int, judged: LineVerdict, fault: str) -> dict[str, Any]:
    verdict = judged.verdict
    # By the terms it may come, yet not by the law that a withdrawal rests on.
    code = fault or ("no_withdrawal" if verdict.eligible else verdict.code)
    ended_on = None if fault or verdict.ended_on is None else verdict.ended_on.isoformat()
    return {"line": line, "code": code, "sentence": say_code(code, verdict.facts), "ended_on": ended_on}


def refuse_too_many(wish: ReturnWish, ground: Ground) -> None:
    """Raises:
    NotThatManyToReturn: more units than were sent and no other return speaks for.
    """
    for line, quantity in wish.units.items():
        if quantity > ground.lines[line].left:
            raise NotThatManyToReturn(line, str(plain(ground.lines[line].left)))


def refuse_unoffered(wish: ReturnWish, ground: Ground, verdicts: Mapping[int, LineVerdict]) -> None:
    """Raises:
    Invalid: a resolution that the terms do not offer, or a way back that there is not from where they are.
    """
    errors = [
        _fault(place, "resolution", "not_offered", "This is not offered for this item.")
        for place, item in enumerate(wish.items)
        if item.resolution not in offered_resolutions(verdicts[item.line], wish.kind)
    ]
    ways = [way.method.value for way in offered_ways([verdicts[item.line] for item in wish.items], ground.around)]
    if wish.method and wish.method not in ways:
        errors.append(FieldError("/method", "not_offered", f"This way back is not offered: {', '.join(ways)}."))
    if errors:
        raise Invalid("Some of it is not offered; `errors` says where.", errors=errors)
