"""A shop at Shopify: its orders, what may be done to them, and what Shopify says to the rest.

Rules as Shopify documents them: an edit changes nothing before its commit and is lost once the order has changed;
committed shipping lines can be removed, not changed; units that were sent stay; what was removed stays as a line of
which nothing is current; a refund belongs to a payment and never exceeds it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

NOTHING = Decimal(0)
MOST_HOLDS = 10


class Refused(Exception):
    """What comes back as a userError."""


@dataclass
class Line:
    number: int
    sku: str
    name: str
    quantity: int
    current: int
    price: Decimal
    discount: Decimal = NOTHING
    fulfilled: int = 0

    @property
    def worth(self) -> Decimal:
        return self.price * self.current - (self.discount if self.current else NOTHING)


@dataclass
class Order:
    number: int
    lines: list[Line]
    email: str = ""
    phone: str = ""
    address: dict[str, str] = field(default_factory=dict)
    shipping: list[dict[str, Any]] = field(default_factory=list)
    currency: str = "EUR"
    presentment: str = "EUR"
    cancelled_at: str | None = None
    fulfillment_orders: list[dict[str, Any]] = field(default_factory=list)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    fulfillments: list[Any] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)
    customer: int | None = None
    version: int = 1

    @property
    def total(self) -> Decimal:
        on_the_way = sum((line["price"] for line in self.shipping if not line["removed"]), NOTHING)
        return sum((line.worth for line in self.lines), on_the_way)


@dataclass
class Session:
    """An order edit that was begun; `staged` runs at the commit."""

    order: Order
    version: int
    quantities: dict[int, int] = field(default_factory=dict)
    added: dict[str, dict[str, Any]] = field(default_factory=dict)
    shipping_removed: set[int] = field(default_factory=set)
    shipping_added: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.quantities or self.added or self.shipping_removed or self.shipping_added)


class Shop:
    """All that can be asked of it; whatever it will not do is `Refused`."""

    def __init__(self) -> None:
        self.name = "Morrow & Flax"
        self.orders: dict[int, Order] = {}
        self.variants: dict[str, dict[str, Any]] = {}
        self.sessions: dict[int, Session] = {}
        self.refund_keys: dict[str, tuple[Any, dict[str, Any]]] = {}
        self.credits: list[dict[str, Any]] = []
        self.slow_jobs = False
        self.waiting_jobs: list[Order] = []
        self._numbers = count(9_000)

    def next_number(self) -> int:
        return next(self._numbers)

    def add_variant(self, sku: str, *, price: str = "19.90", stock: int | None = None) -> None:
        self.variants[sku] = {"number": next(self._numbers), "sku": sku, "price": Decimal(price), "stock": stock}

    def add_order(self, number: int, lines: list[Line], *, paid: str = "", **fields: Any) -> Order:
        order = Order(number, lines, **fields)
        order.fulfillment_orders.append({"number": next(self._numbers), "status": "OPEN", "holds": []})
        if paid:
            sale = {"kind": "SALE", "status": "SUCCESS", "gateway": "shopify_payments", "parent": None}
            order.transactions.append(sale | {"number": next(self._numbers), "amount": Decimal(paid)})
        self.orders[number] = order
        return order

    def find(self, number: int) -> Order:
        if number not in self.orders:
            raise Refused("Order does not exist")
        return self.orders[number]

    def begin(self, number: int) -> tuple[int, Session]:
        order = self.find(number)
        if order.cancelled_at:
            raise Refused("The order cannot be edited because it is cancelled.")
        session_number = next(self._numbers)
        self.sessions[session_number] = Session(order, order.version)
        return session_number, self.sessions[session_number]

    def session(self, number: int) -> Session:
        if number not in self.sessions:
            raise Refused("The calculated order does not exist.")
        return self.sessions[number]

    def set_quantity(self, session: Session, line_number: int, quantity: int) -> None:
        line = next((line for line in session.order.lines if line.number == line_number), None)
        if line is None:
            raise Refused("The line item does not exist on the calculated order.")
        if quantity < line.fulfilled:
            raise Refused("Quantity cannot be less than the quantity that was fulfilled.")
        self._need_stock(line.sku, quantity - line.current)
        session.quantities[line_number] = quantity

    def stage_variant(self, session: Session, number: int, quantity: int, *, duplicates: bool) -> tuple[str, dict]:
        variant = next((each for each in self.variants.values() if each["number"] == number), None)
        if variant is None:
            raise Refused("Variant does not exist")
        if quantity <= 0:
            raise Refused("Quantity must be greater than 0")
        there = [line.sku for line in session.order.lines if line.current]
        if variant["sku"] in there and not duplicates:
            raise Refused("The variant is already on the order.")
        self._need_stock(variant["sku"], quantity)
        name = f"new-{next(self._numbers)}"
        session.added[name] = variant | {"quantity": quantity, "discount": NOTHING}
        return name, session.added[name]

    def stage_discount(self, session: Session, name: str, *, fixed: Decimal | None, percent: float | None) -> None:
        if name not in session.added:
            raise Refused("The line item does not exist on the calculated order.")
        line = session.added[name]
        whole = line["price"] * line["quantity"]
        off = fixed * line["quantity"] if fixed is not None else whole * Decimal(str(percent)) / 100
        if not NOTHING < off <= whole:
            raise Refused("Discount must be greater than zero and no more than the price.")
        line["discount"] = off.quantize(Decimal("0.01"))

    def remove_shipping(self, session: Session, number: int) -> None:
        if number not in [line["number"] for line in session.order.shipping if not line["removed"]]:
            raise Refused("The shipping line does not exist.")
        session.shipping_removed.add(number)

    def add_shipping(self, session: Session, title: str, price: Decimal) -> None:
        if not title or price < 0:
            raise Refused("Shipping needs a title and a price that is not negative.")
        session.shipping_added.append({"number": next(self._numbers), "title": title, "price": price})

    def commit(self, number: int) -> Order:
        session = self.session(number)
        order = session.order
        if session.version != order.version or order.cancelled_at:
            raise Refused("The order has been changed since the edit was begun.")
        if session.is_empty:
            raise Refused("There are no changes to commit.")
        del self.sessions[number]
        for line in order.lines:
            if line.number in session.quantities:
                self._set_line(order, line, session.quantities[line.number])
        for added in session.added.values():
            number, quantity = next(self._numbers), added["quantity"]
            order.lines.append(
                Line(number, added["sku"], added["sku"], quantity, quantity, added["price"], added["discount"])
            )
        for shipping in order.shipping:
            shipping["removed"] |= shipping["number"] in session.shipping_removed
        order.shipping += [{**line, "removed": False} for line in session.shipping_added]
        order.version += 1
        return order

    def _set_line(self, order: Order, line: Line, quantity: int) -> None:
        if quantity < line.current:
            order.removed.append((line.number, line.current - quantity))
        else:
            line.quantity += quantity - line.current
        line.current = quantity

    def cancel(self, number: int) -> None:
        order = self.find(number)
        if order.cancelled_at:
            raise Refused("Cannot cancel an order that is already canceled")
        if any(line.fulfilled for line in order.lines):
            raise Refused("Cannot cancel an order that has been fulfilled")
        self.waiting_jobs.append(order)
        if not self.slow_jobs:
            self.finish_jobs()

    def finish_jobs(self) -> None:
        for order in self.waiting_jobs:
            order.cancelled_at = "2026-11-21T12:05:00Z"
            order.version += 1
            for line in order.lines:
                line.current = 0
            for waiting in order.fulfillment_orders:
                waiting["status"] = "CLOSED"
        self.waiting_jobs.clear()

    def hold(self, number: int, hold: dict[str, Any]) -> dict[str, Any]:
        waiting = self._fulfillment_order(number)
        if waiting["status"] not in ("OPEN", "SCHEDULED", "ON_HOLD"):
            raise Refused("The fulfillment order is not in a state that can be held.")
        if any(other["handle"] == hold.get("handle") for other in waiting["holds"]):
            raise Refused("The handle provided for the fulfillment hold is already in use.")
        if len(waiting["holds"]) >= MOST_HOLDS:
            raise Refused("The maximum number of fulfillment holds has been reached.")
        made = {"number": next(self._numbers), "handle": hold.get("handle"), "reason": hold["reason"], "ours": True}
        waiting["holds"].append(made | {"notes": hold.get("reasonNotes")})
        waiting["status"] = "ON_HOLD"
        return made

    def release(self, number: int, hold_numbers: list[int] | None) -> dict[str, Any]:
        waiting = self._fulfillment_order(number)
        if waiting["status"] != "ON_HOLD":
            raise Refused("The fulfillment order is not on hold.")
        gone = set(hold_numbers or [hold["number"] for hold in waiting["holds"]])
        waiting["holds"] = [hold for hold in waiting["holds"] if hold["number"] not in gone]
        waiting["status"] = "ON_HOLD" if waiting["holds"] else "OPEN"
        return waiting

    def refund(self, number: int, document: dict[str, Any], key: str) -> dict[str, Any]:
        if key in self.refund_keys:
            known, refund = self.refund_keys[key]
            if known != document:
                raise Refused("The idempotency key was used with other parameters.")
            return refund
        order = self.find(number)
        for wanted in document["transactions"]:
            self._take_back(order, wanted)
        refund = {"number": next(self._numbers), "note": document.get("note")}
        order.refunds.append(refund)
        order.version += 1
        self.refund_keys[key] = (document, refund)
        return refund

    def _take_back(self, order: Order, wanted: dict[str, Any]) -> None:
        parent = next((each for each in order.transactions if each["number"] == wanted["parent"]), None)
        if parent is None or parent["gateway"] != wanted["gateway"]:
            raise Refused("Refund transactions need their parent transaction and its gateway.")
        back = [each["amount"] for each in order.transactions if each["parent"] == parent["number"]]
        if wanted["amount"] > parent["amount"] - sum(back, NOTHING):
            raise Refused("Refund amount exceeds the amount that can be refunded.")
        order.transactions.append(
            {"number": next(self._numbers), "kind": "REFUND", "status": "SUCCESS", "gateway": parent["gateway"]}
            | {"amount": wanted["amount"], "parent": parent["number"]}
        )

    def _fulfillment_order(self, number: int) -> dict[str, Any]:
        for order in self.orders.values():
            for waiting in order.fulfillment_orders:
                if waiting["number"] == number:
                    return waiting
        raise Refused("Fulfillment order does not exist.")

    def _need_stock(self, sku: str, more: int) -> None:
        stock = self.variants.get(sku, {}).get("stock")
        if stock is not None and more > stock:
            raise Refused(f"Only {stock} items of {sku} are available.")
