"""Calling a worker, once what it is to do has been committed."""

from django.db import transaction

from oms.bell import bell

ASK_GATEWAYS = "orders.tasks.ask_gateways"
"""By its name: tasks lie above actions. If the message is lost, the task comes by itself a few seconds later."""
BUY_LABELS = "orders.tasks.buy_labels"


def wake_gateways() -> None:
    """Have gateways asked as soon as the transaction is through."""
    transaction.on_commit(_ring, robust=True)


def wake_carriers() -> None:
    """Have carriers asked as soon as the transaction is through."""
    transaction.on_commit(_ring_carriers, robust=True)


def _ring() -> None:
    bell.ring(ASK_GATEWAYS)


def _ring_carriers() -> None:
    bell.ring(BUY_LABELS)
