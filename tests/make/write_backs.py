"""Systems that are told of edits, and orders that were edited: their rows written as an edit leaves them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from oms.models import Channel
from orders.actions.write_back.queueing import queue_write_backs
from orders.models import Order, WriteBack, WriteBackTarget
from tests.fakes.amazon_server import REFRESH
from tests.fakes.amazon_server import SECRET as AMAZON_SECRET
from tests.fakes.bigcommerce_server import TOKEN as BIGCOMMERCE_TOKEN
from tests.fakes.partner_server import SECRET as PARTNER_SECRET
from tests.fakes.shopify_server import TOKEN
from tests.fakes.woocommerce_server import KEY, SECRET
from tests.make.moments import ADA, NOON

Kind = WriteBack.Kind

_CREDENTIALS = {
    "SHOPIFY": (TOKEN, ""),
    "WOOCOMMERCE": (KEY, SECRET),
    "AMAZON": (REFRESH, AMAZON_SECRET),
    "BIGCOMMERCE": (BIGCOMMERCE_TOKEN, ""),
    "PARTNER": ("", PARTNER_SECRET),
}


def target(kind: str, url: str, channel: Channel | None = None, **fields: Any) -> WriteBackTarget:
    key, secret = _CREDENTIALS[kind]
    defaults = {"code": kind.lower(), "name": kind.title(), "key": key, "secret": secret}
    return WriteBackTarget.objects.create(kind=kind, url=url, channel=channel, **(defaults | fields))


def change_order(order: Order, *, at: datetime = NOON, **lines: dict[str, Any]) -> None:
    """What an edit leaves behind: lines by position (`p1={"quantity": 2}`), and totals that fit them."""
    with transaction.atomic():
        locked = Order.objects.locked(order.number)
        for place, fields in lines.items():
            locked.lines.filter(position=int(place[1:])).update(**fields)
        items = sum(line.unit_price * line.quantity for line in locked.lines.all())
        discounts = sum(line.discount for line in locked.lines.all())
        locked.item_total, locked.discount_total = items, discounts
        locked.total = items - discounts + locked.shipping_total
        locked.touch("item_total", "discount_total", "total", at=at)


def queued(
    order: Order, kind: str = Kind.EDIT, *, by: str = ADA, at: datetime = NOON, **fields: Any
) -> list[WriteBack]:
    return queue_write_backs(number=order.number, kind=kind, by=by, at=at, **fields)


def state_of(message: WriteBack) -> str:
    message.refresh_from_db()
    return message.state
