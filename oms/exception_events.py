"""What is announced about exceptions. The subject is the item's id."""

from oms.events import Event


class ExceptionEvent(Event):
    """Facts of all: type, about (subject_kind and subject)."""

    subject_kind = "exception"


class ExceptionOpened(ExceptionEvent):
    """Something waits for a person. Facts: cause, deadline."""

    type = "exception.opened"


class ExceptionAssigned(ExceptionEvent):
    """Somebody looks after it. Facts: owner, or null when nobody does any more."""

    type = "exception.assigned"


class ExceptionSnoozed(ExceptionEvent):
    """It was put off. Facts: until, or null when it waits again."""

    type = "exception.snoozed"


class ExceptionClosed(ExceptionEvent):
    """It does not wait any more. Facts: because (GONE or DISMISSED), note."""

    type = "exception.closed"
