"""Calling a worker, once what it is to do has been committed."""

from celery import current_app
from django.conf import settings
from django.db import transaction

ASK_GATEWAYS = "orders.tasks.ask_gateways"
"""By its name: tasks lie above actions. If the message is lost, the task comes by itself a few seconds later."""


def wake_gateways() -> None:
    """Have gateways asked as soon as the transaction is through."""
    if settings.CELERY_BROKER_URL:  # without one nobody would fetch the message, and it would stay in memory
        transaction.on_commit(_send, robust=True)


def _send() -> None:
    current_app.send_task(ASK_GATEWAYS, expires=60, retry=False)
