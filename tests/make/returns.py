"""Orders that customers have in their hands, and returns of them: by the product's own actions."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.models import EventRecord
from orders.actions.releasing import end_edit_window
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Order, OrderLine, Shipment
from returns.actions.requesting import request_return
from returns.models import Return, ReturnNode, ReturnRule, TermsEdition
from returns.policies.wishes import ItemWish, ReturnWish
from tests.make.edits import order_of_tees
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import released_order
from tests.make.stock import count, warehouse

BOUGHT = NOON - 7 * ONE_DAY
ASKED = NOON - 2 * ONE_DAY
"""A usual order is bought a week ago and delivered two days later."""


def sent_order(lines: Sequence[dict[str, Any]] = (), *, at: datetime = BOUGHT, **fields: Any) -> Order:
    """A paid order whose only parcel has left."""
    order = released_order(lines=lines, at=at, **fields)
    route(at=at)
    ship(fulfillment(order).number, at=at + ONE_HOUR)
    order.refresh_from_db()
    return order


def delivered_order(
    lines: Sequence[dict[str, Any]] = (), *, at: datetime = BOUGHT, delivered_at: datetime | None = None, **fields: Any
) -> Order:
    """The same once it was delivered: two days after it was bought unless said otherwise."""
    order = sent_order(lines, at=at, **fields)
    deliver(order, at=delivered_at or at + 2 * ONE_DAY)
    order.refresh_from_db()
    return order


def delivered_tees(quantity: int = 2, *, at: datetime = BOUGHT, **fields: Any) -> Order:
    """Tees of the shop of `tests.make.edits`, medium, in their buyer's hands two days later."""
    order = order_of_tees(quantity, at=at, **fields)
    end_edit_window(number=order.number, by=ADA, at=at)
    route(at=at)
    ship(fulfillment(order).number, at=at + ONE_HOUR)
    deliver(order, at=at + 2 * ONE_DAY)
    order.refresh_from_db()
    return order


def delivered_now(lines: Sequence[dict[str, Any]] = (), **fields: Any) -> Order:
    """One that came yesterday by the clock on the wall, by which the API goes."""
    today = timezone.now()
    return delivered_order(lines, at=today - 3 * ONE_DAY, delivered_at=today - ONE_DAY, **fields)


def deliver(order: Order, *, at: datetime) -> None:
    """All parcels of the order have arrived."""
    numbers = Shipment.objects.filter(fulfillment__order=order).values_list("number", flat=True)
    record_tracking([Report(shipment=number, status="DELIVERED", at=at) for number in numbers], by=ADA, at=at)


def line_of(order: Order, position: int = 0) -> OrderLine:
    return order.lines.order_by("position")[position]


def item(line: OrderLine | int, quantity: int | str = 1, **fields: Any) -> ItemWish:
    """Too small, and money back, unless said otherwise."""
    said = {"reason": "too-small", "resolution": "REFUND"} | fields
    return ItemWish(line=line if isinstance(line, int) else line.pk, quantity=Decimal(quantity), **said)


def wish(*items: ItemWish, **fields: Any) -> ReturnWish:
    return ReturnWish(items=items, **fields)


def ask_return(order: Order, *items: ItemWish, at: datetime = ASKED, source: str = "PORTAL", **fields: Any) -> Return:
    """Asked for by the customer: one unit of the first line unless said otherwise."""
    wanted = wish(*(items or [item(line_of(order))]), **fields)
    return request_return(number=order.number, wish=wanted, by="customer", at=at, source=source)


def open_return(order: Order | None = None, *items: ItemWish, at: datetime = ASKED, **fields: Any) -> Return:
    """One that was approved by the rules."""
    made = ask_return(order or delivered_order(), *items, at=at, **fields)
    assert made.status == Return.Status.OPEN, made.decision
    return made


def waiting_return(order: Order | None = None, *items: ItemWish, at: datetime = ASKED, **fields: Any) -> Return:
    """One that a person has to decide on."""
    rule("REVIEW", position=1)
    made = ask_return(order or delivered_order(), *items, at=at, **fields)
    assert made.status == Return.Status.REQUESTED, made.decision
    return made


def sizes(*skus: str, on_hand: int = 10) -> None:
    """Variants of one product, in stock."""
    price = {"amount": "19.90", "currency": "EUR"}
    variants = [{"sku": sku, "price": price, "options": {"size": sku.rsplit("-", 1)[-1]}} for sku in skus]
    create_products([IncomingProduct.model_validate({"title": "Linen tee", "variants": variants})], by=ADA, at=NOON)
    warehouse()
    for sku in skus:
        count(sku, on_hand)


def node(code: str = "LEJ", **fields: Any) -> ReturnNode:
    """A place that takes returns, made if there is none."""
    made, _ = ReturnNode.objects.get_or_create(warehouse=warehouse(code), defaults={"currency": "EUR"} | fields)
    return made


def rule(verdict: str, position: int = 1, **fields: Any) -> ReturnRule:
    """One that comes before the usual ones."""
    return ReturnRule.objects.create(
        position=position,
        verdict=verdict,
        **({"name": f"{verdict} {position}", "explanations": {"en": "No."}} | fields),
    )


def terms_in_force(*rows: dict[str, Any], since: datetime = NOON - 400 * ONE_DAY) -> TermsEdition:
    """An edition of these terms; a row says what is unusual about it."""
    document = {
        "terms": [{"id": place, "name": f"Terms {place}", "days": 30} | row for place, row in enumerate(rows, 1)]
    }
    digest = hashlib.sha256(repr(document).encode()).hexdigest()
    return TermsEdition.objects.create(digest=digest, document=document, in_force_from=since, by=ADA)


def told(subject: Return | str) -> list[str]:
    """What was announced of a return, oldest first."""
    number = subject if isinstance(subject, str) else subject.number
    records = EventRecord.objects.filter(subject_kind="return", subject=number).order_by("sequence")
    return list(records.values_list("type", flat=True))
