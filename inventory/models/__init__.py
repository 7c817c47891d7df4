"""What is sold, where it lies, how much of it may be promised, and every change of that."""

from inventory.models.allocation import Allocation
from inventory.models.availability import Availability
from inventory.models.category import Category
from inventory.models.channel_buffer import ChannelBuffer
from inventory.models.channel_stock import ChannelStock
from inventory.models.product import Product
from inventory.models.reservation import Reservation
from inventory.models.stock_level import StockLevel
from inventory.models.stock_movement import StockMovement
from inventory.models.variant import Variant
from inventory.models.velocity_tier import VelocityTier
from inventory.models.warehouse import Warehouse

__all__ = [
    "Allocation",
    "Availability",
    "Category",
    "ChannelBuffer",
    "ChannelStock",
    "Product",
    "Reservation",
    "StockLevel",
    "StockMovement",
    "Variant",
    "VelocityTier",
    "Warehouse",
]
