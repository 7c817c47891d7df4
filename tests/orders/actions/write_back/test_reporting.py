"""Parcels are told to the systems that must learn of them: once each, behind what they were told before."""

from collections.abc import Sequence

import pytest

from oms import events
from orders.actions.write_back.leasing import lease_next
from orders.actions.write_back.reviewing import send_again
from orders.events import OrderEdited, ShipmentDelayed, ShipmentDelivered, ShipmentSent
from orders.models import Order, Shipment, WriteBack, WriteBackTarget
from orders.reactions.write_back import tell_delays, tell_deliveries, tell_edits, tell_shipments
from tests.make.connected_parcels import send_parcel, sold_order
from tests.make.fulfillments import LATER
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_MINUTE
from tests.make.orders import channel, incoming, place
from tests.make.snapshots import nothing_changes
from tests.make.statements import statements_made
from tests.make.stock import stocked_variant
from tests.make.write_backs import queued, state_of, target

pytestmark = pytest.mark.django_db

Kind, State = WriteBack.Kind, WriteBack.State


def sent(shipment: Shipment, *, by: str = ADA, rest: bool = False) -> ShipmentSent:
    facts = {"shipment": shipment.number, "rest": rest}
    return ShipmentSent(subject=shipment.fulfillment.order.number, by=by, at=LATER, facts=facts)


def arrived(shipment: Shipment, *, by: str = "carrier:house") -> ShipmentDelivered:
    facts = {"shipment": shipment.number, "delivered_at": (LATER + ONE_DAY).isoformat()}
    return ShipmentDelivered(subject=shipment.fulfillment.order.number, by=by, at=LATER + ONE_DAY, facts=facts)


def late(shipment: Shipment) -> ShipmentDelayed:
    facts = {"shipment": shipment.number, "because": "carrier"}
    return ShipmentDelayed(subject=shipment.fulfillment.order.number, by="system", at=LATER, facts=facts)


def shopify(**fields) -> WriteBackTarget:
    return target("SHOPIFY", "https://shop.example", channel(), **fields)


def erp(**fields) -> WriteBackTarget:
    return target("PARTNER", "https://erp.example/hook", **({"code": "erp"} | fields))


def told() -> list[tuple[str, str]]:
    return [(message.target.code, message.kind) for message in WriteBack.objects.order_by("id")]


def states() -> list[str]:
    return list(WriteBack.objects.order_by("id").values_list("state", flat=True))


def shipped(count: int) -> Sequence[Shipment]:
    return [send_parcel(sold_order(external_id=f"S-{number}")) for number in range(count)]


def test_a_parcel_is_told_to_the_orders_channel_and_to_partners_and_to_nobody_else():
    shipment = send_parcel(sold_order())
    shopify(), erp(), erp(code="elsewhere", channel=channel("other")), erp(code="off", active=False)

    tell_shipments([sent(shipment, rest=True)])

    assert told() == [("shopify", Kind.FULFILLMENT), ("erp", Kind.FULFILLMENT)]
    message = WriteBack.objects.first()
    assert (message.sequence, message.state, message.made_at) == (1, State.WAITING, LATER)
    assert message.shipment == shipment
    said = message.body["shipment"]
    assert (message.body["type"], said["number"], said["rest"]) == ("fulfillment.shipped", shipment.number, True)
    assert [(line["sku"], line["quantity"], line["external_id"]) for line in said["lines"]] == [
        ("TEE-M", 2, "1"),
        ("MUG", 1, "2"),
    ]
    assert message.body["order"]["number"] == shipment.fulfillment.order.number


def test_a_parcel_told_twice_is_queued_once():
    shipment = send_parcel(sold_order())
    shopify()

    tell_shipments([sent(shipment), sent(shipment)])
    tell_shipments([sent(shipment)])

    assert told() == [("shopify", Kind.FULFILLMENT)]


def test_without_targets_and_for_test_orders_nothing_is_queued():
    shipment = send_parcel(sold_order())
    with nothing_changes():
        tell_shipments([sent(shipment)])
    erp()
    Order.objects.update(test=True)

    with nothing_changes():
        tell_shipments([sent(shipment)])


def test_an_order_that_came_in_as_history_is_told_to_nobody():
    channel()
    erp()

    stocked_variant()
    place(incoming(fulfilled_at=NOON.isoformat()))

    assert Order.objects.get().status == Order.Status.CLOSED
    assert WriteBack.objects.count() == 0


