"""Sending a round of requests to the product, from a program of its own, and what came of it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.databases import CHECKOUT
from tests.bench.load import Assignment, write_requests
from tests.bench.usage import Family, Watch


class WrongAnswers(RuntimeError):
    """The product answered something that the bench did not ask for; the figure would mean nothing."""


@dataclass(frozen=True)
class Answers:
    """A round. `own_cpu`: the share of one core that the generator used; `web_cpu`, `database_cpu`: CPU seconds."""

    count: int
    seconds: float
    own_cpu: float
    web_cpu: float
    database_cpu: float
    statuses: dict[int, int]
    milliseconds: list[float]
    last_answer: str

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def percentile(self, share: float) -> float:
        return self.milliseconds[min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))]


@dataclass(frozen=True)
class Site:
    """A running web server of the product, and the database server behind it if its programs can be seen."""

    port: int
    folder: Path
    log: Path
    web: Family
    database: Family | None
    disturbances: list[float]  # of each round: the share of the machine that other programs used

    def send(
        self,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        expected: Sequence[int] = (200, 201),
        repeat: bool = False,
    ) -> Answers:
        """The requests in turn until time or requests are up. Other answers than `expected` are an error."""
        path = self.folder / "requests"
        write_requests(path, list(requests))
        assignment = Assignment(self.port, connections, seconds, str(path), repeat)
        before, watch = self._cpu(), Watch()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            cwd=CHECKOUT,
            input=json.dumps(asdict(assignment)) + "\n",
            capture_output=True,
            text=True,
            timeout=seconds + 120,
            check=False,
        )
        after = self._cpu()
        if done.returncode != 0:
            raise WrongAnswers(f"The load generator failed:\n{done.stderr.strip()[-2000:]}")
        told = json.loads(done.stdout)
        if any(int(status) not in expected for status in told["statuses"]):
            raise WrongAnswers(f"{told['statuses']}; the first:\n{told['first_trouble']}\n{self._last_words()}")
        used = (after[0] - before[0], after[1] - before[1])
        self.disturbances.append(watch.others(sum(used)))
        return _read(told, used=used)

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3_000:]

    def _cpu(self) -> tuple[float, float]:
        return self.web.cpu(), self.database.cpu() if self.database else 0.0


def _read(told: dict, *, used: tuple[float, float]) -> Answers:
    statuses = {int(status): count for status, count in told["statuses"].items()}
    return Answers(
        count=sum(statuses.values()),
        seconds=told["seconds"],
        own_cpu=told["cpu_seconds"] / told["seconds"],
        web_cpu=used[0],
        database_cpu=used[1],
        statuses=statuses,
        milliseconds=told["milliseconds"],
        last_answer=told["last_answer"],
    )
