"""What orders announce. The subject is the order's number."""

from oms.events import Event


class OrderEvent(Event):
    subject_kind = "order"


class OrderPlaced(OrderEvent):
    """Facts: channel, external_id, total, lines, holds (reason, until), payments (by gateways of higher apps)."""

    type = "order.placed"
    public = True


class OrderUpdated(OrderEvent):
    """The channel changed the order. Facts: changes (what, before, after)."""

    type = "order.updated"


class OrderHeld(OrderEvent):
    """Facts: reason, detail."""

    type = "order.held"
    public = True


class HoldLifted(OrderEvent):
    """Facts: reason."""

    type = "order.hold_lifted"


class OrderReleased(OrderEvent):
    """Nothing holds it any more."""

    type = "order.released"
    public = True


class OrderRouted(OrderEvent):
    """It is decided who sends what. Facts: decision, cost, currency, fulfillments (number, warehouse), note."""

    type = "order.routed"
    public = True


class OrderUnroutable(OrderEvent):
    """Nobody can send it; said once, until that changes. Facts: reasons (warehouse, code, sentence), missing (skus)."""

    type = "order.unroutable"


class FulfillmentEvent(OrderEvent):
    """Facts of all: fulfillment (its number), warehouse (its code)."""


class FulfillmentRequested(FulfillmentEvent):
    """A warehouse is asked to send it. Facts: lines (line, sku, quantity), ship_by."""

    type = "fulfillment.requested"
    public = True


class FulfillmentTakenOn(FulfillmentEvent):
    """The warehouse works on it; from now on changes must be asked for."""

    type = "fulfillment.accepted"
    public = True


class FulfillmentRejected(FulfillmentEvent):
    """The warehouse will not; what it was to send is routed again. Facts: reason, note."""

    type = "fulfillment.rejected"
    public = True


class FulfillmentWithdrawn(FulfillmentEvent):
    """We took it back before it was accepted. Facts: reason."""

    type = "fulfillment.withdrawn"


class FulfillmentReaddressed(FulfillmentEvent):
    """It goes to another address than it was accepted for. Facts: new_label (a label is bought anew)."""

    type = "fulfillment.readdressed"


class FulfillmentHeld(FulfillmentEvent):
    """Somebody holds it: the warehouse must not begin it. Facts: reason, note."""

    type = "fulfillment.held"
    public = True


class FulfillmentHoldReleased(FulfillmentEvent):
    """The hold is over. Facts: status (OPEN, or SCHEDULED for later)."""

    type = "fulfillment.hold_released"
    public = True


class FulfillmentDeferred(FulfillmentEvent):
    """It is for later. Facts: fulfill_at, ship_by; lines, where it was routed for later."""

    type = "fulfillment.scheduled"
    public = True


class FulfillmentOpened(FulfillmentEvent):
    """What was for later may be begun now. Facts: ship_by."""

    type = "fulfillment.opened"
    public = True


class FulfillmentShort(FulfillmentEvent):
    """Units were not found on the shelf; they are routed again. Facts: lines (line, sku, quantity)."""

    type = "fulfillment.short"


class CancellationRequested(FulfillmentEvent):
    """The warehouse is asked to stop. Facts: reason."""

    type = "fulfillment.cancellation_requested"


class CancellationAnswered(FulfillmentEvent):
    """The warehouse says whether it could stop. Facts: accepted, note."""

    type = "fulfillment.cancellation_answered"


class LabelBought(FulfillmentEvent):
    """Facts: label, carrier, service, tracking_number, cost, currency."""

    type = "label.bought"


class LabelVoided(FulfillmentEvent):
    """Facts: label, tracking_number, reason."""

    type = "label.voided"


class LabelFailed(FulfillmentEvent):
    """No carrier takes the parcel, or the carrier will not void. Facts: label, reason."""

    type = "label.failed"


class ContractWithdrawn(OrderEvent):
    """The customer withdrew from the contract of goods that had not left: the receipt of it. Facts: withdrawal,
    withdrawn_at, items (line, quantity)."""

    type = "order.withdrawn"


class WithdrawalFollowed(OrderEvent):
    """What becomes of goods that a customer withdrew from before they left. Facts: withdrawal, state, because (why it
    could not be stopped, or who let it go), return (the one by which it comes back)."""

    type = "order.withdrawal_followed"


class ShipmentSent(FulfillmentEvent):
    """A parcel has left. Facts: shipment, carrier, service, tracking_number, tracking_url, expected_at, lines (line,
    sku, title, quantity), rest (True: more of the order is to come)."""

    type = "fulfillment.shipped"
    public = True


class ShipmentMoved(OrderEvent):
    """A carrier reported where a parcel is. Facts: shipment, status, at, place, description."""

    type = "shipment.moved"


class ShipmentDelayed(OrderEvent):
    """It will be, or is, late; said once. Facts: shipment, expected_at, because (carrier or overdue)."""

    type = "shipment.delayed"
    public = True


