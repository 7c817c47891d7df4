"""The gateway of a row, with the credentials that it needs."""

from datetime import datetime

from django.conf import settings

from orders.actions.money.sandboxing import reach_sandbox
from orders.actions.write_back.telling import channel_of
from orders.channels.outgoing.port import ChannelOrder
from orders.models import Order, WriteBackTarget
from orders.payments.channel_gateway import ChannelGateway
from orders.payments.manual import ManualGateway
from orders.payments.port import Gateway, GatewayUnavailable
from orders.payments.registry import CHANNEL, SANDBOX, STRIPE, added_gateway
from orders.payments.stripe_gateway import StripeGateway


def reach_gateway(code: str, order: Order, *, at: datetime) -> Gateway:
    """The adapter that speaks with this gateway about this order.

    Raises:
        GatewayUnavailable: it is not set up here (any more).
    """
    if added := added_gateway(code):
        return added(order, at)
    if code == STRIPE:
        if not settings.STRIPE_SECRET_KEY:
            raise GatewayUnavailable("Stripe is not set up here: there is no secret key.")
        return StripeGateway(settings.STRIPE_SECRET_KEY, api_base=settings.STRIPE_API_BASE)
    if code == SANDBOX:
        return reach_sandbox(at=at)
    if code == CHANNEL:
        return _reach_channel(order)
    return ManualGateway()


def _reach_channel(order: Order) -> ChannelGateway:
    targets = WriteBackTarget.objects.filter(channel_id=order.channel_id, active=True)
    target = targets.exclude(kind=WriteBackTarget.Kind.PARTNER).first()
    if target is None:
        raise GatewayUnavailable("This channel's API is not set up here.")
    return ChannelGateway(channel_of(target), ChannelOrder(order.external_id, order.number, order.currency))
