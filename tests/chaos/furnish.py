"""What the shop of a chaos run sells, and from where."""

from tests.make.fulfillments import carrier_rate
from tests.make.orders import channel
from tests.make.stock import stocked_variant, warehouse

PLENTY = 1_000_000


def furnish(sku: str) -> None:
    """One channel without an edit window, two warehouses, a carrier."""
    channel("web", minutes=0)
    warehouse("RTM", country="NL")
    stocked_variant(sku, PLENTY)
    stocked_variant(sku, PLENTY, place="RTM")
    carrier_rate("4.10", days=2)
