"""What speaks against telling a customer that there is still room in the parcel."""

from dataclasses import dataclass
from typing import Literal

Withheld = Literal["TEST", "NO_ADDRESS", "NOT_EDITABLE", "REFUNDED", "UNSUBSCRIBED", "REFUSED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An order at the moment in which it would be mailed."""

    test: bool
    has_address: bool
    editable: bool
    given_back: bool
    unsubscribed: bool
    refuses_all: bool


def find_objection(to: Recipient) -> Withheld | None:
    """The first that counts; None where only the law and the offers themselves are left to ask."""
    objections: list[tuple[bool, Withheld]] = [
        (to.test, "TEST"),
        (not to.has_address, "NO_ADDRESS"),
        (not to.editable, "NOT_EDITABLE"),
        (to.given_back, "REFUNDED"),
        (to.unsubscribed, "UNSUBSCRIBED"),
        (to.refuses_all, "REFUSED"),
    ]
    return next((why for speaks_against, why in objections if speaks_against), None)
