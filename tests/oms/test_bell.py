"""Calling workers: many calls in a moment are one message."""

import logging
import time

import pytest

from config.celery import app
from oms.bell import PAUSE, Bell, call_worker

LOOK, ASK = "oms.tasks.deliver_due", "orders.tasks.ask_gateways"
PATIENCE = 10.0  # seconds


@pytest.fixture
def sent(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    return []


def wait_for(sent, least):
    """What was sent, once it is so much and nobody has called for a while."""
    deadline = time.monotonic() + PATIENCE
    while len(sent) < least and time.monotonic() < deadline:
        time.sleep(PAUSE)
    time.sleep(3 * PAUSE)
    return sent


def test_many_calls_in_a_moment_are_a_few_messages(sent):
    bell, began = Bell(sent.append), time.monotonic()
    for _ in range(1_000):
        bell.ring(LOOK)
    rounds = (time.monotonic() - began) / PAUSE
    assert 1 <= len(wait_for(sent, 1)) <= 2 + rounds
    assert set(sent) == {LOOK}


def test_each_task_is_called(sent):
    bell = Bell(sent.append)
    bell.ring(LOOK), bell.ring(ASK)
    assert {LOOK, ASK} == set(wait_for(sent, 2))


def test_who_calls_after_a_pause_is_heard_again(sent):
    bell = Bell(sent.append)
    bell.ring(LOOK)
    assert wait_for(sent, 1) == [LOOK]
    bell.ring(LOOK)
    assert wait_for(sent, 2) == [LOOK, LOOK]


def test_without_a_broker_nobody_is_called(settings, sent):
    settings.CELERY_BROKER_URL = ""
    Bell(sent.append).ring(LOOK)
    assert wait_for(sent, 0) == []


def test_a_broker_that_is_away_is_told_of_and_harms_nobody(monkeypatch, caplog):
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    with caplog.at_level(logging.WARNING, logger="oms.bell"):
        call_worker(LOOK)
    assert LOOK in caplog.text
