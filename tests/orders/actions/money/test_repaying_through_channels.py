"""What a channel took, the channel gives back; its own word of it, before or after ours, changes nothing twice."""

from decimal import Decimal

import pytest
from django.db import transaction

from oms.models import Channel
from orders.actions.intake.refunding import record_refunds
from orders.actions.money.asking import ask_gateways
from orders.channels.incoming import IncomingRefund
from orders.models import Order, Refund, WriteBackTarget
from tests.fakes.serving import LOST
from tests.make.connected import shopify_order, woocommerce_order
from tests.make.gateways import LATER, SOON, look, money, repay
from tests.make.moments import NOON

pytestmark = pytest.mark.django_db

OPENED = {"SHOPIFY": shopify_order, "WOOCOMMERCE": woocommerce_order}


@pytest.fixture(params=["SHOPIFY", "WOOCOMMERCE"])
def sold(request, settings):
    """24.80 were paid at the channel, and 5.00 of them are not owed any more."""
    settings.CALL_PRIVATE_ADDRESSES = True
    with OPENED[request.param]() as (order, server):
        Channel.objects.update(connector=request.param)
        Order.objects.filter(pk=order.pk).update(credited=Decimal("5.00"))
        yield look(order), server


def echo(order, external_id):
    """The channel's webhook about our own refund."""
    refund = IncomingRefund(external_id=external_id, amount=Decimal("5.00"), gateway="card", refunded_at=NOON)
    with transaction.atomic():
        record_refunds(Order.objects.locked(order.number), [refund], by="channel:web", at=LATER)


def given_back(order):
    return [(refund.external_id, f"{refund.amount:.2f}") for refund in Refund.objects.filter(order=order)]


def test_it_goes_back_through_the_channel(sold):
    order, _ = sold
    (repayment,) = repay(order)
    assert (repayment.gateway, repayment.state) == ("channel", "WAITING")
    ask_gateways(at=LATER)
    repayment = look(repayment)
    assert (repayment.state, given_back(order)) == ("DONE", [(repayment.reference, "5.00")])
    assert money(order) == ("24.80", "5.00", "0.00")


def test_its_echo_afterwards_changes_nothing(sold):
    order, _ = sold
    (repayment,) = repay(order)
    ask_gateways(at=LATER)
    echo(order, look(repayment).reference)
    assert (len(given_back(order)), money(order)) == (1, ("24.80", "5.00", "0.00"))
    assert repay(order) == []


def test_its_echo_before_our_own_record_is_the_same_refund(sold):
    order, server = sold
    (repayment,) = repay(order)
    server.have_trouble(*[None] * (1 if repayment.order.channel.connector == "SHOPIFY" else 2), LOST)
    ask_gateways(at=SOON)
    assert look(repayment).doubtful
    name = _named_there(server)

    echo(order, name)
    assert repay(order) == []
    ask_gateways(at=LATER)

    assert (look(repayment).state, given_back(order)) == ("DONE", [(name, "5.00")])
    assert money(order) == ("24.80", "5.00", "0.00")


def test_without_a_connection_a_person_does_it(sold):
    order, _ = sold
    WriteBackTarget.objects.update(active=False)
    (repayment,) = repay(order)
    assert (repayment.gateway, repayment.state) == ("manual", "BY_HAND")


def test_what_the_channel_refuses_fails_in_its_own_words(sold):
    order, _ = sold
    Order.objects.filter(pk=order.pk).update(external_id="404")
    (repayment,) = repay(order)
    ask_gateways(at=LATER)
    assert look(repayment).state == "FAILED"
    assert look(repayment).last_error


def _named_there(server):
    refunds = getattr(server, "refunds", None)
    if refunds is not None:
        return str(refunds[1001][-1]["id"])
    return str(server.shop.orders[1001].refunds[-1]["number"])