class ShipmentDelivered(OrderEvent):
    """Facts: shipment, delivered_at."""

    type = "shipment.delivered"
    public = True


class ShipmentFailed(OrderEvent):
    """It could not be delivered, or comes back. Facts: shipment, status, description."""

    type = "shipment.failed"


class ShipmentInterceptAsked(OrderEvent):
    """A parcel that has left is to go elsewhere. Facts: shipment, intercept, carrier, tracking_number, address."""

    type = "shipment.intercept_asked"


class ShipmentInterceptAnswered(OrderEvent):
    """Its carrier said yes or no. Facts: those of ShipmentInterceptAsked, done, note."""

    type = "shipment.intercept_answered"


class EditRequested(OrderEvent):
    """A change waits. Facts: edit, state, actor, operations, total (before, after), deadline, reasons."""

    type = "order.edit_requested"


class OrderEdited(OrderEvent):
    """A change was done. Facts: edit, actor, operations, changes (what: before, after), total (before, after)."""

    type = "order.edited"
    public = True


class EditEnded(OrderEvent):
    """A change that waited was given up; the order is as it was. Facts: edit, state, note, offers (items)."""

    type = "order.edit_ended"


class WindowEnded(OrderEvent):
    """The edit window ended before its time. Facts: code (low_stock, released, …) and what belongs to it."""

    type = "order.window_ended"


class OrderCancelled(OrderEvent):
    """Facts: reason, by_shop (its channel cancelled it, and gives back what it took)."""

    type = "order.cancelled"
    public = True


class OrderClosed(OrderEvent):
    """Nothing of it is left to ship."""

    type = "order.closed"


class PaymentRecorded(OrderEvent):
    """Facts: amount, currency, gateway, reference, status."""

    type = "order.payment_recorded"


class RefundRecorded(OrderEvent):
    """Facts: amount, currency, reason, external_id."""

    type = "refund.issued"
    public = True


class CheckoutOpened(OrderEvent):
    """Somebody can pay now. Facts: checkout, edit, gateway, amount, currency, expires_at, page (there is one)."""

    type = "checkout.opened"


class CheckoutEnded(OrderEvent):
    """Nobody is to pay any more. Facts: checkout, edit, state, amount, currency, reason."""

    type = "checkout.ended"


class RepaymentRequested(OrderEvent):
    """Money is to go back. Facts: repayment, edit, amount, currency, gateway, state, reason."""

    type = "repayment.requested"


class RepaymentWithdrawn(OrderEvent):
    """It is not owed any more, and had not gone. Facts: as of RepaymentRequested."""

    type = "repayment.withdrawn"


class RepaymentFailed(OrderEvent):
    """It did not go back, or came home again; a person must look. Facts: as of RepaymentRequested."""

    type = "repayment.failed"


class PaymentDisputed(OrderEvent):
    """The customer's bank takes a payment back. Facts: gateway, reference, amount, currency, reason."""

    type = "payment.disputed"


class WriteBackAcknowledged(OrderEvent):
    """Another system has made our change its own. Facts: target, kind, reference; shipment, if about a parcel."""

    type = "write_back.acknowledged"


class WriteBackMismatched(OrderEvent):
    """Another system's copy differs from ours. Facts: target, kind, differences."""

    type = "write_back.mismatched"


class WriteBackFailed(OrderEvent):
    """Another system will not take our change, or was asked too often in vain. Facts: target, kind, error, shipment."""

    type = "write_back.failed"


class WriteBackOverdue(OrderEvent):
    """Another system has not acknowledged in time; said once. Facts: target, kind, state, minutes, shipment."""

    type = "write_back.overdue"


class WriteBackDismissed(OrderEvent):
    """Somebody has put a message to another system aside. Facts: target, kind, note, shipment."""

    type = "write_back.dismissed"


class ChannelEvent(Event):
    subject_kind = "channel"


class MessageQuarantined(ChannelEvent):
    """A channel's message could not be taken. Facts: reason, source, external_id."""

    type = "message.quarantined"


class SignatureRefused(ChannelEvent):
    """A message came with a wrong signature. Facts: topic, address."""

    type = "message.signature_refused"


class GatewaySignatureRefused(Event):
    """Somebody spoke for a gateway without its signature. The subject is the gateway."""

    type = "gateway.signature_refused"
    subject_kind = "gateway"


class CarrierSignatureRefused(Event):
    """Somebody spoke for a carrier without its signature. The subject is the carrier's account."""

    type = "carrier.signature_refused"
    subject_kind = "carrier"


class CodeAsked(Event):
    """Somebody asked for a code to see an order. The subject is its handle; whether there is an order is not said."""

    type = "portal.code_asked"
    subject_kind = "portal_code"


class OrderConfirmed(OrderEvent):
    """The customer is sent a confirmation with a link to the order's page; once."""

    type = "order.confirmed"


class CustomerAdmitted(OrderEvent):
    """The customer opened the order's page. Facts: by (code)."""

    type = "order.customer_admitted"
