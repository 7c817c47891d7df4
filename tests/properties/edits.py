"""What must be true of orders, edits, money and stock at any moment, whatever was done to them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import F, Sum

from inventory.models import Availability, Reservation
from inventory.queries.drift import find_drift
from oms.money import round_amount
from orders.models import Edit, Hold, Order, OrderLine, Repayment
from orders.policies.edits.plan import read_plan
from orders.queries.order_documents import read_order_documents
from tests.make.edits import LARGE, MEDIUM, SMALL, SOCKS, open_shop
from tests.make.moments import NOON
from tests.make.orders import channel
from tests.properties.shop import compare_stories

SKUS = (SMALL, MEDIUM, LARGE, SOCKS)
UNITS = 6
"""Of each SKU: few, so that some of them run short and low."""
AFTERWARDS = NOON.replace(year=2045)

KEPT = ("lines", "customer", "shipping_address", "shipping", "total", "stated_total", "tags", "note", "cancel_reason")
MOVING = ("paid", "refunded", "balance", "credited")
"""Of an order's money: what payments and refunds change while an edit waits."""


@dataclass
class Memory:
    """What an order was like when it last changed, how each edit ended, and which states any was in."""

    now: datetime = NOON
    pictures: dict[str, tuple[Any, bytes]] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def pass_time(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


def open_up() -> Memory:
    channel(minutes=30)
    open_shop(units=UNITS, large_price="24.90")
    return Memory()


def check_everything(memory: Memory) -> None:
    check_money()
    check_edits(memory)
    check_promises()
    check_documents(memory)
    compare_stories()


def check_money() -> None:
    for order in Order.objects.prefetch_related("lines", "refunds", "payments", "repayments"):
        lines = order.lines.all()
        values = sum((round_amount(line.quantity * line.unit_price, order.currency) for line in lines), Decimal(0))
        extras = order.shipping_total + order.tip_total + order.duty_total
        tax = sum((line.tax for line in lines), order.shipping_tax)
        assert order.total == values - order.discount_total + extras + (0 if order.tax_included else tax)
        assert (order.item_total, order.tax_total) == (values, tax)
        assert order.balance.amount == order.total - order.credited - order.paid + order.refunded

        captured = sum((each.amount for each in order.payments.all() if each.status == "CAPTURED"), Decimal(0))
        refunded = sum((each.amount for each in order.refunds.all()), Decimal(0))
        standing = sum((each.amount for each in order.repayments.all() if each.state in Repayment.STANDING), Decimal(0))
        assert (order.paid, order.refunded) == (captured, refunded)
        assert refunded + standing <= order.paid
        assert all(0 <= line.discount <= line.quantity * line.unit_price and line.tax >= 0 for line in lines)
        _check_each_payment(order)


def _check_each_payment(order: Order) -> None:
    """No payment gives back more than came in by it."""
    gone: dict[int, Decimal] = defaultdict(Decimal)
    for each in order.repayments.all():
        if each.state in (*Repayment.STANDING, Repayment.State.DONE):
            gone[each.payment_id] += each.amount
    assert all(gone[payment.pk] <= payment.amount for payment in order.payments.all())


def check_edits(memory: Memory) -> None:
    """An edit ends once, in one way; while one waits its order is held back for it, and for nothing else."""
    for edit in Edit.objects.all():
        assert memory.ends.get(edit.pk, edit.state) == edit.state, "it ended another way before"
        memory.seen.add(edit.state)
        if not edit.is_open:
            memory.ends[edit.pk] = edit.state
    waiting = list(Edit.objects.open().order_by("order_id").values_list("order_id", flat=True))
    assert len(waiting) == len(set(waiting)), "two wait for one order"
    kept_back = Hold.objects.filter(reason="EDIT_OPEN", closed_at=None).order_by("order_id")
    assert list(kept_back.values_list("order_id", flat=True)) == waiting
    assert not Order.objects.filter(pk__in=waiting).exclude(status="HELD").exists()
    for order in Order.objects.filter(status="RELEASED"):
        assert not order.holds.open(at=memory.now).exists()


def check_promises() -> None:
    """Open lines are promised to their order, what an open edit adds to the edit, and nothing to anybody else."""
    wanted: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    left = F("quantity") - F("cancelled_quantity") - F("fulfilled_quantity")
    lines = OrderLine.objects.annotate(left=left).values_list("order__number", "variant_id", "left")
    for number, variant, units in lines:
        wanted[number, variant] += units
    for edit in Edit.objects.open().select_related("order"):
        for variant, units in read_plan(edit.plan).wanted.items():
            wanted[edit.stock_reference, variant] = max(units - wanted[edit.order.number, variant], Decimal(0))

    reserved = Reservation.objects.open().values_list("reference", "variant_id").annotate(Sum("quantity"))
    assert {(to, variant): units for to, variant, units in reserved} == {at: n for at, n in wanted.items() if n}
    kept = Reservation.objects.filter(state="SHORT", reference__startswith="edit:")
    assert not kept.exists(), "an edit waits for stock that is not there"
    assert not Availability.objects.filter(promised__gt=F("sellable")).exists()
    assert find_drift() == []


def check_documents(memory: Memory) -> None:
    """An order looks as it did, to the letter, unless an edit was done, it was cancelled, or its channel changed it."""
    ids = list(Order.objects.order_by("id").values_list("id", flat=True))
    orders = Order.objects.in_bulk(ids)
    for order_id, document in zip(ids, read_order_documents(ids, at=memory.now), strict=True):
        order = orders[order_id]
        done = order.edits.filter(state=Edit.State.COMMITTED).count()
        reason = (done, order.status == Order.Status.CANCELLED, order.channel_updated_at)
        read = orjson.loads(document.json)
        money = {name: value for name, value in read["money"].items() if name not in MOVING}
        picture = orjson.dumps([money, *(read[name] for name in KEPT)])
        before = memory.pictures.get(order.number)
        assert before is None or before[0] != reason or before[1] == picture
        memory.pictures[order.number] = (reason, picture)
