"""Keeping the parts alive: start in order, watch, start again what died, stop in the opposite order."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.local.child import Child, die_with_parent
from config.local.mirror import Mirror, last_words
from config.local.parts import Part
from config.local.places import CHECKOUT, Places
from config.local.stopping import StopWish, wait_until
from config.local.trouble import StopAsked, Trouble

FIRST_WAIT = 0.3  # seconds before a dead part is started again, doubled each time
LONGEST_WAIT = 20.0
LIVED_LONG = 60.0  # seconds after which a death is a new story
STOP_ORDER = ["web", "beat", "worker", "valkey", "postgres"]


@dataclass
class Watched:
    child: Child
    mirror: Mirror
    has_answered: bool = False
    was_up_before: bool = False
    deaths: int = 0
    start_again_at: float | None = None


class Supervisor:
    def __init__(self, places: Places, wish: StopWish, say: Callable[[str], None]) -> None:
        self.places = places
        self.wish = wish
        self.say = say
        self.parts: dict[str, Watched] = {}

    def start(self, part: Part) -> None:
        child = Child(part, self.places)
        self.parts[part.name] = Watched(child, Mirror(part, child.log, self.say))
        child.start()

    def wait_for(self, *names: str, patience: float) -> None:
        """Until these parts answer. Deaths on the way are repaired, as far as patience and the part allow."""
        deadline = time.monotonic() + patience
        while missing := [name for name in names if not self.parts[name].has_answered]:
            hopeless = [
                name for name in missing if self.parts[name].deaths >= self.parts[name].child.part.deaths_allowed
            ]
            if hopeless or time.monotonic() > deadline:
                raise Trouble(self._why_not((hopeless or missing)[0]))
            self.look()
            self.wish.pause()

    def watch(self) -> None:
        """For ever, until somebody asks to stop."""
        while True:
            self.look()
            self.wish.pause(0.25)

    def look(self) -> None:
        for watched in self.parts.values():
            watched.mirror.look()
            if watched.start_again_at is not None:
                if time.monotonic() >= watched.start_again_at:
                    watched.start_again_at = None
                    watched.child.start()
            elif not watched.child.lives:
                self._bury(watched)
            elif not watched.has_answered and watched.child.answers():
                self._welcome(watched)

    def run_once(self, name: str, command: list[str], environment: Mapping[str, str]) -> int:
        """A command that ends by itself, its words in its own log; the parts are watched meanwhile."""
        with (self.places.logs / f"{name}.log").open("wb") as log:
            running = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
            )
        try:
            while running.poll() is None:
                self.look()
                self.wish.pause(0.05)
        except StopAsked:
            running.terminate()
            try:
                running.wait(5)
            except subprocess.TimeoutExpired:
                running.kill()
            raise
        return running.returncode

    def stop(self) -> None:
        """One after the other: first who takes work in, last who keeps it."""
        for name in sorted(self.parts, key=_stop_rank):
            watched = self.parts[name]
            self._stop_child(watched.child)
            watched.mirror.look()
        self.parts.clear()

    def _stop_child(self, child: Child) -> None:
        child.ask_to_stop()
        wait_until(lambda: not child.lives or self.wish.is_urgent, seconds=child.part.grace)
        if child.lives:
            child.force()
            wait_until(lambda: not child.lives, seconds=2)
        child.sweep()

    def _bury(self, watched: Watched) -> None:
        child = watched.child
        outcome = _in_words(child.outcome)
        child.sweep()
        lived_long = time.monotonic() - child.started_at > LIVED_LONG
        watched.deaths = 1 if lived_long else watched.deaths + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (watched.deaths - 1))
        watched.start_again_at = time.monotonic() + wait
        if watched.has_answered:
            self.say(f"{child.part.name} {outcome}; starting it again")
        elif watched.was_up_before and watched.deaths in (3, 6):
            self.say(f"{child.part.name} does not come back ({outcome}); still trying. See {child.log}")
        watched.has_answered = False

    def _welcome(self, watched: Watched) -> None:
        watched.has_answered = True
        if watched.was_up_before:
            self.say(f"{watched.child.part.name} is back")
        watched.was_up_before = True

    def _why_not(self, name: str) -> str:
        child = self.parts[name].child
        state = "runs but does not answer" if child.lives else f"did not start: it {_in_words(child.outcome)}"
        return f"{name} {state}. The end of {child.log}:\n\n{last_words(child.log)}"


def _stop_rank(name: str) -> int:
    return STOP_ORDER.index(name) if name in STOP_ORDER else -1


def _in_words(outcome: int | None) -> str:
    if outcome is None:
        return "is gone"
    if outcome < 0:
        return f"was killed (signal {-outcome})"
    return f"ended with code {outcome}"
