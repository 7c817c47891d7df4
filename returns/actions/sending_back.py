"""Getting goods onto their way: a label or a code for what was approved, and taking them back when it is canceled."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.transactions import transactional
from orders.actions.shipping.discarding import discard_labels_back
from orders.actions.shipping.labelling import want_labels_back
from orders.actions.waking import wake_carriers
from orders.models import Label
from orders.queries.shipping.wanted_back import WayBack
from returns.actions.locking import lock_return
from returns.actions.placing_nodes import place_return, units_to_come
from returns.choices import Method
from returns.events import ReturnParcelReady
from returns.models import Return, ReturnNode, ReturnParcel

LABELLED = (Method.PREPAID_LABEL, Method.QR_DROP_OFF)
TOKEN_BYTES = 15


def prepare_parcel(found: Return, *, by: str, at: datetime) -> ReturnParcel | None:
    """What the customer needs to send it, by the method of the return, which must be locked after its order.

    A prepaid label is wanted from carriers, also behind a QR code; to a store it is brought with a code. With a carrier
    of their own the customer tells us the number later, and what they keep does not travel: None. Twice is one parcel.
    """
    items = list(found.items.all())
    units = units_to_come(items)
    if found.status != Return.Status.OPEN or found.method == Method.KEEP_IT or not units:
        return None
    node = found.node or place_return(found, items, at=at)
    if found.method == Method.OWN_CARRIER or node is None:
        return None
    if waiting := found.parcels.filter(status=ReturnParcel.Status.ANNOUNCED).first():
        return waiting
    return _prepare(found, node, units, by=by, at=at)


def _prepare(found: Return, node: ReturnNode, units: Mapping[int, Decimal], *, by: str, at: datetime) -> ReturnParcel:
    label = None
    if found.method in LABELLED:
        warehouse = node.warehouse_id
        way = WayBack(rma=found.number, order=found.order.number, warehouse=warehouse, units=units)
        want_labels_back([way], by=by, at=at)
        label = Label.objects.filter(rma=found.number, state__in=Label.LIVE).first()
    parcel = ReturnParcel.objects.create(of=found, label=label, token=new_token(), announced_at=at)
    if found.method == Method.IN_STORE:
        events.publish([tell_ready(found, parcel, by=by, at=at)])
    return parcel


def new_token() -> str:
    """What a code names a parcel by: nobody guesses it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def tell_ready(found: Return, parcel: ReturnParcel, *, by: str, at: datetime) -> ReturnParcelReady:
    facts = {
        "order": found.order.number,
        "parcel": parcel.pk,
        "method": found.method,
        "node": found.node.warehouse.code if found.node else "",
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
    }
    return ReturnParcelReady(subject=found.number, by=by, at=at, facts=facts)


@transactional
def withdraw_parcels(*, number: str, by: str, at: datetime) -> None:
    """Nothing is sent any more: labels go back to their carriers, announced parcels are forgotten. Twice is harmless.

    A label that a customer has used already cannot be given back; its carrier says so, and its parcel shows up.
    """
    found = lock_return(number)
    discard_labels_back([number], by=by, at=at)
    wake_carriers()
    found.parcels.filter(status=ReturnParcel.Status.ANNOUNCED, label=None).delete()
