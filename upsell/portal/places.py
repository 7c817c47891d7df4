"""Where an offer is shown, and the page to which its reader goes back from there."""

import re
from collections.abc import Mapping

from django.urls import reverse

from orders.models import Order
from upsell.choices import Placement

_BELOW = re.compile(r"(?:[A-Za-z0-9-]{1,40}/)*[A-Za-z0-9-]{0,40}", re.ASCII)
"""A page below an order's own: words between slashes."""

ON_PAGES = frozenset({Placement.CONFIRMATION, Placement.ORDER, Placement.EDIT, Placement.RETURN, Placement.MAIL})


def read_placement(typed: Mapping[str, str]) -> Placement:
    """What a form or a link says; the order's page where it says nothing that can be."""
    said = typed.get("via", "")
    return Placement(said) if said in ON_PAGES else Placement.ORDER


def find_way_back(order: Order, typed: Mapping[str, str]) -> str:
    """The page that the form came from: nobody's form leads anywhere but below the order."""
    home = reverse("portal:order", args=[order.number])
    below = typed.get("back", "")
    return f"{home}{below}" if len(below) <= 200 and _BELOW.fullmatch(below) else home


def place_below(order: Order, path: str) -> str:
    """The part of a page's path below the order's own, "" where it stands elsewhere, or is but a part of that page."""
    home = reverse("portal:order", args=[order.number])
    if not path.startswith(home) or path == reverse("portal:standing", args=[order.number]):
        return ""
    return path.removeprefix(home)
