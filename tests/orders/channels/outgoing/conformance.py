"""What each connector can do, found out by doing it: the table of docs/connectors.md.

A cell is "pass" or "fail" where there is a check, else "not offered" (that system has no such thing) or "not built".
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db import transaction

from oms.models import Channel
from orders.actions.cancelling import cancel_order
from orders.actions.intake.taking import Message, take_messages
from orders.actions.stock_out.telling import tell_stock
from orders.actions.write_back.crediting import queue_credit
from orders.actions.write_back.reviewing import send_again
from orders.actions.write_back.sending import send_next_write_back
from orders.actions.write_back.telling import channel_of
from orders.channels.outgoing.port import ChannelOrder
from orders.channels.registry import FORMAT_OF_CONNECTOR, mapping_named
from orders.events import ShipmentDelivered, ShipmentSent
from orders.models import Order, Shipment, WriteBack, WriteBackTarget
from orders.reactions.write_back import tell_deliveries, tell_shipments
from tests.make.connected import partner_order, shopify_order, woocommerce_order
from tests.make.connected_parcels import (
    send_parcel,
    sold_for_partner,
    sold_on_amazon,
    sold_on_bigcommerce,
    sold_on_shopify,
    sold_on_woocommerce,
)
from tests.make.connected_stock import StockShop, connected_shops
from tests.make.fulfillments import LATER
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, line, placed_order
from tests.make.partners import make_partner
from tests.make.stock import stocked_variants
from tests.make.write_backs import change_order, queued, state_of
from tests.orders.channels import messages

log = logging.getLogger(__name__)

Check = Callable[[], bool]
Connected = Callable[[], AbstractContextManager[Any]]

CAPABILITIES = (
    "order in",
    "edit out",
    "cancel out",
    "refund out",
    "fulfillment out",
    "tracking out",
    "stock out",
    "credit out",
)
NOT_OFFERED = {
    ("AMAZON", "edit out"),  # a marketplace's order cannot be changed by its seller
    ("AMAZON", "tracking out"),  # Amazon asks the carriers itself
    ("API", "refund out"),  # money goes back through the gateway that took it
    ("BIGCOMMERCE", "tracking out"),  # neither of them has a place for where a parcel is
    ("WOOCOMMERCE", "tracking out"),
    *((connector, "credit out") for connector in ("AMAZON", "API", "BIGCOMMERCE", "WOOCOMMERCE")),  # none is kept there
    *(("FILE", capability) for capability in CAPABILITIES[1:]),
    *(("STAFF", capability) for capability in CAPABILITIES[1:]),
}

SAMPLES: Mapping[str, Callable[[], Any]] = {
    "SHOPIFY": messages.shopify_order,
    "WOOCOMMERCE": messages.woo_order,
    "AMAZON": messages.amazon_order,
    "BIGCOMMERCE": messages.big_order,
    "FILE": messages.own_order,
}
PARCELS: Mapping[str, tuple[Connected, Callable[[Any], int]]] = {
    "SHOPIFY": (sold_on_shopify, lambda server: len(server.shop.orders[1001].fulfillments)),
    "WOOCOMMERCE": (sold_on_woocommerce, lambda server: len(server.notes[1001])),
    "AMAZON": (sold_on_amazon, lambda server: len(server.packages["1001"])),
    "BIGCOMMERCE": (sold_on_bigcommerce, lambda server: len(server.shipments[1001])),
    "API": (sold_for_partner, lambda server: len(server.taken)),
}
"""An order that can be sent, and how many parcels the other side shows of it."""


def find_cells() -> dict[str, dict[str, str]]:
    """The table: a row a connector, by its name."""
    return {str(label): {what: _cell(code, what) for what in CAPABILITIES} for code, label in Channel.Connector.choices}


def write_table(cells: Mapping[str, Mapping[str, str]]) -> str:
    """As Markdown."""
    head = ["| connector | " + " | ".join(CAPABILITIES) + " |", "|---" * (len(CAPABILITIES) + 1) + "|"]
    rows = [f"| {name} | " + " | ".join(row[what] for what in CAPABILITIES) + " |" for name, row in cells.items()]
    return "\n".join([*head, *rows])


def _cell(connector: str, what: str) -> str:
    check = _checks().get((connector, what))
    if check is None:
        return "not offered" if (connector, what) in NOT_OFFERED else "not built"
    before = transaction.savepoint()  # not `atomic`: our API begins transactions that must be the outermost
    try:
        return "pass" if check() else "fail"
    except Exception:  # whatever went wrong, it does not pass
        log.exception("%s cannot do this: %s", connector, what)
        return "fail"
    finally:
        transaction.savepoint_rollback(before)


def _checks() -> dict[tuple[str, str], Check]:
    found: dict[tuple[str, str], Check] = {
        (connector, "order in"): lambda connector=connector: _order_comes_in(connector)  # type: ignore[misc]
        for connector in SAMPLES
    }
    found["API", "order in"] = _order_comes_by_api
    found["STAFF", "order in"] = _order_comes_by_api  # the back office sends the same body to the same action
    connected: dict[str, Connected] = {
        "SHOPIFY": shopify_order,
        "WOOCOMMERCE": woocommerce_order,
        "API": partner_order,
    }
    for connector, opened in connected.items():
        found[connector, "edit out"] = lambda opened=opened: _edit_goes_out(opened)  # type: ignore[misc]
        found[connector, "cancel out"] = lambda opened=opened: _cancellation_goes_out(opened)  # type: ignore[misc]
    for connector, (opened, shown) in PARCELS.items():
        found[connector, "fulfillment out"] = lambda o=opened, s=shown: _parcel_goes_out(o, s)  # type: ignore[misc]
    for connector in ("SHOPIFY", "API"):
        opened, _ = PARCELS[connector]
        found[connector, "tracking out"] = lambda opened=opened: _news_go_out(opened)  # type: ignore[misc]
    for connector in ("SHOPIFY", "WOOCOMMERCE"):
        found[connector, "refund out"] = lambda c=connector: _refund_goes_out(connected[c])  # type: ignore[misc]
    for connector, shop in connected_shops().items():
        found[connector, "stock out"] = lambda shop=shop: _stock_goes_out(shop)  # type: ignore[misc]
    found["SHOPIFY", "credit out"] = _credit_goes_out
    return found


def _order_comes_in(connector: str) -> bool:
    sample = SAMPLES[connector]()
    format_ = FORMAT_OF_CONNECTOR.get(connector, "jsonl")
    shop = channel("web", connector=connector)
    (order, *_) = mapping_named(format_).read_message(sample, channel="web", topic="orders/create")
    stocked_variants(*{line.sku for line in order.lines if line.kind == "PRODUCT"})
    message = Message(body=orjson.dumps(sample), source="webhook", topic="orders/create")
    (outcome, *_) = take_messages([message], channel=shop, format=format_, by=shop.actor, at=NOON)
    return outcome.status == "placed"


def _order_comes_by_api() -> bool:
    channel("web")
    order = messages.own_order()
    stocked_variants(*{line["sku"] for line in order["lines"]})
    answer = make_partner("orders:write").post("/orders", order | {"channel": "web"}, label="conformance")
    return answer.status_code == 201


def _edit_goes_out(opened: Connected) -> bool:
    with opened() as (order, server):
        tax = {"tax": "6.35"} if order.lines.get().tax else {}
        change_order(order, p1={"quantity": 2, **tax})
        (message,) = queued(order)
        return _arrives(message, server)


def _cancellation_goes_out(opened: Connected) -> bool:
    with opened() as (order, server):
        cancel_order(number=order.number, reason="Changed her mind", by=ADA, at=NOON)
        (message,) = queued(order, WriteBack.Kind.CANCEL)
        return _arrives(message, server)


def _credit_goes_out() -> bool:
    """Told twice, given once."""
    with shopify_order() as (order, server):
        WriteBackTarget.objects.update(takes_credit=True)
        for _ in range(2):
            message = queue_credit(number=order.number, key="lot", amount=Decimal("21.89"), expires_at=None, at=NOON)
        assert message is not None
        return _arrives(message, server) and len(server.shop.credits) == 1


def _refund_goes_out(opened: Connected) -> bool:
    """Asked for twice, given once."""
    with opened() as (order, _):
        there = channel_of(WriteBackTarget.objects.get())
        asked = ChannelOrder(order.external_id, order.number, order.currency)
        once = {"amount": Decimal("5.00"), "currency": "EUR", "key": "conformance", "reason": "Swapped"}
        return bool(there.refund(asked, **once)) and there.refund(asked, **once) == there.refund(asked, **once)


def _stock_goes_out(opened: StockShop) -> bool:
    """Told once, told again after the last one was sold, and no more while nothing changes."""
    with opened() as read:
        tell_stock(at=NOON)
        first = read()
        placed_order([line("TEE-M", quantity=10)])
        told = [tell_stock(at=NOON + timedelta(minutes=1)) for _ in range(2)]
        return (first, read(), told) == (10, 0, [1, 0])


def _parcel_goes_out(opened: Connected, shown: Callable[[Any], int]) -> bool:
    """And stays one parcel there when the message is sent a second time, as after an answer that was lost."""
    with opened() as (order, server):
        shipment = send_parcel(order)
        tell_shipments([_event(ShipmentSent, shipment, rest=False)])
        (message,) = order.write_backs.all()
        if not _arrives(message, server, at=LATER):
            return False
        order.write_backs.update(state=WriteBack.State.WAITING, external_id="")
        send_next_write_back(at=LATER)
        return shown(server) == 1


def _news_go_out(opened: Connected) -> bool:
    with opened() as (order, server):
        shipment = send_parcel(order)
        tell_shipments([_event(ShipmentSent, shipment, rest=False)])
        (first,) = order.write_backs.all()
        if not _arrives(first, server, at=LATER):
            return False
        tell_deliveries([_event(ShipmentDelivered, shipment, delivered_at=LATER.isoformat())])
        message = order.write_backs.get(kind=WriteBack.Kind.TRACKING)
        return _arrives(message, server, at=LATER)


def _event(cls: Any, shipment: Shipment, **facts: Any) -> Any:
    subject = shipment.fulfillment.order.number
    return cls(subject=subject, by=ADA, at=LATER, facts={"shipment": shipment.number} | facts)


def _arrives(message: WriteBack, server: Any, *, at: datetime = NOON) -> bool:
    """Sent, twice, and taken once; a partner says so itself."""
    others = Order.objects.get(pk=message.order_id).write_backs.count() - 1
    send_next_write_back(at=at)
    if message.target.is_partner:
        *before, told = server.taken.values()
        send_again(write_back_id=message.pk, by=ADA, at=at)
        send_next_write_back(at=at)
        path = told["data"]["acknowledgement"].partition("/api/v1")[2]
        make_partner("orders:write").post(path, {"accepted": True, "reference": "ERP-1"})
        return state_of(message) == "ACKNOWLEDGED" and len(server.taken) == len(before) + 1
    queued_now = Order.objects.get(pk=message.order_id).write_backs.count()
    return state_of(message) == "ACKNOWLEDGED" and queued_now == 1 + others
