"""What nobody announced, once a person knows what it is; and what goes back to the customer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from orders.actions.returning import claim_units, free_units
from orders.models import OrderLine
from returns.actions.closing import close_if_done
from returns.actions.locking import lock_return
from returns.errors import NotInspectable, ReturnNotOpen
from returns.models import Return, ReturnItem
from returns.queries.worths import read_worths

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception


@transactional
def adopt_surplus(*, number: str, item_id: int, line_id: int, by: str, at: datetime) -> ReturnItem:
    """It is of this line of the order: from now on an item like the others, to be inspected and given for.

    Raises:
        ReturnNotFound, ReturnNotOpen.
        NotInspectable: it is no surplus, or has found its place.
        Invalid: the order has no such line, or another SKU there.
        NotThatManySent: more than were sent, and are not back yet.
    """
    found = lock_return(number)
    if found.status != Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    item = found.items.select_related("variant").filter(id=item_id).first()
    if item is None or item.reception != Reception.SURPLUS or item.disposition:
        raise NotInspectable(item_id, item.reception if item else "not of this return", "no surplus")
    line = OrderLine.objects.filter(order=found.order, id=line_id).first()
    if line is None or item.variant_id not in (None, line.variant_id):
        detail = "The order has no such line, or it is of another SKU."
        raise Invalid(detail, errors=[FieldError("/line", "other_line", detail)])

    worth = read_worths(found.order, {line.pk: item.quantity})[line.pk]
    claim_units(found.order, {line.pk: item.quantity}, at=at)
    item.line, item.variant_id, item.reception = line, line.variant_id, Reception.RECEIVED
    item.acceptance, item.value, item.tax = Acceptance.PENDING, worth.value, worth.tax
    item.save(update_fields=["line", "variant", "reception", "acceptance", "value", "tax"])
    found.touch(at=at)
    return item


@transactional
def hand_back(*, number: str, item_ids: Sequence[int], by: str, at: datetime) -> Return:
    """Rejected goods are with the customer again, who may ask once more. Twice is harmless.

    Raises:
        ReturnNotFound.
        NotInspectable: one of them was not rejected, or found its place here.
    """
    found = lock_return(number)
    items = list(found.items.filter(id__in=item_ids).exclude(reception=Reception.CANCELED))
    for item in items:
        if item.acceptance != Acceptance.REJECTED or item.disposition or item.settlement_id:
            raise NotInspectable(item.pk, item.reception, item.acceptance)
    units: dict[int, Decimal] = {}
    for item in items:
        if item.line_id is not None:
            units[item.line_id] = units.get(item.line_id, Decimal(0)) + item.quantity
    if items:
        ReturnItem.objects.filter(id__in=[item.pk for item in items]).update(reception=Reception.CANCELED)
        free_units(found.order, units, at=at)
        close_if_done(found, because="What was rejected is with the customer again.", by=by, at=at)
    return found
