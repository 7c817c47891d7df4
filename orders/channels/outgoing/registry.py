"""Which adapter speaks with which kind of system."""

from collections.abc import Callable

from orders.channels.outgoing.port import Access, OutgoingChannel
from orders.channels.outgoing.shopify import ShopifyChannel
from orders.channels.outgoing.woocommerce import WooCommerceChannel

CHANNELS: dict[str, Callable[[Access], OutgoingChannel]] = {
    "SHOPIFY": ShopifyChannel,
    "WOOCOMMERCE": WooCommerceChannel,
}


def open_channel(kind: str, access: Access) -> OutgoingChannel:
    """The adapter for that kind of system.

    Raises:
        KeyError: there is none; a partner is told by `partner.post_message`.
    """
    return CHANNELS[kind](access)
