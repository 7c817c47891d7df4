"""What every installation has lying about: messages that could not be taken, and a delivery that was given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from django.db.models import Q

from config.demo.living import Act
from inventory.events import ProductCreated, StockRanLow
from oms.actions.delivering import BACKOFF, UnknownReaction, postpone_delivery
from oms.models import Channel, Delivery, EventRecord
from orders.actions.intake.quarantining import dismiss_messages
from orders.actions.intake.taking import Message, take_messages
from orders.channels.registry import FORMAT_OF_CONNECTOR
from orders.models import QuarantinedMessage

HOUR = timedelta(hours=1)
RETIRED = "orders.reactions.printing.print_pick_list"
"""A reaction of an earlier version, so that its last delivery found nobody."""

TOLD_LONG_AGO = ("orders.reactions.mailing.", "orders.reactions.write_back.", "returns.reactions.mailing.")
"""Reactions that tell somebody outside: nobody hears today of what was told then."""

_BERLIN = {
    "name": "Frauke Lindner",
    "address1": "Weserstraße 41",
    "city": "Berlin",
    "zip": "12045",
    "country_code": "DE",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message as it came; `dismissed` is the note of whoever put it aside."""

    channel: str
    topic: str
    ago: timedelta
    body: bytes
    dismissed: str = ""


def list_trouble_acts(*, now: datetime) -> Iterator[Act]:
    for trouble in _list_troubles(now):
        yield Act(now - trouble.ago, partial(_receive, trouble))
    yield Act(now, _give_up)


def _receive(trouble: Trouble, at: datetime) -> None:
    channel = Channel.objects.get(code=trouble.channel)
    message = Message(body=trouble.body, topic=trouble.topic, source="webhook")
    format_ = FORMAT_OF_CONNECTOR[channel.connector]
    [outcome] = take_messages([message], channel=channel, format=format_, by=channel.actor, at=at)
    if outcome.status != "quarantined":
        raise RuntimeError(f"The demo's message to {trouble.channel} was {outcome.status}.")
    if trouble.dismissed:
        newest = QuarantinedMessage.objects.open().filter(channel=channel).latest("id")
        dismiss_messages(ids=[newest.pk], note=trouble.dismissed, by="staff:jonas", at=at + 2 * HOUR)


def close_the_past(*, now: datetime) -> None:
    """Whoever had to hear of it heard of it then: no mail goes out today about what ran low weeks ago."""
    long_ago = Delivery.objects.filter(state=Delivery.State.WAITING, event__at__lt=now - HOUR)
    told = Q(event__type__in=[StockRanLow.type, ProductCreated.type])
    for telling in TOLD_LONG_AGO:
        told |= Q(reaction__startswith=telling)
    long_ago.filter(told).update(state=Delivery.State.DONE, attempts=1, done_at=now)


def _give_up(at: datetime) -> None:
    """One event whose reaction failed until nobody tried any more."""
    event = EventRecord.objects.filter(type="order.released", at__lt=at - 30 * HOUR).latest("id")
    delivery = Delivery.objects.create(event=event, reaction=RETIRED, attempts=len(BACKOFF), run_after=event.at)
    error = UnknownReaction(f"{RETIRED} is not wired to {event.type}.")
    postpone_delivery(delivery, error=error, at=at - HOUR)


def _list_troubles(now: datetime) -> list[Trouble]:
    return [
        Trouble(
            "shopify-eu", "orders/create", 3 * HOUR, _shopify_order(now - 3 * HOUR, 7_001, "TEE-M-TRQ", "Linen tee")
        ),
        Trouble("shopify-eu", "orders/create", 31 * HOUR, _shopify_order(now - 31 * HOUR, 7_002, "MUG-YLW", "Mug")),
        Trouble("shopify-eu", "refunds/create", 50 * HOUR, _shopify_refund(now - 50 * HOUR)),
        Trouble(
            "shopify-eu",
            "orders/create",
            96 * HOUR,
            _shopify_order(now - 96 * HOUR, 7_003, "", "Workshop ticket"),
            dismissed="A workshop ticket, nothing to send. Booked in the calendar.",
        ),
        Trouble("woo-uk", "order.created", 26 * HOUR, _woo_order(now - 26 * HOUR, 19_871, "GB")[:-160]),
        Trouble("woo-uk", "order.created", 9 * HOUR, _woo_order(now - 9 * HOUR, 19_902, "XX")),
        Trouble("amazon-de", "orders", timedelta(minutes=47), _amazon_order(now - timedelta(minutes=47))),
    ]


def _write(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body, default=str)


def _shopify_order(at: datetime, number: int, sku: str, title: str) -> bytes:
    line = {"id": number * 10, "sku": sku, "title": title, "quantity": 1, "price": "19.90", "variant_id": number * 7}
    return _write(
        {
            "id": 6_300_000_000_000 + number,
            "name": f"#MF{number}",
            "email": "frauke.lindner@mail.example",
            "created_at": at,
            "updated_at": at,
            "currency": "EUR",
            "financial_status": "paid",
            "taxes_included": True,
            "total_tax": "3.96",
            "total_price": "24.80",
            "shipping_address": _BERLIN,
            "line_items": [line],
            "shipping_lines": [{"title": "standard", "price": "4.90"}],
        }
    )


def _shopify_refund(at: datetime) -> bytes:
    """Of an order that was placed before this installation knew the shop."""
    transaction = {"id": 88_102, "kind": "refund", "status": "success", "amount": "32.00", "currency": "EUR"}
    return _write(
        {
            "id": 41_877,
            "order_id": 6_090_000_001_234,
            "created_at": at,
            "note": "Arrived torn",
            "refund_line_items": [{"line_item_id": 70_512, "quantity": 1}],
            "transactions": [transaction],
        }
    )


def _woo_order(at: datetime, number: int, country: str) -> bytes:
    address = {"first_name": "Imogen", "last_name": "Ashworth", "address_1": "12 Cotham Hill", "city": "Bristol"}
    address |= {"postcode": "BS6 6LF", "country": country}
    return _write(
        {
            "id": number,
            "status": "processing",
            "currency": "GBP",
            "date_created_gmt": f"{at:%Y-%m-%dT%H:%M:%S}",
            "prices_include_tax": True,
            "total": "21.40",
            "billing": address | {"email": "imogen.ashworth@post.example"},
            "shipping": address,
            "line_items": [
                {
                    "id": 1,
                    "sku": "TNK-M-WHT",
                    "name": "Ribbed tank",
                    "quantity": 1,
                    "total": "14.08",
                    "total_tax": "2.82",
                }
            ],
            "shipping_lines": [{"method_title": "Tracked 48", "total": "3.75", "total_tax": "0.75"}],
        }
    )


def _amazon_order(at: datetime) -> bytes:
    """Its payment is still being authorized."""
    order = {"AmazonOrderId": "304-7719902-5530417", "OrderStatus": "Pending", "PurchaseDate": at, "LastUpdateDate": at}
    return _write({"Order": order, "OrderItems": [{"SellerSKU": "SOX-39-42-BLK", "QuantityOrdered": 2}]})
