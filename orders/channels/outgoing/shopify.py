"""Telling Shopify: order editing, cancelling, holds, refunds and parcels by the Admin GraphQL API.

Quantities and shipping are changed in an editing session that is committed as a whole; a session that is not committed
changes nothing. What was added by an earlier commit is found in the copy, so nothing is added twice.
https://shopify.dev/docs/apps/build/orders-fulfillment/order-management-apps/edit-orders
"""

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orders.channels.outgoing import shopify_documents as documents
from orders.channels.outgoing.calling import connect
from orders.channels.outgoing.differing import (
    LineChange,
    differs_in_address,
    differs_in_phone,
    differs_in_shipping,
    plan_lines,
)
from orders.channels.outgoing.naming import split_name
from orders.channels.outgoing.port import (
    Access,
    ChannelCopy,
    ChannelCredit,
    ChannelOrder,
    ChannelRefused,
    ChannelShipment,
    Desired,
    DesiredLine,
    Keep,
    PostalAddress,
    StockFigure,
    keep_nothing,
)
from orders.channels.outgoing.shopify_api import ShopifyApi, gid, tail
from orders.channels.outgoing.shopify_copy import read_copy
from orders.channels.outgoing.shopify_credit import credit_customer
from orders.channels.outgoing.shopify_fulfillments import HANDLE, fulfill, note_event
from orders.channels.outgoing.shopify_refunds import refund_payment
from orders.channels.outgoing.shopify_stock import set_stock
from orders.channels.reasons import quote

HOLDABLE = ("OPEN", "SCHEDULED", "ON_HOLD")
LONGEST_NOTE = 255


