import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.local.births import birth_of
from config.local.places import CHECKOUT

SHOW = "import os; print(os.environ['OMS_DATA'], os.environ['DATABASE_URL'], flush=True)"


def launcher(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "config.local", *words]
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_run_lends_a_database_hands_back_the_exit_code_and_leaves_nothing(bare_environment: dict[str, str]) -> None:
    query = "import psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute('SHOW fsync').fetchone()[0])"
    running = launcher(bare_environment, "run", "--", sys.executable, "-c", f"{SHOW}; {query}; raise SystemExit(7)")
    out, _ = running.communicate(timeout=60)

    root, fsync = Path(out.split()[0]), out.split()[-1]
    assert (running.returncode, fsync) == (7, "off")
    assert not root.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_leaves_nothing_when_it_is_stopped(bare_environment: dict[str, str], number: signal.Signals) -> None:
    script = f"{SHOW}; import time, signal; signal.signal(15, lambda *_: exit(5)); time.sleep(60)"
    running = launcher(bare_environment, "run", "--", sys.executable, "-c", script)
    assert running.stdout is not None
    root = Path(running.stdout.readline().split()[0])
    postgres = int((root / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    running.send_signal(number)
    if number == signal.SIGINT:  # the first one the command gets from the terminal itself, here there is none
        time.sleep(0.5)  # two equal signals at the same moment arrive as one
        running.send_signal(number)
    running.communicate(timeout=30)

    assert running.returncode == 5
    assert not root.exists()
    assert birth_of(postgres) is None


def test_a_database_that_was_brought_along_is_used_and_none_is_started(bare_environment: dict[str, str]) -> None:
    theirs = bare_environment | {"DATABASE_URL": "postgres://them@db.example.com/theirs"}
    out, err = launcher(theirs, "run", "--", sys.executable, "-c", SHOW).communicate(timeout=30)

    assert out.split()[1] == "postgres://them@db.example.com/theirs"
    assert "PostgreSQL" not in err


def test_reset_refuses_a_folder_without_our_marker(bare_environment: dict[str, str], folder: Path) -> None:
    (folder / "thesis.txt").write_text("years of work")
    refused = launcher(bare_environment | {"OMS_DATA": str(folder), "YES": "1"}, "reset")
    _, err = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert "not ours to remove" in err
    assert (folder / "thesis.txt").exists()


def test_reset_refuses_a_folder_that_contains_the_checkout(bare_environment: dict[str, str], folder: Path) -> None:
    (folder / ".oms-data").touch()
    home = bare_environment | {"HOME": str(folder / "home"), "OMS_DATA": str(folder), "YES": "1"}
    refused = launcher(home, "reset")
    _, err = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert "will not be removed" in err
    assert folder.exists()


def test_a_taken_port_is_named_together_with_a_free_one(bare_environment: dict[str, str], folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        here = bare_environment | {"OMS_DATA": str(folder / "data"), "PORT": str(port)}
        refused = launcher(here, "up")
        _, err = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert re.search(rf"Port {port} is taken.* make up PORT=\d+", err)
