"""Whether anything of an order ever came back, or was to: what its page asks before it looks any closer."""

from dataclasses import dataclass

from oms.sql import fetch_one
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Traces:
    """`withdrawn`: somebody has declared a withdrawal from the contract. `returned`: there is a return of it."""

    withdrawn: bool
    returned: bool


def read_traces(order: Order) -> Traces:
    return Traces(*fetch_one(_TRACES, {"order": order.pk}))


_TRACES = """
SELECT EXISTS (SELECT FROM returns_withdrawal WHERE order_id = %(order)s),
       EXISTS (SELECT FROM returns_return WHERE order_id = %(order)s)
"""
