"""Cards of the dashboard: one figure each, and the list behind it. Counted at most once a minute for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string

from oms.admin.counting import LIMIT

Result = TypeVar("Result")

SNAPSHOT_SECONDS = 60


@dataclass(frozen=True)
class Figure:
    """One card. `value`: "42 %", "402.87 EUR". `tone` "bad" or "warm" when somebody should look."""

    title: str
    value: str
    link: str
    note: str = ""
    tone: str = ""

    @property
    def number(self) -> str:
        return self.value.removesuffix(self.unit).rstrip()

    @property
    def unit(self) -> str:
        """A currency stands smaller than its amount."""
        last = self.value[-3:]
        return last if last.isalpha() and last.isupper() and any(map(str.isdigit, self.value)) else ""


def show_figure(figure: Figure) -> str:
    return render_to_string("oms/admin/figure.html", {"figure": figure})


def snapshot(name: str, count: Callable[[], Result], *, seconds: int = SNAPSHOT_SECONDS) -> Result:
    """The result of `count`, kept for a minute, or for so long."""
    return cache.get_or_set(f"dashboard:{name}", count, seconds)  # type: ignore[return-value]


def say_number(number: int) -> str:
    return f"{LIMIT:,}+" if number > LIMIT else f"{number:,}"
