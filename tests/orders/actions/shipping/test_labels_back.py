"""Labels under which goods come back: the customer sends, a warehouse receives, and all else is as for any label."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.actions.shipping.discarding import discard_labels_back
from orders.actions.shipping.following import follow_parcels
from orders.actions.shipping.labelling import replace_label, void_label, want_labels_back
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.errors import LabelNotVoidable
from orders.models import CarrierService, Label, LabelDocument, TrackingEvent
from tests.fakes.easypost_server import EasyPostServer
from tests.make.carriers import SOON, TO_ZURICH, easypost, house, look, work
from tests.make.labels_back import label_back, sent_order, want_back, way_back
from tests.make.moments import ADA, NOON
from tests.make.pdfs import read_text
from tests.make.snapshots import announced, facts_of
from tests.make.statements import statements_made

__all__ = ["easypost"]
pytestmark = pytest.mark.django_db


def bought_back(**fields):
    label = label_back(**fields)
    work()
    return look(label)


def test_the_customer_sends_it_and_the_warehouse_receives_it():
    house(CP="4.90", EE="12.90")
    label = label_back()
    assert (label.ship_from["city"], label.ship_from["email"]) == ("Berlin", "ada@example.com")
    assert (label.ship_to["company"], label.ship_to["city"]) == ("Morrow & Flax GmbH", "Leipzig")
    assert (label.state, label.service, label.cost, label.customs) == ("WANTED", "CP", Decimal("4.90"), {})
    assert (label.fulfillment, label.parcel["grams"]) == (None, 320)


def test_the_house_prints_a_label_that_names_the_return():
    house()
    label = bought_back()
    assert label.state == "BOUGHT"
    assert announced(label.order.number)[-1] == "return_label.bought"
    assert facts_of("return_label.bought")["return"] == "1001-R1"
    page = read_text(bytes(LabelDocument.objects.get(label=label).content))
    assert "RETURN" in page
    assert "Return 1001-R1" in page


def test_wanting_it_twice_is_one_label():
    house()
    order = sent_order()
    assert want_back(order) == want_back(order)
    assert Label.objects.filter(rma="1001-R1").count() == 1


def test_ten_returns_take_as_many_statements_as_two():
    house()
    order = sent_order()
    counts = []
    for numbers in (range(2), range(10, 20)):
        ways = [way_back(order, f"R{number}") for number in numbers]
        with statements_made() as made:
            want_labels_back(ways, by=ADA, at=NOON)
        counts.append(len(made))
    assert (counts[0], Label.objects.count()) == (counts[1], 12)


def test_a_lane_back_costs_what_the_lane_there_does():
    account = house(CP="4.90")
    rate = CarrierService.objects.get(account=account).rates.get()
    CarrierService.objects.get(account=account).rates.create(country="CH", price=Decimal("9.90"), days=4)
    label = bought_back(shipping_address=TO_ZURICH)
    assert (rate.price, label.cost, label.state) == (Decimal("4.90"), Decimal("9.90"), "BOUGHT")


def test_across_a_border_the_goods_are_declared_as_returned_with_their_export():
    house()
    label = bought_back(shipping_address=TO_ZURICH)
    (item,) = label.customs["items"]
    assert (item["value"], item["hs_code"], item["origin"]) == ("19.90", "610910", "PT")
    assert label.customs["exported"].startswith(f"Order {label.order.number}, exported 2")
    assert "returned goods" in read_text(bytes(LabelDocument.objects.get(label=label).content))


def test_where_nobody_takes_it_a_person_is_told_and_may_look_again():
    house()
    order = sent_order()
    CarrierService.objects.update(most_grams=100)
    (label,) = want_back(order)
    assert (label.state, facts_of("return_label.failed")["return"]) == ("REFUSED", "1001-R1")
    CarrierService.objects.update(most_grams=None)
    fresh = replace_label(label_id=label.pk, reason="", by=ADA, at=SOON)
    assert (fresh.state, fresh.rma, fresh.parcel["grams"]) == ("WANTED", "1001-R1", 320)


def test_a_label_of_a_return_that_is_not_wanted_goes_back_to_its_carrier():
    house()
    label = bought_back()
    discard_labels_back(["1001-R1"], by=ADA, at=SOON)
    work(at=SOON + timedelta(minutes=1))
    assert look(label).state == "VOIDED"
    assert announced(label.order.number)[-1] == "return_label.voided"


def test_reports_of_it_are_kept_once_and_announced():
    house()
    label = bought_back()
    said = Report(shipment=label.tracking_number, status="IN_TRANSIT", at=SOON, place="Berlin")
    assert record_tracking([said], by="carrier:house", at=SOON).new == 1
    assert record_tracking([said], by="carrier:house", at=SOON).new == 0
    assert facts_of("return_parcel.moved")["return"] == "1001-R1"
    assert TrackingEvent.objects.get().label == label
    with pytest.raises(LabelNotVoidable):
        void_label(label_id=label.pk, reason="", by=ADA, at=SOON)


def test_easypost_is_asked_for_a_return_by_the_addresses_of_the_first_way(easypost: EasyPostServer):
    label = bought_back(shipping_address=TO_ZURICH)
    assert label.state == "BOUGHT", label.last_error
    asked = easypost.writes("/shipments")[-1]["shipment"]
    assert asked["is_return"] is True
    assert (asked["from_address"]["city"], asked["to_address"]["city"]) == ("Leipzig", "Zürich")
    assert asked["customs_info"]["contents_type"] == "returned_goods"


def test_a_parcel_on_its_way_back_is_asked_about_until_it_is_there(easypost: EasyPostServer):
    label = bought_back()
    assert follow_parcels(at=SOON) == 1
    said = Report(shipment=label.tracking_number, status="DELIVERED", at=SOON)
    record_tracking([said], by="carrier:ep", at=SOON)
    assert follow_parcels(at=SOON + timedelta(days=1)) == 0
