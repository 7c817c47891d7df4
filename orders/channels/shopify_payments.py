"""Shopify's payments and refunds, in the shop's currency.

A webhook tells the financial status only; where the order's `transactions` are sent along, they are believed instead.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.money import round_amount
from orders.channels.building import Fields
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

STATUS = {
    "pending": "PENDING",
    "authorized": "AUTHORIZED",
    "paid": "PAID",
    "partially_paid": "PAID",
    "partially_refunded": "PAID",
    "refunded": "PAID",
    "voided": "VOIDED",
    "expired": "VOIDED",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """What one amount is in both currencies; amounts in the customer's are converted at the order's own rate."""

    shop: Decimal
    shop_currency: str
    presentment: Decimal
    presentment_currency: str

    def amount_of(self, transaction: Part) -> Decimal:
        """A transaction's amount in the shop's currency.

        Raises:
            CannotTake: payment_currency, when it is in a third one or there is nothing to convert by.
        """
        amount, currency = transaction.sum_of("amount"), transaction.currency("currency")
        if currency in ("", self.shop_currency):
            return amount
        if currency != self.presentment_currency or not self.presentment:
            raise cannot_take("payment_currency", found=currency, currency=self.shop_currency)
        return round_amount(amount * self.shop / self.presentment, self.shop_currency)


def rate_of(money_sets: Sequence[Part], shop_currency: str = "") -> Rate:
    """The rate that `…_set` members of a document show; only those of one currency pair are added up."""
    shop = presentment = Decimal(0)
    currency = ""
    for each in money_sets:
        ours, theirs = each.part("shop_money"), each.part("presentment_money")
        shop_currency = shop_currency or ours.currency("currency_code")
        currency = currency or theirs.currency("currency_code")
        if (ours.currency("currency_code"), theirs.currency("currency_code")) == (shop_currency, currency):
            shop += ours.sum_of("amount")
            presentment += theirs.sum_of("amount")
    return Rate(shop, shop_currency, presentment, currency)


def read_payments(order: Part, total: Decimal | None, paid: Decimal | None, rate: Rate) -> list[Fields]:
    """The order's payments; `total` is what it comes to, `paid` what was paid once it is paid in full."""
    if order.has("transactions"):
        return _from_transactions(order.parts("transactions"), rate)

    status = order.text("financial_status").lower()
    if not status:
        return []
    if status not in STATUS:
        raise cannot_take("unknown_status", found=status)
    amount = paid if STATUS[status] == "PAID" else total
    if status == "partially_paid":
        amount = _part_paid(order, total)
    return [{"status": STATUS[status], "gateway": _gateway(order), "amount": amount}]


def _gateway(order: Part) -> str:
    """The first gateway: it stays the first when a later payment comes by another one."""
    names = order.value.get("payment_gateway_names")
    first = next((name for name in names if isinstance(name, str) and name), "") if isinstance(names, list) else ""
    return (first or order.words("gateway", 60) or "shopify")[:60]


def _part_paid(order: Part, total: Decimal | None) -> Decimal:
    outstanding = order.amount("total_outstanding")
    if total is None or outstanding is None or not 0 <= outstanding <= total:
        raise cannot_take("paid_amount_unknown")
    return total - outstanding


def _from_transactions(transactions: Sequence[Part], rate: Rate) -> list[Fields]:
    """Sales and captures are payments; an authorization counts for what is neither captured nor voided of it."""
    succeeded = [each for each in transactions if each.text("status").lower() == "success"]
    taken: dict[str, Decimal] = defaultdict(Decimal)
    voided = {each.text("parent_id") for each in succeeded if each.text("kind") == "void"}
    for each in succeeded:
        if each.text("kind") in ("capture", "change"):
            taken[each.text("parent_id")] += abs(rate.amount_of(each))

    payments = []
    for each in transactions:
        kind, done = each.text("kind").lower(), each.text("status").lower()
        left = rate.amount_of(each) - taken[each.text("id")]
        if kind in ("sale", "capture") and done in ("success", "pending"):
            payments.append(_payment(each, "PAID" if done == "success" else "PENDING", left))
        elif kind == "authorization" and done in ("success", "pending") and left > 0:
            status = "VOIDED" if each.text("id") in voided else "AUTHORIZED" if done == "success" else "PENDING"
            payments.append(_payment(each, status, left))
    return payments


def _payment(transaction: Part, status: str, amount: Decimal) -> Fields:
    moment = transaction.moment("processed_at") or transaction.moment("created_at")
    return {
        "status": status,
        "gateway": transaction.words("gateway", 60) or "shopify",
        "reference": transaction.text("id"),
        "amount": max(amount, Decimal(0)),
        "captured_at": moment if status == "PAID" else None,
    }


def read_refund(refund: Part, rate: Rate) -> Fields | None:
    """The refund in `IncomingRefund`'s fields; None when no money has gone back (yet)."""
    paid_back = [
        each
        for each in refund.parts("transactions")
        if each.text("kind").lower() == "refund" and each.text("status").lower() == "success"
    ]
    amount = sum((rate.amount_of(each) for each in paid_back), Decimal(0))
    if not amount:
        return None
    lines = [
        {"line": line.text("line_item_id"), "quantity": line.sum_of("quantity")}
        for line in refund.parts("refund_line_items")
        if line.sum_of("quantity") > 0
    ]
    return {
        "external_id": refund.text("id"),
        "amount": amount,
        "gateway": paid_back[0].words("gateway", 60),
        "reason": refund.words("note", 255),
        "refunded_at": _refunded_at(refund, paid_back),
        "lines": lines,
    }


def _refunded_at(refund: Part, paid_back: Sequence[Part]) -> datetime | None:
    return refund.moment("processed_at") or refund.moment("created_at") or paid_back[0].moment("created_at")
