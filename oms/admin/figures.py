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
    """One card. `tone` "bad" or "warm" when somebody should look."""

    title: str
    value: str
    link: str
    note: str = ""
    tone: str = ""


def show_figure(figure: Figure) -> str:
    return render_to_string("oms/admin/figure.html", {"figure": figure})


def snapshot(name: str, count: Callable[[], Result], *, seconds: int = SNAPSHOT_SECONDS) -> Result:
    """The result of `count`, kept for a minute, or for so long."""
    return cache.get_or_set(f"dashboard:{name}", count, seconds)  # type: ignore[return-value]


def say_number(number: int) -> str:
    return f"{LIMIT:,}+" if number > LIMIT else f"{number:,}"
