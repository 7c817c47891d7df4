"""Where parcels are: asked for, and told by carriers themselves."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.actions.shipping.following import follow_parcels
from orders.actions.shipping.labelling import void_label
from orders.models import CarrierAccount, Shipment, TrackingEvent
from tests.fakes.easypost_server import DOWN, WEBHOOK_SECRET, signed_event
from tests.make.carriers import LATER, bought, easypost, house, look, work
from tests.make.fulfillments import accepted, ship
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR
from tests.make.snapshots import announced, nothing_changes

__all__ = ["easypost"]

pytestmark = pytest.mark.django_db

PATH = "/api/v1/carriers/ep/webhooks"


def sent():
    """A parcel that has left with a bought label."""
    label = bought()
    return label, ship(accepted(label.fulfillment.order).number)


def send(body, headers=None, *, path=PATH):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return browser.post(path, body, content_type="application/json", headers=headers or {})


def statuses():
    return list(TrackingEvent.objects.order_by("at").values_list("status", flat=True))


def test_carriers_are_asked_about_parcels_on_their_way_and_not_too_often(easypost):
    label, shipment = sent()
    easypost.account.scan(label.tracking_number, "in_transit", "2026-11-21T20:00:00Z", city="Leipzig")
    assert follow_parcels(at=LATER) == 1
    shipment.refresh_from_db()
    assert (shipment.status, statuses()) == ("IN_TRANSIT", ["IN_TRANSIT"])
    assert follow_parcels(at=LATER + ONE_HOUR) == 0
    easypost.account.scan(label.tracking_number, "delivered", "2026-11-22T09:00:00Z")
    assert follow_parcels(at=LATER + ONE_DAY) == 1
    assert statuses() == ["IN_TRANSIT", "DELIVERED"]
    assert follow_parcels(at=LATER + 2 * ONE_DAY) == 0


def test_a_carrier_that_is_down_is_asked_about_nothing_for_a_while(easypost):
    sent(), sent()
    easypost.have_trouble(DOWN)
    assert follow_parcels(at=LATER) == 1
    assert CarrierAccount.objects.get().paused_until > LATER
    assert follow_parcels(at=LATER + timedelta(minutes=6)) == 1


def test_nobody_is_asked_about_parcels_of_the_house_or_that_have_not_left(easypost):
    bought()
    CarrierAccount.objects.filter(code="ep").update(active=False)
    house()
    sent()
    assert follow_parcels(at=LATER) == 0


def tracker_of(easypost, label):
    easypost.account.scan(label.tracking_number, "out_for_delivery", "2026-11-22T08:00:00Z", city="Berlin")
    return easypost.account.scan(label.tracking_number, "delivered", "2026-11-22T09:00:00Z")


def test_a_signed_message_of_a_carrier_moves_the_parcel(easypost):
    label, shipment = sent()
    answer = send(*signed_event("tracker.updated", tracker_of(easypost, label)))
    assert (answer.status_code, answer.json()) == (200, {"reports": 2, "refunds": 0})
    shipment.refresh_from_db()
    assert shipment.status == Shipment.Status.DELIVERED
    assert announced(label.fulfillment.order.number)[-1] == "shipment.delivered"


def test_the_same_message_again_and_what_was_asked_for_meanwhile_change_nothing(easypost):
    label, _ = sent()
    message = signed_event("tracker.updated", tracker_of(easypost, label))
    send(*message)
    with nothing_changes():
        assert send(*message).json() == {"reports": 0, "refunds": 0}


def test_a_parcel_of_another_shop_is_answered_200_and_left_out(easypost):
    detail = {"status": "delivered", "datetime": "2026-11-22T09:00:00Z"}
    with nothing_changes():
        answer = send(*signed_event("tracker.updated", {"tracking_code": "unknown", "tracking_details": [detail]}))
    assert answer.status_code == 200


def test_a_refund_that_came_through_ends_the_wait_for_it(easypost):
    label = bought()
    void_label(label_id=label.pk, reason="", by=ADA, at=timezone.now())
    work(at=timezone.now())
    assert look(label).run_after > timezone.now()
    easypost.account.shipments[label.reference]["refund_status"] = "refunded"
    answer = send(*signed_event("refund.successful", {"shipment_id": label.reference, "status": "refunded"}))
    assert answer.json() == {"reports": 0, "refunds": 1}
    assert look(label).state == "VOIDING"
    work(at=timezone.now())
    assert look(label).state == "VOIDED"


@pytest.mark.parametrize("how", ["changed", "other secret", "unsigned", "no secret here"])
def test_what_the_carrier_did_not_sign_is_refused_and_leaves_one_trace_a_minute(easypost, how):
    label, shipment = sent()
    secret = "another" if how == "other secret" else WEBHOOK_SECRET
    body, headers = signed_event("tracker.updated", tracker_of(easypost, label), secret=secret)
    body = body + b" " if how == "changed" else body
    if how == "no secret here":
        CarrierAccount.objects.update(secret="")
    statuses = {send(body, {} if how == "unsigned" else headers).status_code for _ in range(3)}
    assert statuses == {401}
    assert announced("ep", "carrier") == ["carrier.signature_refused"]
    shipment.refresh_from_db()
    assert shipment.status == "CONFIRMED"


def test_only_carriers_that_are_known_are_heard_and_only_in_their_words(easypost):
    assert send(b"{}", path="/api/v1/carriers/unknown/webhooks").status_code == 404
    house()
    assert send(b"{}", path="/api/v1/carriers/house/webhooks").status_code == 404
    assert Client().get(PATH).status_code == 405
    body, headers = signed_event("tracker.updated", {"tracking_details": [{"status": "delivered"}]})
    assert send(body, headers).status_code == 400
    assert send(b"x" * (2**20 + 1)).status_code == 413
