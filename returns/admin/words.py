"""What stands about a return in lists and on its page: where it is, what comes back, what is wanted for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.quantities import plain
from oms.templatetags.showing import badge
from returns.choices import Condition, Method, Resolution
from returns.models import Return, ReturnItem

Status = Return.Status
Reception, Acceptance = ReturnItem.Reception, ReturnItem.Acceptance

REVIEW_LATE = timedelta(hours=24)
"""So long may somebody wait for a decision."""
INSPECT_LATE = timedelta(hours=48)
"""So long may goods lie unopened."""
ARRIVE_LATE = timedelta(days=14)
"""So long may a parcel be on its way."""

RESOLUTIONS = {
    Resolution.REFUND: "refund",
    Resolution.STORE_CREDIT: "store credit",
    Resolution.EXCHANGE: "exchange",
    Resolution.REPLACEMENT: "replacement",
}
METHODS = {
    Method.PREPAID_LABEL: "prepaid label",
    Method.QR_DROP_OFF: "QR code at a drop-off",
    Method.IN_STORE: "in a store",
    Method.OWN_CARRIER: "their own carrier",
    Method.KEEP_IT: "they keep it",
}
UNMET = {
    Condition.UNWORN: "worn",
    Condition.UNWASHED: "washed",
    Condition.TAGS_ATTACHED: "tags gone",
    Condition.ORIGINAL_PACKAGING: "not in its own packaging",
    Condition.ALL_ACCESSORIES: "something is missing",
    Condition.SEAL_UNBROKEN: "seal broken",
}
"""What is said of goods that do not meet a condition."""
_RECEPTION_TONES = {
    Reception.IN_TRANSIT: "cool",
    Reception.RECEIVED: "good",
    Reception.LOST: "bad",
    Reception.SURPLUS: "warm",
}
_ACCEPTANCE_TONES = {Acceptance.ACCEPTED: "good", Acceptance.REJECTED: "bad", Acceptance.NEEDS_PERSON: "warm"}
GRADE_TONES = {"A": "good", "B": "cool", "C": "warm", "D": "bad"}


def show_state(each: Return) -> SafeString:
    """One badge: where it is, not only which status it has."""
    return badge(*say_state(each))


def say_state(each: Return) -> tuple[str, str]:
    """Words and colour."""
    if each.status == Status.REQUESTED:
        return "to review", "warm"
    if each.status != Status.OPEN:
        return str(each.get_status_display()), {Status.CLOSED: "good", Status.DECLINED: "bad"}.get(
            Status(each.status), "mute"
        )
    if each.inspected_at:
        return "inspected", "cool"
    if each.received_at:
        return "to inspect", "warm"
    return ("on its way", "cool") if each.moved_at else ("awaited", "mute")


def show_reception(item: ReturnItem) -> SafeString:
    return badge(item.get_reception_display(), _RECEPTION_TONES.get(Reception(item.reception), "mute"))


def show_acceptance(item: ReturnItem) -> SafeString:
    return badge(item.get_acceptance_display(), _ACCEPTANCE_TONES.get(Acceptance(item.acceptance), "mute"))


def say_goods(items: Iterable[ReturnItem], *, most: int = 2) -> str:
    """ "2 × TEE-M-BLK, 1 × MUG and 3 more"; what was not announced is said to be so. `line` and `variant` are read."""
    kept = [item for item in items if item.reception != Reception.CANCELED]
    shown = [f"{plain(item.quantity)} × {name_item(item)}" for item in kept[:most]]
    more = f" and {len(kept) - most} more" if len(kept) > most else ""
    return ", ".join(shown) + more


def name_item(item: ReturnItem) -> str:
    """What people call it: its SKU, or its title."""
    if item.line is not None:
        return item.line.sku or item.line.title or "?"
    return item.variant.sku if item.variant else "something unknown"


def say_wishes(items: Iterable[ReturnItem]) -> str:
    """ "refund, exchange" """
    return ", ".join(dict.fromkeys(RESOLUTIONS[Resolution(item.resolution)] for item in items))


def show_age(since: datetime | None, *, late: timedelta, at: datetime) -> SafeString | str:
    """How long it lies there; red once that is too long."""
    if since is None:
        return "–"
    age = at - since
    return badge(say_span(age), "bad" if age > late else "mute")


def say_span(gap: timedelta) -> str:
    """ "40 min", "3 h", "2 days" """
    minutes = max(1, round(gap / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 36 else f"{round(hours / 24)} days"


def show_score(each: Return) -> SafeString | str:
    """0 to 100; crossed out once a person overturned it."""
    score = getattr(each, "abuse_score", None)
    if score is None or not score.points:
        return "–"
    if score.overturned_at:
        return format_html('<s class="soft" title="Overturned by {}">{}</s>', score.overturned_by, score.points)
    return badge(score.points, "bad" if "review" in score.effects else "warm" if score.effects else "mute")