def test_the_channel_that_sent_it_itself_is_not_told_but_partners_are():
    shipment = send_parcel(sold_order())
    shopify(), erp()

    tell_shipments([sent(shipment, by=channel().actor)])
    tell_deliveries([arrived(shipment)])

    assert told() == [("erp", Kind.FULFILLMENT), ("erp", Kind.TRACKING)]


def test_a_parcel_waits_for_the_edit_that_the_channel_was_told_before():
    order = sold_order()
    shopify()
    (edit,) = queued(order)
    shipment = send_parcel(order)

    tell_shipments([sent(shipment)])

    assert lease_next(at=LATER) == edit
    assert lease_next(at=LATER) is None
    WriteBack.objects.filter(pk=edit.pk).update(state=State.ACKNOWLEDGED, acknowledged_at=LATER)
    following = lease_next(at=LATER)
    assert (following.kind, following.sequence) == (Kind.FULFILLMENT, 2)


def test_a_parcel_makes_no_edit_needless_and_an_edit_no_parcel():
    order = sold_order()
    erp()
    queued(order)
    tell_shipments([sent(send_parcel(order))])
    queued(order, at=NOON + ONE_MINUTE)

    assert states() == [State.SUPERSEDED, State.WAITING, State.WAITING]


def test_where_a_parcel_is_interests_those_who_know_of_it_and_can_show_it():
    shipment = send_parcel(sold_order())
    shopify(), erp(), target("WOOCOMMERCE", "https://woo.example", channel("woo"))
    tell_deliveries([arrived(shipment)])
    assert told() == []
    tell_shipments([sent(shipment)])

    tell_deliveries([arrived(shipment)])
    tell_deliveries([arrived(shipment)])

    assert told()[2:] == [("shopify", Kind.TRACKING), ("erp", Kind.TRACKING)]
    said = WriteBack.objects.filter(kind=Kind.TRACKING).first().body
    assert said["type"] == "shipment.delivered"
    assert (said["shipment"]["status"], said["shipment"]["status_at"]) == ("DELIVERED", "2026-11-22T13:00:00+00:00")


def test_newer_news_make_older_news_of_the_same_parcel_needless():
    shipment = send_parcel(sold_order())
    erp()
    tell_shipments([sent(shipment)])

    tell_delays([late(shipment)])
    tell_deliveries([arrived(shipment)])

    assert states() == [State.WAITING, State.SUPERSEDED, State.WAITING]


def test_three_parcels_take_as_many_statements_as_one():
    erp(), shopify()
    one, *others = shipped(4)
    with statements_made() as for_one:
        tell_shipments([sent(one)])
    with statements_made() as for_three:
        tell_shipments([sent(each) for each in others])

    assert len(for_one) == len(for_three)
    assert WriteBack.objects.count() == 8


def test_a_marketplace_is_told_of_parcels_and_not_of_edits_that_it_cannot_take():
    order = sold_order()
    target("AMAZON", "https://amazon.example", channel())

    tell_edits([OrderEdited(subject=order.number, by=ADA, at=NOON)])
    tell_shipments([sent(send_parcel(order))])

    assert told() == [("amazon", Kind.FULFILLMENT)]


def test_a_parcel_that_was_given_up_is_sent_again_with_what_is_known_now():
    shipment = send_parcel(sold_order(), tracking_number="")
    shopify()
    tell_shipments([sent(shipment, rest=True)])
    message = WriteBack.objects.get()
    WriteBack.objects.update(state=State.FAILED, progress={"before": ["7"]})
    Shipment.objects.update(tracking_number="JD01")

    fresh = send_again(write_back_id=message.pk, by=ADA, at=LATER + ONE_MINUTE)

    assert (state_of(message), fresh.state, fresh.sequence) == (State.SUPERSEDED, State.WAITING, 2)
    assert (fresh.shipment, fresh.progress) == (shipment, {"before": ["7"]})
    said = fresh.body["shipment"]
    assert (said["tracking_number"], said["rest"]) == ("JD01", True)


def test_every_event_of_a_parcel_is_wired_to_be_told_in_batches():
    for reaction in (tell_shipments, tell_deliveries, tell_delays):
        assert events.hears_all_at_once(events.name_of(reaction))
