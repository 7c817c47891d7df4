"""What somebody saw before they accepted: a token of exactly this offer with exactly this version of the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core import signing

from orders.models import Order
from orders.portal.drafts import CONFIRM_WITHIN
from upsell.choices import Placement
from upsell.models import Offer

_SALT = "upsell.portal.acceptance"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`form`: sent twice it is done once."""

    placement: Placement
    version: int
    form: str


def seal(order: Order, offer: Offer, *, placement: Placement, version: int) -> str:
    sealed = {"order": order.number, "offer": offer.pk, "via": placement, "version": version, "form": uuid4().hex}
    sealed["goods"] = _goods(offer)
    return signing.dumps(sealed, salt=_SALT)


def unseal(order: Order, offer: Offer, token: str) -> Acceptance | None:
    """None when it is not one of ours, is of another offer, of other goods than are offered by now, or lay about for
    too long.
    """
    try:
        sealed: Mapping[str, Any] = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    if (sealed["order"], sealed["offer"], sealed["goods"]) != (order.number, offer.pk, _goods(offer)):
        return None
    return Acceptance(Placement(sealed["via"]), sealed["version"], sealed["form"])


def _goods(offer: Offer) -> list[str]:
    """Another size may have been chosen in another tab."""
    return [item.sku for item in offer.items.all()]
