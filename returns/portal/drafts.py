"""A return that is being filled in. It lives in the session: tabs and the back button see the same.

Its photos do not: they are kept under the name of the order's line, so that several can arrive at a time.
"""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from orders.models import Order
from returns.actions.photographing import name_draft
from returns.models import Return, ReturnPhoto
from returns.policies.wishes import ItemWish, ReturnWish

_DRAFTS = "returns_drafts"
_DONE = "returns_done"
MOST_DONE = 20


@dataclass(slots=True)
class DraftItem:
    """What is typed about one line; `quantity` in plain digits. `fallback`: what is offered for it in any case; it is
    valued by that until something was chosen.
    """

    quantity: str
    reason: str
    comment: str = ""
    resolution: str = ""
    exchange_sku: str = ""
    fallback: str = "REFUND"


@dataclass(slots=True)
class ReturnDraft:
    """`form` names it: sent twice it is done once. `kind`: a return, or a claim about something that is faulty."""

    form: str = field(default_factory=lambda: uuid4().hex)
    items: dict[int, DraftItem] = field(default_factory=dict)
    method: str = ""
    kind: str = Return.Kind.RETURN

    @property
    def is_claim(self) -> bool:
        return self.kind == Return.Kind.CLAIM

    @property
    def first_page(self) -> str:
        return "returns:claim" if self.is_claim else "returns:items"


def read_draft(request: HttpRequest, order: Order) -> ReturnDraft:
    kept: dict[str, Any] | None = request.session.get(_DRAFTS, {}).get(order.number)
    if kept is None:
        return ReturnDraft()
    items = {int(line): DraftItem(**item) for line, item in kept["items"].items()}
    return ReturnDraft(kept["form"], items, kept["method"], kept.get("kind", Return.Kind.RETURN))


def read_draft_of(request: HttpRequest, order: Order, kind: str) -> ReturnDraft:
    """An empty one where the other kind is being filled in."""
    draft = read_draft(request, order)
    return draft if draft.kind == kind else ReturnDraft(kind=kind)


def write_draft(request: HttpRequest, order: Order, draft: ReturnDraft) -> None:
    items = {str(line): asdict(item) for line, item in draft.items.items()}
    kept = {"form": draft.form, "items": items, "method": draft.method, "kind": draft.kind}
    request.session[_DRAFTS] = {**request.session.get(_DRAFTS, {}), order.number: kept}


def drop_draft(request: HttpRequest, order: Order) -> None:
    drafts = request.session.get(_DRAFTS, {})
    request.session[_DRAFTS] = {number: each for number, each in drafts.items() if number != order.number}


def note_done(request: HttpRequest, form: str, number: str) -> None:
    """This form became that return."""
    done = list(request.session.get(_DONE, {}).items())[-MOST_DONE:]
    request.session[_DONE] = {**dict(done), form: number}


def find_done(request: HttpRequest, form: str) -> str:
    return request.session.get(_DONE, {}).get(form, "")


def make_wish(order: Order, draft: ReturnDraft, *, open_choice: bool = False) -> ReturnWish:
    """The draft as it is asked for. `open_choice`: as if nothing was chosen for any item, nor a way back."""
    photos = list_photos(order)
    return ReturnWish(
        items=tuple(
            ItemWish(
                line=line,
                quantity=Decimal(item.quantity),
                reason=item.reason,
                comment=item.comment,
                resolution=item.fallback if open_choice else item.resolution,
                exchange_sku="" if open_choice else item.exchange_sku,
                photos=tuple(photo.key for photo in photos.get(line, ())),
            )
            for line, item in draft.items.items()
        ),
        method="" if open_choice else draft.method,
        kind=draft.kind,
        form=draft.form,
    )


def list_photos(order: Order) -> dict[int, list[ReturnPhoto]]:
    """What was sent for lines of the order and belongs to no return yet; without the pictures themselves."""
    sent = ReturnPhoto.objects.filter(draft__startswith=name_draft(order.number), of=None).defer("content")
    photos: dict[int, list[ReturnPhoto]] = {}
    for photo in sent:
        line = photo.draft.rpartition(":")[2]
        if line.isdigit():
            photos.setdefault(int(line), []).append(photo)
    return photos
