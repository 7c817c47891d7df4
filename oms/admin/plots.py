"""Geometry of the small charts. Templates draw them as SVG; beside each stands the same data as a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 44, 24, 8
SERIES = 6
"""So many colours; what comes after shares the last one."""


@dataclass(frozen=True)
class Bar:
    """One piece of a stack, with what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    series: int
    said: str


@dataclass(frozen=True)
class Tick:
    """A line or a word along an axis."""

    at: float
    said: str


@dataclass(frozen=True)
class StackPlot:
    bars: list[Bar]
    rows: list[Tick]
    columns: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class CurvePlot:
    """A step curve: stock changes at moments and stays in between."""

    line: str
    area: str
    rows: list[Tick]
    columns: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Point:
    """A mean with its interval, and what it says when pointed at."""

    x: float
    y: float
    low: float
    high: float
    series: int
    said: str


@dataclass(frozen=True)
class MeanPlot:
    """Means side by side, each with a line from end to end of its interval."""

    points: list[Point]
    rows: list[Tick]
    columns: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


Mean = tuple[float, float, float]
"""With the ends of its interval; a mean of one has none, and is both."""


def plot_means(columns: Sequence[str], series: Sequence[tuple[str, Sequence[Mean | None]]]) -> MeanPlot:
    """The series stand beside each other in a column; what reaches below zero is cut off there."""
    top = nice_ceiling(max((mean[2] for _, means in series for mean in means if mean), default=0))
    step = (WIDTH - LEFT) / max(1, len(columns))
    points = []
    for place, column in enumerate(columns):
        for number, (name, means) in enumerate(series):
            if mean := means[place]:
                x = LEFT + (place + (number + 1) / (len(series) + 1)) * step
                middle, low, high = (_y(max(figure, 0.0), top) for figure in mean)
                said = f"{column}, {name}: {mean[0]:,.2f} ({mean[1]:,.2f} to {mean[2]:,.2f})"
                points.append(Point(_short(x), middle, low, high, number + 1, said))
    return MeanPlot(points, _rows(top), _column_words(columns, step))


def plot_stacks(columns: Sequence[str], series: Sequence[tuple[str, Sequence[Number]]]) -> StackPlot:
    """Stacked bars: `columns` along the bottom, each series a name and one figure a column."""
    totals = [sum(float(figures[place]) for _, figures in series) for place in range(len(columns))]
    top = nice_ceiling(max(totals, default=0))
    step = (WIDTH - LEFT) / max(1, len(columns))
    bars = []
    for place, column in enumerate(columns):
        below = 0.0
        for number, (name, figures) in enumerate(series):
            if figures[place]:
                low, high = _y(below, top), _y(below + float(figures[place]), top)
                said = f"{column}, {name}: {figures[place]:,}"
                x = LEFT + place * step + step * 0.14
                bars.append(
                    Bar(_short(x), high, _short(step * 0.72), _short(low - high), min(number + 1, SERIES), said)
                )
                below += float(figures[place])
    return StackPlot(bars, _rows(top), _column_words(columns, step))


def plot_curve(figures: Sequence[Number], labels: Sequence[tuple[float, str]]) -> CurvePlot:
    """A step curve of figures at equal distances; `labels` are (share of the width, word)."""
    top = nice_ceiling(float(max(figures, default=0)))
    step = (WIDTH - LEFT) / max(1, len(figures))
    points: list[str] = []
    for place, figure in enumerate(figures):
        y = _y(float(figure), top)
        points += [f"{_short(LEFT + place * step)},{y}", f"{_short(LEFT + (place + 1) * step)},{y}"]
    floor = HEIGHT - BOTTOM
    area = " ".join([f"{LEFT},{floor}", *points, f"{WIDTH},{floor}"])
    words = [Tick(_short(LEFT + share * (WIDTH - LEFT)), word) for share, word in labels]
    return CurvePlot(" ".join(points), area, _rows(top), words)


def nice_ceiling(figure: float) -> float:
    """The next figure above whose quarters are round and whole: 4, 8, 12, 40, 60, 100, 200 …"""
    if figure <= 4:
        return 4
    power = 10.0 ** math.floor(math.log10(figure / 4))
    tops = [4 * power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if (power * step).is_integer()]
    return next(top for top in tops if top >= figure)


def _column_words(columns: Sequence[str], step: float) -> list[Tick]:
    """Eight at most, so that they do not touch."""
    every = max(1, math.ceil(len(columns) / 8))
    return [Tick(_short(LEFT + (p + 0.5) * step), columns[p]) for p in range(0, len(columns), every)]


def _rows(top: float) -> list[Tick]:
    return [Tick(_y(top * part / 4, top), f"{top * part / 4:,.10g}") for part in range(5)]


def _y(figure: float, top: float) -> float:
    floor = HEIGHT - BOTTOM
    return _short(floor - figure / top * (floor - TOP))


def _short(number: float) -> float:
    return round(number, 2)