class ShopifyChannel:
    """See `OutgoingChannel`."""

    offers = frozenset({"EDIT", "CANCEL", "HOLD", "RELEASE", "REFUND", "FULFILLMENT", "TRACKING", "STOCK", "CREDIT"})
    at_once = 4
    stock_at_once = 250

    def __init__(self, access: Access, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.access = access
        self.sleep = sleep

    def push_edit(self, desired: Desired, *, keep: Keep = keep_nothing) -> None:
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            copy = read_copy(api, desired.order.external_id)
            _update_head(api, desired, copy)
            changes = plan_lines(desired, copy)
            if changes or differs_in_shipping(desired, copy):
                _edit(api, desired, copy, changes, keep)

    def cancel_order(self, order: ChannelOrder, *, reason: str) -> None:
        """Money goes back by a refund of its own; the answer is a job, so the copy may say so a little later."""
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            if read_copy(api, order.external_id).cancelled:
                return
            api.do(
                "orderCancel",
                documents.CANCEL_ORDER,
                orderId=gid("Order", order.external_id),
                refundMethod={"originalPaymentMethodsRefund": False},
                reason="OTHER",
                staffNote=(reason or f"Cancelled as {order.number}")[:LONGEST_NOTE],
            )

    def hold(self, order: ChannelOrder, *, reason: str) -> None:
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            for waiting in _fulfillment_orders(api, order):
                if waiting["status"] in HOLDABLE and not _our_holds(waiting):
                    note = {"reason": "OTHER", "reasonNotes": reason[:LONGEST_NOTE], "handle": HANDLE}
                    api.do("fulfillmentOrderHold", documents.HOLD, id=waiting["id"], fulfillmentHold=note)

    def release(self, order: ChannelOrder) -> None:
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            for waiting in _fulfillment_orders(api, order):
                if ours := _our_holds(waiting):
                    api.do("fulfillmentOrderReleaseHold", documents.RELEASE, id=waiting["id"], holdIds=ours)

    def refund(self, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str) -> str:
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            return refund_payment(api, order, amount=amount, currency=currency, key=key, reason=reason)

    def push_fulfillment(self, shipment: ChannelShipment, *, keep: Keep = keep_nothing) -> str:
        with connect(self.access) as client:
            return fulfill(ShopifyApi(client, self.access, sleep=self.sleep), shipment, keep=keep)

    def push_tracking(self, shipment: ChannelShipment) -> str:
        with connect(self.access) as client:
            return note_event(ShopifyApi(client, self.access, sleep=self.sleep), shipment)

    def give_credit(self, credit: ChannelCredit, *, keep: Keep = keep_nothing) -> str:
        with connect(self.access) as client:
            return credit_customer(ShopifyApi(client, self.access, sleep=self.sleep), credit, keep=keep)

    def read_order(self, external_id: str) -> ChannelCopy:
        with connect(self.access) as client:
            return read_copy(ShopifyApi(client, self.access, sleep=self.sleep), external_id)

    def push_stock(self, figures: Sequence[StockFigure], *, key: str) -> Mapping[str, str]:
        with connect(self.access) as client:
            return set_stock(ShopifyApi(client, self.access, sleep=self.sleep), figures, key=key)

    def check_connection(self) -> str:
        with connect(self.access) as client:
            api = ShopifyApi(client, self.access, sleep=self.sleep)
            return quote(api.ask(documents.READ_SHOP)["shop"]["name"])


def _update_head(api: ShopifyApi, desired: Desired, copy: ChannelCopy) -> None:
    changed: dict[str, Any] = {}
    if desired.email and desired.email.lower() != copy.email.lower():
        changed["email"] = desired.email
    if differs_in_phone(desired, copy):
        changed["phone"] = desired.phone
    if desired.address and differs_in_address(desired, copy):
        changed["shippingAddress"] = _mailing_address(desired.address)
    if changed:
        order = {"id": gid("Order", desired.order.external_id), **changed}
        api.do("orderUpdate", documents.UPDATE_ORDER, input=order)


def _mailing_address(address: PostalAddress) -> dict[str, str]:
    first, last = split_name(address.name)
    province = address.province_code or address.province
    by_code = len(province) <= 3 and province.isupper()
    return {
        "firstName": first,
        "lastName": last,
        "company": address.company,
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "provinceCode" if by_code else "province": province,
        "zip": address.postal_code,
        "countryCode": address.country,
        "phone": address.phone,
    }


def _edit(api: ShopifyApi, desired: Desired, copy: ChannelCopy, changes: list[LineChange], keep: Keep) -> None:
    """One session: stage everything, then commit. Nothing is changed there until the last call."""
    begun = api.do("orderEditBegin", documents.BEGIN_EDIT, id=gid("Order", desired.order.external_id))
    session = begun["calculatedOrder"]
    for change in changes:
        _stage_line(api, session, desired, change)
    if differs_in_shipping(desired, copy):
        _stage_shipping(api, session, desired, copy)

    keep({"session": session["id"], "committing": True})
    note = f"Changed as {desired.order.number}"
    api.do("orderEditCommit", documents.COMMIT_EDIT, id=session["id"], staffNote=note)
    keep({"committed": session["id"]})


def _stage_line(api: ShopifyApi, session: Mapping[str, Any], desired: Desired, change: LineChange) -> None:
    quantity = _whole(change.quantity)
    if change.there is not None:
        known = {tail(node["id"]): node["id"] for node in session["lineItems"]["nodes"]}
        number = change.there.external_id
        line_id = known.get(number) or gid("CalculatedLineItem", number)
        api.do(
            "orderEditSetQuantity",
            documents.SET_QUANTITY,
            id=session["id"],
            lineItemId=line_id,
            quantity=quantity,
            restock=True,
        )
    elif change.wanted is not None:
        variant = _find_variant(api, change.wanted.sku)
        added = api.do(
            "orderEditAddVariant", documents.ADD_VARIANT, id=session["id"], variantId=variant, quantity=quantity
        )
        _stage_price(api, session["id"], desired, change.wanted, added["calculatedLineItem"])


def _stage_price(
    api: ShopifyApi, session_id: str, desired: Desired, line: DesiredLine, added: Mapping[str, Any]
) -> None:
    """Shopify takes its own price; where ours is lower the rest is a discount. A higher one shows as a difference.

    A fixed discount of several units could be meant for each or for all of them, a percentage cannot.
    """
    each = Decimal(added["originalUnitPriceSet"]["shopMoney"]["amount"])
    theirs, ours = each * line.quantity, line.price - line.discount
    if ours >= theirs:
        return
    if line.quantity == 1:
        value: dict[str, Any] = {"fixedValue": {"amount": str(theirs - ours), "currencyCode": desired.order.currency}}
    else:
        value = {"percentValue": float((theirs - ours) / theirs * 100)}
    discount = {"description": f"Price of {desired.order.number}", **value}
    api.do(
        "orderEditAddLineItemDiscount",
        documents.ADD_DISCOUNT,
        id=session_id,
        lineItemId=added["id"],
        discount=discount,
    )


def _stage_shipping(api: ShopifyApi, session: Mapping[str, Any], desired: Desired, copy: ChannelCopy) -> None:
    """A committed shipping line cannot be changed, only removed: the new one takes its place."""
    if copy.raw["presentmentCurrencyCode"] != copy.currency:
        raise ChannelRefused("The customer pays in another currency: change the shipping in Shopify by hand.")
    for line in session["shippingLines"]:
        if line["stagedStatus"] != "REMOVED":
            api.do(
                "orderEditRemoveShippingLine",
                documents.REMOVE_SHIPPING,
                id=session["id"],
                shippingLineId=line["id"],
            )
    price = {"amount": str(desired.shipping_amount), "currencyCode": desired.order.currency}
    line = {"title": desired.shipping_method or "Shipping", "price": price}
    if desired.shipping_method or desired.shipping_amount:
        api.do("orderEditAddShippingLine", documents.ADD_SHIPPING, id=session["id"], shippingLine=line)


def _find_variant(api: ShopifyApi, sku: str) -> str:
    escaped = sku.replace("\\", "\\\\").replace('"', '\\"')
    nodes = api.ask(documents.FIND_VARIANT, query=f'sku:"{escaped}"')["productVariants"]["nodes"]
    fitting = [node["id"] for node in nodes if node["sku"] == sku]
    if not fitting:
        raise ChannelRefused(f"Shopify has no variant with the SKU {quote(sku)}. Create it there, then send again.")
    if len(fitting) > 1:
        raise ChannelRefused(f"Shopify has several variants with the SKU {quote(sku)}. Leave it to one of them.")
    return fitting[0]


def _fulfillment_orders(api: ShopifyApi, order: ChannelOrder) -> list[dict[str, Any]]:
    return list(read_copy(api, order.external_id).raw["fulfillmentOrders"]["nodes"])


def _our_holds(waiting: Mapping[str, Any]) -> list[str]:
    holds = waiting["fulfillmentHolds"]
    return [hold["id"] for hold in holds if hold["heldByRequestingApp"] and hold["handle"] == HANDLE]


def _whole(quantity: Decimal) -> int:
    if quantity != quantity.to_integral_value():
        raise ChannelRefused(f"Shopify counts whole units, not {quantity.normalize():f}.")
    return int(quantity)
