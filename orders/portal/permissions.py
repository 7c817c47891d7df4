"""What a page may offer: the operations that would not be refused. The action judges again, with the amount."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from orders.models import Edit, EditPermission, Hold, Order
from orders.policies.edits.permissions import Attempt, judge_permission
from orders.policies.edits.stages import judge_stage
from orders.queries.edits.states import read_permissions, see_window
from orders.wording.windows import find_window

_NOT_HERE = {"ANY", "set_unit_price"}
_AT_ONCE = {"cancel_order"}
"""What cannot wait for an approval is offered only where it is done at once."""


def list_allowed(order: Order, holds: Iterable[Hold], *, at: datetime) -> frozenset[str]:
    """The operations that the customer may ask for now, as long as they cost nothing more. `holds`: all of the order,
    closed ones included."""
    hold = find_window(holds)
    window = see_window(hold, at=at) if hold else None
    stage = judge_stage(order.status, window, actor=Edit.Actor.CUSTOMER, self_service=order.self_service)
    permissions = read_permissions(Edit.Actor.CUSTOMER)
    allowed = set()
    for operation, _ in EditPermission.OPERATIONS:
        attempt = Attempt(
            actor=Edit.Actor.CUSTOMER,
            operations=[operation],
            stage=stage,
            to_another_country=False,
            rise=Decimal(0),
            currency=order.currency,
        )
        ruling = judge_permission(attempt, permissions).ruling
        if ruling == "ALLOW" or (ruling == "APPROVE" and operation not in _AT_ONCE):
            allowed.add(operation)
    return frozenset(allowed - _NOT_HERE)
