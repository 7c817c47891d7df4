import os
import signal
import socket

import pytest
from celery import Celery

from config.local.parts import valkey_part
from config.local.places import Places
from config.local.supervisor import Supervisor
from config.local.valkey import Valkey, find_valkey
from tests.local.trials import comes_back


@pytest.fixture
def valkey(places: Places, supervisor: Supervisor) -> Valkey:
    broker = Valkey(find_valkey(), places.valkey, places.valkey_socket)
    supervisor.start(valkey_part(broker))
    supervisor.wait_for("valkey", patience=30)
    return broker


def ask(valkey: Valkey, command: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(valkey.socket))
        line.sendall(command.encode() + b"\r\n")
        return line.recv(4096).strip()


def test_a_killed_broker_comes_back_with_its_queue(valkey: Valkey, supervisor: Supervisor) -> None:
    for number in range(50):
        ask(valkey, f"RPUSH queue task-{number}")
    pid = supervisor.parts["valkey"].child.pid

    os.kill(pid, signal.SIGKILL)

    assert comes_back(supervisor, "valkey", old_pid=pid)
    assert ask(valkey, "LLEN queue") == b":50"


def test_celery_reaches_the_broker_by_its_url(valkey: Valkey) -> None:
    with Celery(broker=valkey.url).connection() as connection:
        connection.ensure_connection(max_retries=1)
        assert connection.connected


def test_nobody_else_on_the_machine_may_use_the_socket(valkey: Valkey) -> None:
    assert valkey.socket.stat().st_mode & 0o077 == 0
