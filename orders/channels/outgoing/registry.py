"""Which adapter speaks with which kind of system, and what each kind can be told."""

from collections.abc import Mapping

from orders.channels.outgoing.amazon import AmazonChannel
from orders.channels.outgoing.bigcommerce import BigCommerceChannel
from orders.channels.outgoing.port import Access, OutgoingChannel
from orders.channels.outgoing.shopify import ShopifyChannel
from orders.channels.outgoing.woocommerce import WooCommerceChannel

_Adapter = type[ShopifyChannel] | type[WooCommerceChannel] | type[AmazonChannel] | type[BigCommerceChannel]

PARTNER = "PARTNER"
CHANNELS: Mapping[str, _Adapter] = {
    "SHOPIFY": ShopifyChannel,
    "WOOCOMMERCE": WooCommerceChannel,
    "AMAZON": AmazonChannel,
    "BIGCOMMERCE": BigCommerceChannel,
}
_TOLD_PARTNERS = frozenset({"EDIT", "CANCEL", "FULFILLMENT", "TRACKING", "STOCK"})
_PARTNERS_AT_ONCE = 8
_FIGURES_TO_PARTNERS = 250


def open_channel(kind: str, access: Access) -> OutgoingChannel:
    """The adapter for that kind of system.

    Raises:
        KeyError: there is none; a partner is told by `partner.post_message`.
    """
    return CHANNELS[kind](access)


def offers(kind: str, what: str) -> bool:
    """Can that kind of system be told of this kind of change? A partner's ERP or warehouse learns of all but holds."""
    return what in (_TOLD_PARTNERS if kind == PARTNER else CHANNELS[kind].offers)


def kinds_offering(what: str) -> list[str]:
    return [kind for kind in (*CHANNELS, PARTNER) if offers(kind, what)]


def bears_at_once(kind: str) -> int:
    """How many conversations with one such system may go on at the same time."""
    return _PARTNERS_AT_ONCE if kind == PARTNER else CHANNELS[kind].at_once


def takes_figures(kind: str) -> int:
    """How many figures of stock one such system is told in one conversation."""
    return _FIGURES_TO_PARTNERS if kind == PARTNER else CHANNELS[kind].stock_at_once
