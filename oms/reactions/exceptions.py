"""Looking at once when something was announced that may have made, or ended, a trouble."""

from collections.abc import Sequence

from django.utils import timezone

from oms.actions.reviewing_exceptions import review_exceptions
from oms.events import Event
from oms.exceptions import types_that_hear


def review_troubles(told: Sequence[Event]) -> None:
    """Ask each type that hears of such events what is wrong now."""
    review_exceptions(types=types_that_hear({type(event) for event in told}), at=timezone.now())
