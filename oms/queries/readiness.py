"""Able to work? Each check says yes or no in a few words that give nothing away; none may hang."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection

from oms.models import Delivery
from oms.queries.event_log import log_is_foreign

log = logging.getLogger(__name__)

OLDEST_DELIVERY = timedelta(minutes=10)
BROKER_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work before requests may come."""

    name: str
    works: bool
    detail: str = ""


def check_readiness(*, at: datetime) -> list[Check]:
    """All checks; without a database the ones that ask it are not made."""
    database = _attempt("database", _ask_database)
    checks = [database]
    if database.works:
        checks.append(_attempt("migrations", _find_missing_migrations))
        checks.append(_attempt("deliveries", lambda: _age_of_oldest_delivery(at)))
        checks.append(_attempt("log", _find_foreign_log))
    if settings.CELERY_BROKER_URL:
        checks.append(_attempt("broker", _ask_broker))
    return checks


def _attempt(name: str, ask: Callable[[], str]) -> Check:
    """`ask` returns what is wrong, or nothing."""
    try:
        wrong = ask()
    except Exception as error:  # not working is an answer
        log.warning("Not ready: %s", name, exc_info=error)
        wrong = type(error).__name__
    return Check(name, not wrong, wrong)


def _ask_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _find_missing_migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else ""


def _age_of_oldest_delivery(at: datetime) -> str:
    """Deliveries that wait for their backoff are not late: their moment is still to come."""
    oldest = Delivery.objects.filter(state=Delivery.State.WAITING).order_by("run_after", "id").first()
    age = at - oldest.run_after if oldest else timedelta()
    return f"oldest waits for {int(age.total_seconds())} s" if age > OLDEST_DELIVERY else ""


def _find_foreign_log() -> str:
    """A database that was restored into another cluster has events of the future in it."""
    return "run manage.py settle_log" if log_is_foreign() else ""


def _ask_broker() -> str:
    """One attempt, by the transport itself, which does not try again: PING for Redis, the handshake for AMQP."""
    timeouts = {"socket_timeout": BROKER_TIMEOUT, "socket_connect_timeout": BROKER_TIMEOUT}
    broker = Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_TIMEOUT, transport_options=timeouts)
    broker.transport.close_connection(broker.transport.establish_connection())
    return ""
