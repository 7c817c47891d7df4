"""Asking the customer for a photo before a return is decided on."""

from datetime import datetime

from oms import events
from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from returns.actions.locking import lock_return
from returns.choices import PhotoOf
from returns.errors import ReturnEnded, ReturnNotOpen
from returns.events import PhotoAsked
from returns.models import Return

PHOTO_ASKED = "photo asked"
"""The tag of a return that waits for its customer."""


@transactional
def ask_for_photo(*, number: str, show: str, detail: str = "", by: str, at: datetime) -> Return:
    """Tell the customer what to show. It stays to be decided on; asking again tells them again.

    Raises:
        ReturnNotFound
        Invalid: `show` is no word of `PhotoOf`.
        ReturnNotOpen, ReturnEnded: it was decided on already.
    """
    if show not in set(PhotoOf):
        error = FieldError("/show", "unknown_word", f"{show} is none of {', '.join(PhotoOf)}.")
        raise Invalid("Say what the photo should show.", errors=[error])
    found = lock_return(number)
    if found.status == Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    if found.status != Return.Status.REQUESTED:
        raise ReturnEnded(number, found.status)

    found.tags = list(dict.fromkeys([*found.tags, PHOTO_ASKED]))
    found.touch("tags", at=at)
    facts = {"order": found.order.number, "show": show, "detail": detail.strip()}
    events.publish([PhotoAsked(subject=number, by=by, at=at, facts=facts)])
    return found
