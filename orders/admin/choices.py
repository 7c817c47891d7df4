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
