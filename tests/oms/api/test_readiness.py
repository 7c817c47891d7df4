"""Alive, and able to work."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.local.valkey import Valkey, find_valkey
from oms.models import Delivery, EventRecord


def ready() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    return answer.status_code, {check["name"]: check["status"] for check in answer.json()["checks"]}


def waiting_delivery(age: timedelta) -> None:
    event = EventRecord.objects.create(type="t", subject_kind="k", subject="s", sequence=1, by="s", at=timezone.now())
    Delivery.objects.create(event=event, reaction="r", run_after=timezone.now() - age)


def test_alive_asks_nothing_of_anybody():
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().get("/api/v1/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_when_database_migrations_and_deliveries_are_well(settings):
    settings.CELERY_BROKER_URL = ""
    waiting_delivery(timedelta(minutes=9))
    assert ready() == (200, {"database": "ok", "migrations": "ok", "deliveries": "ok", "log": "ok"})


@pytest.mark.django_db
def test_not_ready_while_an_event_waits_too_long_for_its_delivery(settings):
    settings.CELERY_BROKER_URL = ""
    waiting_delivery(timedelta(minutes=11))
    assert ready() == (503, {"database": "ok", "migrations": "ok", "deliveries": "failed", "log": "ok"})


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(settings):
    settings.CELERY_BROKER_URL = ""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'oms'"
            " AND name = (SELECT max(name) FROM django_migrations WHERE app = 'oms')"
        )
    assert ready() == (503, {"database": "ok", "migrations": "failed", "deliveries": "ok", "log": "ok"})


@pytest.fixture
def running_broker(tmp_path) -> Iterator[str]:
    valkey = Valkey(find_valkey(), tmp_path, Path(tempfile.mkdtemp()) / "s", durable=False)
    server = subprocess.Popen(valkey.command(), stdout=subprocess.DEVNULL)
    try:
        while not valkey.answers():
            time.sleep(0.02)
        yield valkey.url
    finally:
        server.kill()
        server.wait()


@pytest.mark.django_db
def test_ready_when_the_broker_answers_too(settings, running_broker):
    settings.CELERY_BROKER_URL = running_broker
    assert ready() == (200, {"database": "ok", "migrations": "ok", "deliveries": "ok", "log": "ok", "broker": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_takes_calls_but_never_answers_holds_nobody_up(settings, scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"{scheme}://user:hunter2@127.0.0.1:{silent.getsockname()[1]}//"
        began = time.monotonic()
        status, checks = ready()
        took = time.monotonic() - began
        text = Client().get("/readyz").content.decode()
    assert (status, checks["broker"]) == (503, "failed")
    assert took < 5
    assert "hunter2" not in text


@pytest.mark.django_db
def test_a_broker_that_is_not_there_is_found_missing(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert ready()[1]["broker"] == "failed"


def test_without_a_database_the_answer_says_so(settings, django_db_blocker):
    settings.CELERY_BROKER_URL = ""
    connection.close()
    with django_db_blocker.unblock():
        host, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
        try:
            answer = Client().get("/readyz")
        finally:
            connection.settings_dict["HOST"] = host
    assert answer.status_code == 503
    assert answer.json()["checks"] == [{"name": "database", "status": "failed", "detail": "OperationalError"}]
