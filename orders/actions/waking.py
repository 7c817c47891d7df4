"""Calling a worker, once what it is to do has been committed."""

from django.db import transaction

from oms.bell import bell

ASK_GATEWAYS = "orders.tasks.ask_gateways"
"""By its name: tasks lie above actions. If the message is lost, the task comes by itself a few seconds later."""
BUY_LABELS = "orders.tasks.buy_labels"
SEND_WRITE_BACKS = "orders.tasks.send_write_backs"


def wake_gateways() -> None:
    """Have gateways asked as soon as the transaction is through."""
    transaction.on_commit(_ring_for_gateways, robust=True)


def wake_carriers() -> None:
    """Have carriers asked as soon as the transaction is through."""
    transaction.on_commit(_ring_for_carriers, robust=True)


def wake_write_backs() -> None:
    """Have other systems told as soon as the transaction is through."""
    transaction.on_commit(_ring_for_write_backs, robust=True)


def _ring_for_gateways() -> None:
    bell.ring(ASK_GATEWAYS)


def _ring_for_carriers() -> None:
    bell.ring(BUY_LABELS)


def _ring_for_write_backs() -> None:
    bell.ring(SEND_WRITE_BACKS)
