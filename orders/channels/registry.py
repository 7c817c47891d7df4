"""Which mapping reads which format."""

from orders.channels import amazon, bigcommerce, csv_file, jsonl, shopify, woocommerce
from orders.channels.port import ChannelMapping

MAPPINGS: dict[str, ChannelMapping] = {
    "shopify": shopify,
    "woocommerce": woocommerce,
    "amazon": amazon,
    "bigcommerce": bigcommerce,
    "jsonl": jsonl,
    "csv": csv_file,
}

FORMAT_OF_CONNECTOR = {
    "SHOPIFY": "shopify",
    "WOOCOMMERCE": "woocommerce",
    "AMAZON": "amazon",
    "BIGCOMMERCE": "bigcommerce",
}
"""The format of the messages that a connector's channel calls us with."""


def mapping_named(name: str) -> ChannelMapping:
    """The mapping of that format.

    Raises:
        KeyError: there is none.
    """
    return MAPPINGS[name]
