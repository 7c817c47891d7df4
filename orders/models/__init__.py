"""An order and what belongs to it."""

from orders.models.address import Address
from orders.models.carrier_account import CarrierAccount
from orders.models.carrier_rate import CarrierRate
from orders.models.carrier_service import CarrierService
from orders.models.checkout import Checkout
from orders.models.customer import Customer
from orders.models.edit import Edit
from orders.models.edit_permission import EditPermission
from orders.models.fulfillment import Fulfillment
from orders.models.fulfillment_line import FulfillmentLine
from orders.models.gateway_message import GatewayMessage
from orders.models.hold import Hold
from orders.models.house_serial import HouseSerial
from orders.models.import_run import ImportRun
from orders.models.intercept import Intercept
from orders.models.label import Label
from orders.models.label_document import LabelDocument
from orders.models.order import Order
from orders.models.order_line import OrderLine
from orders.models.order_tag import OrderTag
from orders.models.payment import Payment
from orders.models.portal_code import PortalCode
from orders.models.quarantined_message import QuarantinedMessage
from orders.models.refund import Refund
from orders.models.repayment import Repayment
from orders.models.routing_decision import RoutingDecision
from orders.models.routing_rule import RoutingRule
from orders.models.routing_wave import RoutingWave
from orders.models.sandbox_charge import SandboxCharge
from orders.models.shipment import Shipment
from orders.models.shipment_line import ShipmentLine
from orders.models.shipping_rate import ShippingRate
from orders.models.tax_rate import TaxRate
from orders.models.tracking_event import TrackingEvent
from orders.models.window_campaign import WindowCampaign
from orders.models.window_rule import WindowRule
from orders.models.window_rule_set import WindowRuleSet
from orders.models.write_back import WriteBack
from orders.models.write_back_target import WriteBackTarget

__all__ = [
    "Address",
    "CarrierAccount",
    "CarrierRate",
    "CarrierService",
    "Checkout",
    "Customer",
    "Edit",
    "EditPermission",
    "Fulfillment",
    "FulfillmentLine",
    "GatewayMessage",
    "Hold",
    "HouseSerial",
    "ImportRun",
    "Intercept",
    "Label",
    "LabelDocument",
    "Order",
    "OrderLine",
    "OrderTag",
    "Payment",
    "PortalCode",
    "QuarantinedMessage",
    "Refund",
    "Repayment",
    "RoutingDecision",
    "RoutingRule",
    "RoutingWave",
    "SandboxCharge",
    "Shipment",
    "ShipmentLine",
    "ShippingRate",
    "TaxRate",
    "TrackingEvent",
    "WindowCampaign",
    "WindowRule",
    "WindowRuleSet",
    "WriteBack",
    "WriteBackTarget",
]
