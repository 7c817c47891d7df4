import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from config.local.births import birth_of, left_behind
from config.local.child import Child, pid_file, stop_orphans
from config.local.places import Places
from tests.local.trials import WAITS, soon, trial_part

LAUNCHER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from config.local.child import Child
    from config.local.places import Places
    from tests.local.trials import trial_part
    child = Child(trial_part(), Places(Path(sys.argv[1])))
    child.start()
    print(child.pid, flush=True)
    time.sleep(60)
""")


@pytest.fixture
def orphan(places: Places) -> Child:
    child = Child(trial_part(), places)
    child.start()
    assert soon(child.answers)
    return child


def test_an_orphan_of_an_earlier_launcher_is_stopped(places: Places, orphan: Child) -> None:
    assert stop_orphans(places, ["trial"]) == ["trial"]

    assert not orphan.lives
    assert not pid_file(places, "trial").exists()


def test_a_number_that_was_given_to_another_program_is_not_believed(places: Places, orphan: Child) -> None:
    known = json.loads(pid_file(places, "trial").read_text())
    pid_file(places, "trial").write_text(json.dumps(known | {"birth": "another boot/1"}))

    assert stop_orphans(places, ["trial"]) == []

    assert orphan.lives
    orphan.sweep()


def test_pid_files_in_a_copied_folder_do_not_stop_the_original(places: Places, orphan: Child) -> None:
    copy = Places(places.root.with_name("copy"))
    copy.create()
    pid_file(copy, "trial").write_text(pid_file(places, "trial").read_text())

    assert stop_orphans(copy, ["trial"]) == []

    assert orphan.lives
    orphan.sweep()


@pytest.mark.parametrize("rubbish", ["", "4711", "{}", '{"pid": "x", "birth": 1}', "[1]"])
def test_a_damaged_pid_file_is_no_reason_to_fail(places: Places, rubbish: str) -> None:
    pid_file(places, "trial").write_text(rubbish)

    assert stop_orphans(places, ["trial"]) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_children_do_not_outlive_a_killed_launcher(places: Places, bare_environment: dict[str, str]) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, places.root], stdout=subprocess.PIPE, text=True, env=bare_environment
    )
    assert launcher.stdout is not None
    child = int(launcher.stdout.readline())

    launcher.kill()
    launcher.wait()

    assert soon(lambda: birth_of(child) is None)
    launcher.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc knows sessions")
def test_what_a_dead_leader_left_in_its_session_is_found() -> None:
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAITS!r}], stdout=2); input()"
    leader = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, start_new_session=True)
    birth = birth_of(leader.pid) or ""
    assert soon(lambda: len(left_behind(leader.pid, birth)) == 2)

    leader.kill()
    leader.wait()

    [stray] = left_behind(leader.pid, birth)
    os.kill(stray, signal.SIGKILL)
    assert soon(lambda: left_behind(leader.pid, birth) == [])
    if leader.stdin:
        leader.stdin.close()
