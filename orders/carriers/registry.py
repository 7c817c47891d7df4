"""Which adapter speaks with which kind of carrier."""

from collections.abc import Callable

from orders.carriers.easypost import EasyPostCarrier
from orders.carriers.port import Access, Carrier

CARRIERS: dict[str, Callable[[Access], Carrier]] = {"EASYPOST": EasyPostCarrier}
"""Those that are reached over a network; the house carrier is put together from our own tables."""
