"""What must be true when the dust has settled, whatever died: each question is asked of the database itself."""

import time
from collections.abc import Mapping

from tests.chaos.people import Buyers, Ear, Warehouse
from tests.chaos.shop import Shop

SETTLES_WITHIN = 240.0
"""Seconds: longer than what a killed worker had on lease."""

_TOLD = "('order.placed', 'order.routed', 'fulfillment.shipped')"
"""What the partner has subscribed to."""
_OPEN_WORK = {
    "deliveries": "SELECT count(*) FROM oms_delivery WHERE state NOT IN ('DONE', 'DEAD')",
    "labels": "SELECT count(*) FROM orders_label WHERE state IN ('WANTED', 'VOIDING')",
    "unrouted": "SELECT count(*) FROM orders_order WHERE status = 'RELEASED' AND routed_at IS NULL",
    "unshipped": "SELECT count(*) FROM orders_fulfillment WHERE status IN ('OPEN', 'IN_PROGRESS')",
    "untold events": f"SELECT count(*) FROM oms_eventrecord e WHERE type IN {_TOLD}"
    " AND NOT EXISTS (SELECT FROM oms_webhookdelivery d WHERE d.event_id = e.id)",
    "webhooks": "SELECT count(*) FROM oms_webhookdelivery WHERE state = 'WAITING'",
}


def settle(shop: Shop, warehouse: Warehouse) -> Mapping[str, int]:
    """Let everything be worked off that waits; what is still open when patience ends."""
    deadline = time.monotonic() + SETTLES_WITHIN
    while True:
        warehouse.work_once()
        left = {name: shop.ask(question)[0][0] for name, question in _OPEN_WORK.items()}
        if not any(left.values()) or time.monotonic() > deadline:
            return {name: count for name, count in left.items() if count}
        time.sleep(0.5)


def find_faults(shop: Shop, buyers: list[Buyers], ear: Ear) -> list[str]:
    """Everything that is not as it should be; [] when nothing was lost and nothing done twice."""
    faults = [*_lost_orders(shop, buyers), *_odd_labels(shop), *_lost_messages(shop, ear), *_odd_stock(shop)]
    (dead,) = shop.ask("SELECT count(*) FROM oms_delivery WHERE state = 'DEAD'")[0]
    if dead:
        faults.append(f"{dead} deliveries were given up.")
    return faults


def _lost_orders(shop: Shop, buyers: list[Buyers]) -> list[str]:
    """Every order that the API has accepted is there once; the database would not let it be there twice."""
    accepted = {name: number for each in buyers for name, number in each.accepted.items()}
    there = dict(shop.ask("SELECT external_id, number FROM orders_order"))
    faults = [f"Order {name} was accepted and is not there." for name in accepted.keys() - there.keys()]
    faults += [
        f"Order {name} was answered as {number} and is {there[name]}."
        for name, number in accepted.items()
        if there.get(name, number) != number
    ]
    return faults


def _odd_labels(shop: Shop) -> list[str]:
    twice = shop.ask(
        "SELECT fulfillment_id, count(*) FROM orders_label WHERE state IN ('BOUGHT', 'WANTED')"
        " GROUP BY 1 HAVING count(*) > 1"
    )
    same = shop.ask(
        "SELECT tracking_number FROM orders_label WHERE tracking_number <> '' GROUP BY 1 HAVING count(*) > 1"
    )
    none = shop.ask(
        "SELECT f.number FROM orders_fulfillment f WHERE f.status = 'CLOSED'"
        " AND NOT EXISTS (SELECT FROM orders_label l WHERE l.fulfillment_id = f.id AND l.state = 'BOUGHT')"
    )
    return [
        *(f"Fulfillment {key} has {count} labels." for key, count in twice),
        *(f"Tracking number {number} was given twice." for (number,) in same),
        *(f"Fulfillment {number} left without a label." for (number,) in none),
    ]


def _lost_messages(shop: Shop, ear: Ear) -> list[str]:
    """Each event that the partner subscribed to was heard at least once, always under the same id."""
    sent = {message for (message,) in shop.ask("SELECT message_id FROM oms_webhookdelivery")}
    (told,) = shop.ask(f"SELECT count(*) FROM oms_eventrecord WHERE type IN {_TOLD}")[0]
    faults = [f"Webhook {message} was never heard." for message in sorted(sent - ear.heard.keys())[:5]]
    if told != len(sent):
        faults.append(f"{told} events should be told, {len(sent)} messages were made.")
    if ear.changed:
        faults.append(f"{len(ear.changed)} messages were of another event the second time.")
    return faults


def _odd_stock(shop: Shop) -> list[str]:
    said = shop.manage("verify_stock")
    faults = [] if "Every balance is the sum of its ledger." in said else [f"Stock: {said.strip()[:300]}"]
    (promised, open_units) = shop.ask(
        "SELECT (SELECT coalesce(sum(promised), 0) FROM inventory_availability),"
        " (SELECT coalesce(sum(l.quantity - l.cancelled_quantity - l.fulfilled_quantity), 0)"
        "  FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE o.status IN ('HELD', 'RELEASED'))"
    )[0]
    if promised != open_units:
        faults.append(f"{promised} units are promised, {open_units} are still to be sent.")
    return faults
