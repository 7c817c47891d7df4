"""Returns on their way: nodes, labels, scans, by the product's own actions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inventory.models import Warehouse
from oms.actions.delivering import deliver_deliveries
from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import CarrierAccount, Label
from returns.choices import Method
from returns.models import Return, ReturnNode, ReturnParcel, TermsEdition
from tests.make.carriers import address_warehouse, house
from tests.make.moments import ONE_HOUR
from tests.make.returns import ASKED, delivered_order, open_return, terms_in_force
from tests.make.stock import LEJ

LABELLED_AT = ASKED + timedelta(minutes=5)
SEEN_AT = ASKED + ONE_HOUR
MUCH_LATER = datetime(2100, 1, 1, tzinfo=UTC)


def node(warehouse: Warehouse | None = None, **fields: Any) -> ReturnNode:
    """One that takes returns; our own warehouse unless said otherwise."""
    place = warehouse or address_warehouse(LEJ)
    return ReturnNode.objects.create(warehouse=place, **({"currency": "EUR"} | fields))


def way_back(*, method: str = "PREPAID_LABEL", **fields: Any) -> Return:
    """An approved return for which everything is prepared."""
    if not CarrierAccount.objects.exists():
        house()
    every_method()
    order = delivered_order(**fields)
    address_warehouse(LEJ)
    return prepare(open_return(order, method=method))


def every_method() -> None:
    """Terms that leave the way back to the customer."""
    if not TermsEdition.objects.exists():
        terms_in_force({"methods": list(Method)})


def prepare(found: Return, *, at: datetime = LABELLED_AT) -> Return:
    """What workers do after an approval: the parcel is prepared, the label bought, its number told."""
    react()
    buy_due_labels(at=at)
    react()
    found.refresh_from_db()
    return found


def react() -> None:
    """All that was announced is heard, whatever day it is told of, and wherever the test has stopped the clock."""
    deliver_deliveries(at=MUCH_LATER)


def parcel_of(found: Return) -> ReturnParcel:
    return found.parcels.latest("id")


def label_of(found: Return) -> Label:
    return Label.objects.filter(rma=found.number).latest("id")


def seen(found: Return, status: str = "IN_TRANSIT", *, at: datetime = SEEN_AT, **fields: Any) -> Return:
    """The carrier says where it is."""
    said = Report(shipment=label_of(found).tracking_number, status=status, at=at, **fields)
    record_tracking([said], by="carrier:house", at=at)
    react()
    found.refresh_from_db()
    return found
