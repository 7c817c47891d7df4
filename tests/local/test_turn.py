import subprocess
import sys
from pathlib import Path

import pytest

from config.local.places import Places
from config.local.trouble import Trouble
from config.local.turn import stop_running, take_turn

HOLDER = """
import sys, time
from pathlib import Path
from config.local.places import Places
from config.local.turn import take_turn
with take_turn(Places(Path(sys.argv[1])), doing="http://127.0.0.1:8000"):
    print("mine", flush=True)
    time.sleep(60)
"""


def hold(root: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, root], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    holder.stdout.close()
    return holder


def test_a_second_launcher_in_the_same_folder_is_told_where_the_first_is(places: Places) -> None:
    first = hold(places.root)

    with pytest.raises(Trouble, match=rf"Already running here: http://127.0.0.1:8000 \(process {first.pid}\)"):
        take_turn(places, doing="second").__enter__()

    assert stop_running(places)
    assert first.wait() != 0


def test_the_turn_of_a_killed_launcher_is_free_again(places: Places) -> None:
    first = hold(places.root)
    first.kill()
    first.wait()

    with take_turn(places, doing="second"):
        assert "second" in places.lock.read_text()


def test_stopping_where_nothing_runs_says_so(places: Places) -> None:
    assert stop_running(places) is False
