"""Keeping pictures: of customers before and after they ask for a return, and of whoever receives it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Value, When

from oms import events
from oms.errors import NotFound
from returns.absences import PhotoNotFound
from returns.actions.asking import PHOTO_ASKED
from returns.errors import PhotoRefused, ReturnEnded
from returns.events import PhotoSent
from returns.models import Return, ReturnItem, ReturnPhoto
from returns.policies.photos import MOST_BYTES, MOST_PIXELS, Unusable, redraw

MOST_OF_DRAFT = 5
"""Of one line."""
MOST_OF_SENDER = 10
"""Of one return, by whoever sends them once there is one."""
MOST_OF_RETURN = 40
"""Of all who photograph it: customer, dock and partner."""
DRAFT_LASTS = timedelta(days=2)
"""What was sent and never became a return is forgotten then."""

_SENTENCES = {
    "too_big": f"A photo may have {MOST_BYTES // 2**20} MB at most.",
    "not_a_picture": "This file is not a picture.",
    "kind_unknown": "Send the photo as JPEG, PNG or WebP.",
    "too_many_pixels": f"A photo may have {MOST_PIXELS['JPEG'] // 1_000_000} million pixels at most.",
    "too_small": "This picture is too small to see anything on it.",
    "broken": "This picture cannot be read: it is damaged or not complete.",
    "too_many": "There are as many photos as we can keep.",
}


@transaction.atomic
def keep_photo(
    *, content: bytes, draft: str = "", number: str = "", item: int | None = None, by: str, at: datetime
) -> ReturnPhoto:
    """Keep a picture for a return, or for a draft of one. The same file twice is one photo.

    Raises:
        PhotoRefused, ReturnNotFound, NotFound
    """
    drawn = redraw(content)
    if isinstance(drawn, Unusable):
        raise refuse_photo(drawn.why)
    of = Return.objects.locked(number) if number else None
    kept = ReturnPhoto.objects.filter(of=of) if of else ReturnPhoto.objects.filter(of=None, draft=draft)
    if same := kept.filter(digest=drawn.digest).first():
        return same
    if kept.count() >= (MOST_OF_RETURN if of else MOST_OF_DRAFT):
        raise refuse_photo("too_many")
    return ReturnPhoto.objects.create(
        of=of,
        item=_find_item(of, item),
        draft="" if of else draft,
        content=drawn.content,
        width=drawn.width,
        height=drawn.height,
        digest=drawn.digest,
        by=by,
        at=at,
    )


@transaction.atomic
def send_photo(*, number: str, content: bytes, item: int | None = None, by: str, at: datetime) -> ReturnPhoto:
    """Show what comes back, once there is a return: asked for by staff, or not. The same picture twice is one.

    Raises:
        PhotoRefused, ReturnNotFound, NotFound: no such item.
        ReturnEnded: nobody looks at it any more.
    """
    sent_before = ReturnPhoto.objects.filter(of__number=number, by=by).count()
    kept = keep_photo(content=content, number=number, item=item, by=by, at=at)
    found = Return.objects.select_related("order").get(number=number)
    if found.status not in (Return.Status.REQUESTED, Return.Status.OPEN):
        raise ReturnEnded(number, found.status)
    if ReturnPhoto.objects.filter(of=found, by=by).count() == sent_before:
        return kept
    if sent_before >= MOST_OF_SENDER:
        raise refuse_photo("too_many")

    found.tags = [tag for tag in found.tags if tag != PHOTO_ASKED]
    found.touch("tags", at=at)
    facts = {"order": found.order.number, "photo": str(kept.key), "item": kept.item_id}
    events.publish([PhotoSent(subject=number, by=by, at=at, facts=facts)])
    return kept


def refuse_photo(why: str) -> PhotoRefused:
    """The refusal in words. Facts: `why`."""
    return PhotoRefused(_SENTENCES[why], why=why)


def _find_item(of: Return | None, item: int | None) -> ReturnItem | None:
    if of is None or item is None:
        return None
    found = of.items.filter(pk=item).first()
    if found is None:
        raise NotFound(f"Return {of.number} has no item {item}.", item=item)
    return found


@transaction.atomic
def drop_photo(*, key: UUID, draft: str) -> None:
    """Take a picture out of a draft; of a return none is ever taken out.

    Raises:
        PhotoNotFound
    """
    if not ReturnPhoto.objects.filter(key=key, draft=draft, of=None).exclude(draft="").delete()[0]:
        raise PhotoNotFound


def adopt_photos(return_: Return, items: Mapping[int, Collection[UUID]]) -> int:
    """A draft has become a return: its pictures, by item, are the return's now. How many there were.

    Keys of another order's drafts are left alone: nobody can take a picture that is not theirs.
    """
    keys = [key for each in items.values() for key in each]
    sent = ReturnPhoto.objects.filter(draft__startswith=name_draft(return_.order.number), of=None, key__in=keys)
    whose = [When(key__in=list(each), then=Value(item)) for item, each in items.items() if each]
    return sent.update(of=return_, item_id=Case(*whose), draft="") if whose else 0


def name_draft(order: str, line: int | None = None) -> str:
    """What pictures are kept under before there is a return: those of an order, or of one of its lines."""
    return f"{order}:{line or ''}"


def purge_drafts(*, at: datetime) -> int:
    """Forget pictures of drafts that became nothing; how many there were."""
    stale = ReturnPhoto.objects.filter(of=None, at__lt=at - DRAFT_LASTS)
    return stale.delete()[0]
