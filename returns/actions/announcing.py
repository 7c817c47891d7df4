"""A customer who sends with a carrier of their own tells us the number."""

import re
from datetime import datetime

from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from orders.policies.shipping.tracking_numbers import recognize_number
from returns.actions.locking import lock_return
from returns.actions.placing_nodes import place_return
from returns.actions.sending_back import new_token
from returns.errors import ReturnEnded, ReturnNotOpen
from returns.models import Return, ReturnParcel

LONGEST = 60


@transactional
def announce_parcel(*, number: str, carrier: str, tracking_number: str, by: str, at: datetime) -> ReturnParcel:
    """It is on its way under this number. The carrier is told by the number's form where nobody names it.

    The same number twice is one parcel.

    Raises:
        ReturnNotFound.
        Invalid: no tracking number, or one that cannot be.
        ReturnNotOpen, ReturnEnded: nothing is awaited.
    """
    word = _read_number(tracking_number)
    found = lock_return(number)
    _refuse_not_open(found)
    if known := found.parcels.filter(tracking_number=word).first():
        return known

    recognized = recognize_number(word)
    named = carrier.strip()[:120]
    fitting = next((each for each in recognized if not named or each.carrier.lower() == named.lower()), None)
    if found.node is None:
        place_return(found, list(found.items.all()), at=at)
    return ReturnParcel.objects.create(
        of=found,
        carrier=named or (fitting.carrier if fitting else ""),
        tracking_number=word,
        tracking_url=fitting.url if fitting else "",
        token=new_token(),
        announced_at=at,
    )


def _read_number(text: str) -> str:
    word = re.sub(r"[\s-]+", "", text).upper()
    if word and len(word) <= LONGEST and word.isascii() and word.isalnum():
        return word
    error = FieldError("/tracking_number", "tracking_number_invalid", "Letters and digits, 60 at most.")
    raise Invalid("That is no tracking number.", errors=[error])


def _refuse_not_open(found: Return) -> None:
    if found.status == Return.Status.REQUESTED:
        raise ReturnNotOpen(found.number, found.status)
    if found.status != Return.Status.OPEN:
        raise ReturnEnded(found.number, found.status)
