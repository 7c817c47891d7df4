"""Which mapping reads which format."""

from orders.channels import shopify
from orders.channels.port import ChannelMapping

_MAPPINGS: dict[str, ChannelMapping] = {"shopify": shopify}

FORMAT_OF_CONNECTOR = {"SHOPIFY": "shopify"}
"""The format of the messages that a connector's channel calls us with."""


def mapping_named(name: str) -> ChannelMapping:
    """The mapping of that format.

    Raises:
        KeyError: there is none.
    """
    return _MAPPINGS[name]
