import os
import signal
from pathlib import Path

import pytest

from config.local.parts import Part
from config.local.supervisor import Supervisor
from config.local.trouble import Trouble
from tests.local.trials import DIES, IGNORES_SIGTERM, SIGNS_OFF, comes_back, trial_part


def started(supervisor: Supervisor, *parts: Part) -> list[int]:
    for part in parts:
        supervisor.start(part)
    supervisor.wait_for(*(part.name for part in parts), patience=15)
    return [supervisor.parts[part.name].child.pid for part in parts]


def test_a_killed_part_is_started_again_and_both_are_said(supervisor: Supervisor, said: list[str]) -> None:
    [pid] = started(supervisor, trial_part())

    os.kill(pid, signal.SIGKILL)

    assert comes_back(supervisor, "trial", old_pid=pid)
    assert said == ["trial was killed (signal 9); starting it again", "trial is back"]


def test_parts_are_stopped_one_after_the_other_from_the_door_to_the_store(supervisor: Supervisor, folder: Path) -> None:
    order = folder / "order"
    names = ["postgres", "web", "beat", "valkey", "worker"]
    started(supervisor, *(trial_part(name, SIGNS_OFF.format(book=order, name=name)) for name in names))

    supervisor.stop()

    assert order.read_text().split() == ["web", "beat", "worker", "valkey", "postgres"]


def test_a_part_that_will_not_stop_is_stopped_by_force_after_its_grace(supervisor: Supervisor) -> None:
    started(supervisor, trial_part(script=IGNORES_SIGTERM, grace=0.3))
    child = supervisor.parts["trial"].child

    supervisor.stop()

    assert child.outcome == -signal.SIGKILL


def test_a_part_that_cannot_start_is_given_up_with_its_last_words(supervisor: Supervisor) -> None:
    supervisor.start(trial_part(script=DIES))

    with pytest.raises(Trouble, match=r"trial did not start: it ended with code 1(?s:.*)no such table"):
        supervisor.wait_for("trial", patience=20)


def test_a_second_ctrl_c_waits_for_nobody(supervisor: Supervisor) -> None:
    started(supervisor, trial_part(script=IGNORES_SIGTERM, grace=60))
    child = supervisor.parts["trial"].child
    supervisor.wish.count = 2

    supervisor.stop()

    assert child.outcome == -signal.SIGKILL
