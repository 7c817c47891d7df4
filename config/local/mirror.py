"""The terminal stays calm: of the parts' logs it shows warnings and errors, a few at a time."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from config.local.parts import Part

LINES_AT_A_TIME = 5
PAUSE = 10.0  # seconds between two handfuls of lines from one part
LONGEST_LINE = 220
LARGEST_LOG = 20 * 2**20  # bytes, then it becomes .log.1


class Mirror:
    """Follows one log file from where it ends now."""

    def __init__(self, part: Part, log: Path, say: Callable[[str], None]) -> None:
        self.part = part
        self.log = log
        self.say = say
        self._at = log.stat().st_size if log.exists() else 0
        self._in_traceback = False
        self._shown = 0
        self._since = 0.0

    def look(self) -> None:
        for line in self._new_lines():
            if self._is_loud(line):
                self._show(line)
        if self._at > LARGEST_LOG:
            self._turn_over()

    def _new_lines(self) -> list[str]:
        if not self.log.exists():
            return []
        with self.log.open("rb") as file:
            file.seek(self._at)
            fresh = file.read(2**20)
        whole, newline, _ = fresh.rpartition(b"\n")
        self._at += len(whole) + len(newline)
        return whole.decode(errors="replace").splitlines()

    def _is_loud(self, line: str) -> bool:
        """Of a traceback only its last line: that one names the error, and it is the first not indented."""
        if line.startswith("Traceback "):
            self._in_traceback = True
            return False
        if self._in_traceback:
            self._in_traceback = not line.strip() or line.startswith((" ", "\t"))
            return not self._in_traceback
        hushed = self.part.hushed is not None and self.part.hushed.search(line)
        return bool(self.part.loud.search(line)) and not hushed

    def _show(self, line: str) -> None:
        now = time.monotonic()
        if now - self._since > PAUSE:
            self._since, self._shown = now, 0
        self._shown += 1
        if self._shown <= LINES_AT_A_TIME:
            self.say(f"{self.part.name:>8} | {line.strip()[:LONGEST_LINE]}")
        elif self._shown == LINES_AT_A_TIME + 1:
            self.say(f"{self.part.name:>8} | … more in {self.log}")

    def _turn_over(self) -> None:
        """The part keeps the file open for appending, so the file is copied and emptied, not renamed."""
        shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
        with self.log.open("r+b") as file:
            file.truncate(0)
        self._at = 0


def last_words(log: Path, *, lines: int = 12) -> str:
    """The end of a log, for a part that would not start."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8_000))
        text = re.sub(r"\n{2,}", "\n", file.read().decode(errors="replace"))
    return "\n".join(text.splitlines()[-lines:])
