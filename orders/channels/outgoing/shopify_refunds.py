"""Giving money back through Shopify, once for each key.

`@idempotent` makes Shopify answer the same for the same key for a while; for longer, the key stands in the refund's
note, where it is looked for first.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from orders.channels.outgoing import shopify_documents as documents
from orders.channels.outgoing.port import ChannelOrder, ChannelRefused
from orders.channels.outgoing.shopify_api import ShopifyApi, gid, tail

UNDER_WAY = ("SUCCESS", "PENDING")


def refund_payment(
    api: ShopifyApi, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str
) -> str:
    """The id of the refund.

    Raises:
        ChannelRefused: more than was captured, or the customer paid in another currency.
    """
    order_id = gid("Order", order.external_id)
    known = api.ask(documents.READ_PAYMENTS, id=order_id)["order"]
    if known is None:
        raise ChannelRefused(f"Shopify has no order {order.external_id}.")
    before = next((refund for refund in known["refunds"] if key in (refund["note"] or "")), None)
    if before:
        return tail(before["id"])
    if {known["currencyCode"], known["presentmentCurrencyCode"]} != {currency}:
        raise ChannelRefused(f"The customer did not pay in {currency}: refund in Shopify by hand.")

    parts = _split(known["transactions"], amount)
    transactions = [
        {
            "orderId": order_id,
            "parentId": parent["id"],
            "kind": "REFUND",
            "gateway": parent["gateway"],
            "amount": str(part),
        }
        for parent, part in parts
    ]
    wanted = {"orderId": order_id, "note": f"{reason} [{key}]", "notify": False, "transactions": transactions}
    made = api.do("refundCreate", documents.REFUND, input=wanted, key=key)
    return tail(made["refund"]["id"])


def _split(transactions: Sequence[Mapping[str, Any]], amount: Decimal) -> list[tuple[Mapping[str, Any], Decimal]]:
    """Over the payments that were captured, oldest first, none above what is left of it."""
    left, parts = amount, []
    for payment in transactions:
        if payment["kind"] in ("SALE", "CAPTURE") and payment["status"] == "SUCCESS":
            part = min(left, _amount(payment) - _returned(payment["id"], transactions))
            if part > 0:
                parts.append((payment, part))
                left -= part
    if left > 0:
        raise ChannelRefused(f"Shopify has only {amount - left} left to refund, not {amount}.")
    return parts


def _returned(payment_id: str, transactions: Sequence[Mapping[str, Any]]) -> Decimal:
    refunds = (each for each in transactions if each["kind"] == "REFUND" and each["status"] in UNDER_WAY)
    return sum((_amount(each) for each in refunds if _parent(each) == payment_id), Decimal(0))


def _parent(transaction: Mapping[str, Any]) -> str:
    return (transaction["parentTransaction"] or {}).get("id", "")


def _amount(transaction: Mapping[str, Any]) -> Decimal:
    return Decimal(transaction["amountSet"]["shopMoney"]["amount"])
