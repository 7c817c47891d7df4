"""The lines of an order on the page where a return begins: what can come back until when, and what is typed of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from oms.portal.pages import read_text
from oms.quantities import plain
from orders.models import Order
from orders.portal.items import Item, describe_line
from orders.portal.offers import read_units
from returns.choices import Resolution
from returns.models import Return, ReturnPhoto
from returns.policies.quotes import LineQuote
from returns.policies.wishes import ReturnWish
from returns.portal.drafts import DraftItem, list_photos, read_draft_of
from returns.portal.reasons import OfferedReason, ReasonList, find_reason
from returns.queries.quoting import quote_return
from returns.wording.words import explain_verdict

LONGEST_COMMENT = 1000
COUNTED = 20
"""Up to so many units are chosen from a list; more are typed."""


@dataclass(slots=True)
class Pick:
    """A line that may come back. `errors`: by field, in words; `meant`: whoever came, came for this one."""

    item: Item
    left: Decimal
    quote: LineQuote
    divisible: bool
    reasons: Sequence[OfferedReason]
    photos: Sequence[ReturnPhoto] = ()
    typed: DraftItem | None = None
    errors: dict[str, str] = field(default_factory=dict)
    meant: bool = False

    @property
    def counts(self) -> list[int]:
        """The quantities to choose from, () where one is typed."""
        few = not self.divisible and self.left <= COUNTED
        return list(range(1, int(self.left) + 1)) if few else []

    @property
    def fallback(self) -> str:
        """What is offered whatever is on the shelf."""
        codes = [each.resolution for each in self.quote.resolutions if each.available]
        return next((code for code in codes if code != Resolution.EXCHANGE), Resolution.REFUND)

    @property
    def quantity(self) -> str:
        return self.typed.quantity if self.typed else str(plain(self.left))


@dataclass(frozen=True, slots=True)
class Staying:
    """A line that cannot come back, and why. `claimable`: that it is faulty may be said all the same."""

    item: Item
    why: str
    claimable: bool


def list_claims(request: HttpRequest, order: Order) -> list[Pick]:
    """What can no longer simply come back, and of which it may be said that it is faulty. The one that was asked for,
    or the only one, is meant."""
    picks, _ = list_picks(request, order, kind=Return.Kind.CLAIM)
    late = [pick for pick in picks if pick.quote.claimable]
    for pick in late:
        pick.meant = len(late) == 1 or request.GET.get("line") == str(pick.item.id)
    return late


def list_picks(
    request: HttpRequest, order: Order, *, kind: str = Return.Kind.RETURN
) -> tuple[list[Pick], list[Staying]]:
    """As the draft of this kind has them."""
    quote = quote_return(order, ReturnWish(items=(), kind=kind), at=timezone.now())
    lines = {line.pk: line for line in order.lines.select_related("variant__product").filter(quantity__gt=0)}
    draft, photos = read_draft_of(request, order, kind), list_photos(order)
    reasons = ReasonList(faults=kind == Return.Kind.CLAIM)
    picks, staying = [], []
    for quoted in quote.lines:
        if (line := lines.get(quoted.line)) is None:
            continue
        item = describe_line(line, order.currency)
        if quoted.eligible and quoted.left > 0:
            divisible = bool(line.variant and line.variant.divisible)
            pick = Pick(item, quoted.left, quoted, divisible, reasons.offer(line))
            pick.photos, pick.typed = photos.get(line.pk, ()), draft.items.get(line.pk)
            picks.append(pick)
        elif item.state != "gone":
            staying.append(Staying(item, explain_verdict(quoted.code, quoted.ended_on), quoted.claimable))
    return picks, staying


def read_typed(request: HttpRequest, picks: Sequence[Pick]) -> None:
    """What was sent, onto the picks. Whatever was chosen before for an item that stays chosen is kept."""
    for pick in picks:
        line, before = pick.item.id, pick.typed
        if f"pick-{line}" not in request.POST:
            pick.typed = None
            continue
        pick.typed = DraftItem(
            quantity=read_text(request.POST, f"quantity-{line}", most=12, default="1"),
            reason=read_text(request.POST, f"reason-{line}", most=40),
            comment=read_text(request.POST, f"comment-{line}", most=LONGEST_COMMENT),
            resolution=before.resolution if before else "",
            exchange_sku=before.exchange_sku if before else "",
            fallback=pick.fallback,
        )


def find_faults(picks: Sequence[Pick], files: MultiValueDict) -> bool:
    """Write beside each field what is wrong with it; True when anything is. Photos in `files` are on their way."""
    for pick in picks:
        if pick.typed is not None:
            _check(pick, pick.typed, has_photo=bool(pick.photos) or bool(files.getlist(f"photos-{pick.item.id}")))
    return any(pick.errors for pick in picks)


def _check(pick: Pick, typed: DraftItem, *, has_photo: bool) -> None:
    units = read_units(typed.quantity, divisible=pick.divisible)
    if units is None or not 0 < units <= pick.left:
        pick.errors["quantity"] = gettext("Choose how many, %(most)s at most.") % {"most": plain(pick.left)}
    else:
        typed.quantity = str(plain(units))
    reason = find_reason(pick.reasons, typed.reason)
    if reason is None:
        pick.errors["reason"] = gettext("Choose a reason. It helps us to make it better.")
        return
    if reason.needs_comment and not typed.comment:
        pick.errors["comment"] = gettext("Say in a few words what is wrong.")
    if reason.needs_photo and not has_photo:
        pick.errors["photo"] = gettext("Add a photo, so that we can see it.")
