"""What of an order can still be changed while a warehouse works on it."""

from collections.abc import Iterable, Mapping
from typing import Any

HARMLESS = "change_contact"
ON_THE_LABEL = "change_address"
STOPPABLE = "cancel_order"


def fits_in_hand(operations: Iterable[Mapping[str, Any]], *, country: str, partner: bool) -> bool:
    """True when these operations need nothing of a warehouse but another label, or its answer whether it can stop.

    A partner prints labels of its own, and to another country other papers are needed: both must stop first.
    """
    return all(_fits(operation, country=country, partner=partner) for operation in operations)


def _fits(operation: Mapping[str, Any], *, country: str, partner: bool) -> bool:
    if operation["op"] == ON_THE_LABEL:
        return not partner and operation["address"]["country"] == country
    return operation["op"] in (HARMLESS, STOPPABLE)
