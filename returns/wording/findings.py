"""What was found on goods that came back, for the customer who sent them."""

from django.utils.translation import gettext

from returns.choices import Condition
from returns.models import ReturnItem
from returns.wording.terms import CONDITIONS


def say_finding(item: ReturnItem) -> str:
    """Why it was not accepted, with what was seen; "" where nobody said anything."""
    return " ".join(filter(None, [_say_unmet(item), item.finding]))


def _say_unmet(item: ReturnItem) -> str:
    if not item.unmet:
        return ""
    if item.sealed_only and Condition.SEAL_UNBROKEN in item.unmet:
        return gettext("For reasons of hygiene it comes back only with its seal unbroken.")
    conditions = gettext(", ").join(str(CONDITIONS[Condition(word)]) for word in item.unmet)
    return gettext("It did not come back as our terms ask: %(conditions)s.") % {"conditions": conditions}
