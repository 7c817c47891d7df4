"""Why something cannot come back, in plain English: for partners and staff. Customers read `returns.wording`."""

from collections.abc import Mapping
from typing import Any


def say_code(code: str, facts: Mapping[str, Any] = {}) -> str:
    """One sentence; a code that is new here is said as it stands."""
    if code == "window_closed" and facts.get("last_day"):
        return f"It could be returned until {facts['last_day']}."
    if code == "final_sale" and facts.get("reason"):
        return f"It was sold for good: {str(facts['reason']).lower()}."
    return _SENTENCES.get(code, code.replace("_", " ").capitalize() + ".")


_SENTENCES = {
    "in_window": "It may come back.",
    "by_law": "The law lets it come back.",
    "sealed_only": "It may come back while its seal is unbroken.",
    "before_delivery": "The contract may be withdrawn from before the goods are there.",
    "window_closed": "The time for returning it is over.",
    "final_sale": "It was sold for good.",
    "no_returns": "It was sold without a right to return it.",
    "not_delivered": "It has not been delivered yet.",
    "not_sent": "It has not been sent yet.",
    "none_left": "All units of it are part of other returns.",
    "no_goods": "There is nothing of it to send back.",
    "no_withdrawal": "The time for withdrawing from the contract is over; ask for a return instead.",
    "test_order": "It is a test order.",
    "order_cancelled": "The order was cancelled.",
    "order_not_paid": "The order was never paid.",
}
