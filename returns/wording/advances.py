"""What somebody is told who was given for goods that are not back yet: until when, and what happens otherwise."""

from datetime import timedelta

from django.utils.translation import gettext

from oms.templatetags.portal import say_amount, say_day
from returns.models import Advance


def say_advance(advance: Advance) -> str:
    """Nothing once the goods have come, or nobody asks for them any more."""
    said = {
        "amount": say_amount(advance.amount, advance.currency),
        "day": say_day(advance.due_at - timedelta(microseconds=1)),
    }
    sentences: dict[str, str] = {
        Advance.State.OPEN: gettext(
            "You have this before your goods are back. They have to reach us by %(day)s; "
            "if they do not, we ask you for %(amount)s."
        ),
        Advance.State.OVERDUE: gettext(
            "You had this before your goods were back, and they were to reach us by %(day)s. "
            "Write to us if you have sent them; otherwise we ask you for %(amount)s."
        ),
        Advance.State.CHARGED: gettext("You had this in advance. Not all of the goods came, so we took it back."),
    }
    return sentences.get(advance.state, "") % said
