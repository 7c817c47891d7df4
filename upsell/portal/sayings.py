"""What the pages of offers say when something is refused: each code a sentence, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from oms.portal.pages import Sayings
from orders.portal.sayings import SAYINGS as OF_ORDERS

Facts = Mapping[str, Any]


def _say_ended(facts: Facts) -> str:
    return {
        "window_closed": gettext("The time for changes is over, so this offer has ended. Nothing has changed."),
        "refused": gettext("You put this offer aside. You can take that back below “What I do not want to see”."),
        "waits_for_payment": gettext("This offer waits for its payment already. Pay it or take it back first."),
        "only_whole": gettext("These go together: take all of them, or none."),
    }.get(str(facts.get("because", "")), gettext("This offer has ended. Nothing has changed."))


def _say_short(facts: Facts) -> str:
    return gettext("The last one has just been sold, so this offer has ended. Nothing has changed.")


def _say_enough(facts: Facts) -> str:
    return gettext("This order has as many offers as it can take. Nothing has changed.")


OF_OFFERS: Sayings = {
    "offer_ended": _say_ended,
    "offer_taken": lambda facts: gettext("This is on your order already. Nothing was added a second time."),
    "enough_accepted": _say_enough,
    "not_among_choices": lambda facts: gettext("This one has just been sold. Choose another, or take what is offered."),
    "offer_not_found": lambda facts: gettext("This offer has ended. Nothing has changed."),
}
SAYINGS: Sayings = {**OF_ORDERS, "stock_short": _say_short, **OF_OFFERS}
