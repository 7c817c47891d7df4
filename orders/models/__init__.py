"""An order and what belongs to it."""

from orders.models.address import Address
from orders.models.customer import Customer
from orders.models.hold import Hold
from orders.models.import_run import ImportRun
from orders.models.order import Order
from orders.models.order_line import OrderLine
from orders.models.order_tag import OrderTag
from orders.models.payment import Payment
from orders.models.quarantined_message import QuarantinedMessage
from orders.models.refund import Refund

__all__ = [
    "Address",
    "Customer",
    "Hold",
    "ImportRun",
    "Order",
    "OrderLine",
    "OrderTag",
    "Payment",
    "QuarantinedMessage",
    "Refund",
]
