"""What staff can choose from when they hold, cancel or take a payment."""

from collections.abc import Mapping

from orders.models import Hold

HOLD_REASONS = [
    (reason.value, reason.label.capitalize())
    for reason in (Hold.Reason.STAFF, Hold.Reason.FRAUD_REVIEW, Hold.Reason.ADDRESS_CHECK)
]
CANCEL_REASONS = [
    ("customer", "Customer asked for it"),
    ("inventory", "Not in stock"),
    ("fraud", "Fraud"),
    ("declined", "Payment declined"),
    ("staff", "Our mistake"),
    ("other", "Other"),
]
GATEWAYS = [
    ("bank_transfer", "Bank transfer"),
    ("cash", "Cash"),
    ("card_terminal", "Card terminal"),
    ("cheque", "Cheque"),
    ("manual", "Other"),
]


def say_cancel_reason(answer: Mapping[str, str]) -> str:
    """The reason that was chosen, with the note where there is one."""
    reason = dict(CANCEL_REASONS)[answer["reason"]]
    return f"{reason}: {answer['note']}" if answer["note"] else reason


_GIVEN = {
    "changed_mind": "changed their mind",
    "too_slow": "it takes too long",
    "by_mistake": "ordered by mistake",
    "found_elsewhere": "found it elsewhere",
    "other": "something else",
}
"""What customers can say on the order's page."""


def say_known_reason(reason: str) -> str:
    """A reason as it is on record, in words where it is one of our codes: "customer: too_slow" is one."""
    if reason.startswith("Edit "):
        return f"change {reason.removeprefix('Edit ')}"
    whole = dict(CANCEL_REASONS).get(reason.lower())
    head, _, given = reason.rpartition(": ")
    if given in _GIVEN and head.endswith("customer"):
        return f"{head}: {_GIVEN[given]}"
    return whole or reason
