"""From the approval to the carrier's first scan: what workers do behind a return."""

from datetime import timedelta

import pytest

from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.labelling import replace_label
from orders.models import CarrierAccount, Label
from returns.actions.canceling import cancel_return
from returns.actions.sending_back import prepare_parcel, withdraw_parcels
from returns.errors import ReturnUnderway
from returns.models import ReturnParcel
from tests.make.carriers import address_warehouse, house
from tests.make.moments import ADA, ONE_HOUR
from tests.make.returns import ASKED, ask_return, delivered_order, open_return, rule, told
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import warehouse
from tests.make.ways_back import LABELLED_AT, SEEN_AT, every_method, label_of, node, parcel_of, prepare, seen, way_back

pytestmark = pytest.mark.django_db


def test_an_approved_return_has_a_label_to_where_it_came_from():
    found = way_back()
    parcel, label = parcel_of(found), label_of(found)
    assert (label.state, label.rma, label.ship_to["city"]) == ("BOUGHT", found.number, "Leipzig")
    assert (parcel.label, parcel.tracking_number, parcel.carrier) == (label, label.tracking_number, "House post Cp")
    assert found.node is not None
    assert told(found)[-2:] == ["return.approved", "return.parcel_ready"]
    assert facts_of("return.parcel_ready")["node"] == "LEJ"


@pytest.mark.parametrize(
    ("method", "parcels", "labels"), [("QR_DROP_OFF", 1, 1), ("IN_STORE", 1, 0), ("OWN_CARRIER", 0, 0)]
)
def test_each_method_prepares_what_it_needs(method, parcels, labels):
    node(warehouse("SHOP"), kind="STORE")
    node(address_warehouse())
    way_back(method=method)
    assert (ReturnParcel.objects.count(), Label.objects.filter(state="BOUGHT").count()) == (parcels, labels)


def test_what_the_customer_keeps_does_not_travel():
    house()
    rule("KEEP_IT")
    found = prepare(ask_return(delivered_order()))
    assert (found.method, found.parcels.count(), Label.objects.count()) == ("KEEP_IT", 0, 0)


def test_preparing_twice_is_one_parcel():
    found = way_back()
    with nothing_changes():
        prepare_parcel(found, by=ADA, at=LABELLED_AT)


def test_the_first_scan_moves_the_return_and_ends_canceling():
    found = seen(way_back(), place="Berlin")
    parcel = parcel_of(found)
    assert (parcel.status, parcel.scanned_at, found.moved_at) == ("IN_TRANSIT", SEEN_AT, SEEN_AT)
    assert set(found.items.values_list("reception", flat=True)) == {"IN_TRANSIT"}
    assert told(found)[-1] == "return.in_transit"
    with nothing_changes(), pytest.raises(ReturnUnderway):
        cancel_return(number=found.number, by="customer", at=SEEN_AT)


def test_later_scans_announce_nothing_again_and_delivery_stays():
    found = seen(way_back())
    arrived = SEEN_AT + 24 * ONE_HOUR
    seen(found, "DELIVERED", at=arrived)
    seen(found, "IN_TRANSIT", at=arrived - ONE_HOUR)
    parcel = parcel_of(found)
    assert (parcel.status, parcel.delivered_at, len(parcel.events)) == ("DELIVERED", arrived, 3)
    assert told(found).count("return.in_transit") == 1


def test_a_carrier_that_only_knows_of_it_has_not_scanned_it():
    found = seen(way_back(), "CONFIRMED")
    assert (parcel_of(found).status, found.moved_at) == ("ANNOUNCED", None)


def test_the_label_of_a_canceled_return_goes_back_to_its_carrier():
    found = way_back()
    cancel_return(number=found.number, by="customer", at=LABELLED_AT)
    prepare(found, at=LABELLED_AT + timedelta(minutes=1))
    assert label_of(found).state == "VOIDED"
    with nothing_changes():
        withdraw_parcels(number=found.number, by=ADA, at=LABELLED_AT)


def test_a_label_that_replaces_another_is_on_the_same_parcel():
    found = way_back()
    old = label_of(found)
    replace_label(label_id=old.pk, reason="lost", by=ADA, at=LABELLED_AT)
    prepare(found, at=LABELLED_AT + timedelta(minutes=1))
    assert (found.parcels.count(), parcel_of(found).label) == (1, label_of(found))
    assert parcel_of(found).tracking_number not in ("", old.tracking_number)


def test_a_label_that_was_used_after_it_was_canceled_is_still_seen():
    found = way_back()
    old = label_of(found)
    cancel_return(number=found.number, by="customer", at=LABELLED_AT)
    prepare(found, at=LABELLED_AT + timedelta(minutes=1))
    seen(found)
    assert (parcel_of(found).label, parcel_of(found).status) == (old, "IN_TRANSIT")


def test_without_any_carrier_a_person_is_told():
    account = house()
    order = delivered_order()
    every_method()
    found = open_return(order, method="PREPAID_LABEL")
    CarrierAccount.objects.filter(pk=account.pk).update(active=False)
    prepare(found)
    assert (Label.objects.get().state, facts_of("return_label.failed")["return"]) == ("REFUSED", f"{order.number}-R1")
    assert buy_due_labels(at=ASKED + ONE_HOUR) == 0
