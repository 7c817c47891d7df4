"""What carriers say of a parcel, in our words; and where it stands when they say it late or twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

CONFIRMED, IN_TRANSIT, OUT_FOR_DELIVERY = "CONFIRMED", "IN_TRANSIT", "OUT_FOR_DELIVERY"
ATTEMPTED, PICKUP, DELAYED = "ATTEMPTED_DELIVERY", "READY_FOR_PICKUP", "DELAYED"
DELIVERED, FAILURE, RETURNED = "DELIVERED", "FAILURE", "RETURNED"

_WORDS = {
    "pre_transit": CONFIRMED,
    "in_transit": IN_TRANSIT,
    "out_for_delivery": OUT_FOR_DELIVERY,
    "available_for_pickup": PICKUP,
    "delivered": DELIVERED,
    "return_to_sender": RETURNED,
    "failure": FAILURE,
    "cancelled": FAILURE,
    "error": FAILURE,
}
"""EasyPost's statuses."""

_DETAILS = {
    "delivery_attempted": ATTEMPTED,
    "delivery_rescheduled": DELAYED,
    "delayed": DELAYED,
    "weather_delay": DELAYED,
    "in_customs": IN_TRANSIT,
    "held": DELAYED,
    "return": RETURNED,
    "returned_to_sender": RETURNED,
}
"""Status details that say more than the status beside them."""

_FARTHER = (CONFIRMED, IN_TRANSIT, DELAYED, OUT_FOR_DELIVERY, ATTEMPTED, PICKUP, FAILURE, RETURNED, DELIVERED)
"""Of two reports of one moment the later in this list holds."""

_UNDOES_DELIVERY = (RETURNED,)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody saw the parcel: `at` is when it happened, not when we heard of it."""

    status: str
    at: datetime


def read_status(word: str, detail: str = "") -> str | None:
    """A `Shipment.Status`; None where the carrier knows nothing yet, or uses a word that we do not know."""
    return _DETAILS.get(detail.strip().lower()) or _WORDS.get(word.strip().lower())


def find_standing(sightings: Iterable[Sighting]) -> Sighting | None:
    """Where the parcel is, whatever the order in which the reports came in: the newest decides.

    Once delivered it stays delivered, also where a scan is dated later, until it is on its way back.
    """
    known = sorted(sightings, key=lambda each: (each.at, _FARTHER.index(each.status)))
    delivered = next((each for each in known if each.status == DELIVERED), None)
    if delivered is None:
        return known[-1] if known else None
    undoing = [each for each in known if each.status in _UNDOES_DELIVERY and each.at > delivered.at]
    return undoing[-1] if undoing else delivered
