"""The report: docs/benchmarks.md, with a picture beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.figures import Figure, Findings, Table
from tests.bench.plot import draw_shares

PICTURE = "benchmarks.svg"
INTRODUCTION = """\
# Benchmarks

Written by `make bench`; run it again on your machine, for the ratios are worth more than the figures.

The floor is the same PostgreSQL, in the same run, written to by bare SQL: prepared statements, one round trip a
transaction, COPY for batches, the product's own tables and constraints, and none of the product's work (no key, no
validation, no idempotency, no customer, no JSON). The product is asked through HTTP, by a load generator in a program
of its own, of servers started as `make up` starts them. Floor and product take turns; a ratio is a round of the product
over the round of the floor just before it. Shown are medians, with the lowest and the highest round.
"""
VERDICTS = {"aim": "aim reached", "least": "enough", "missed": "**missed**", "": ""}


def write_report(folder: Path, machine: Mapping[str, str], findings: Findings, *, minutes: float) -> None:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    figures = [finding for finding in findings if isinstance(finding, Figure)]
    (folder / "images" / PICTURE).write_text(draw_shares([figure for figure in figures if figure.target]))
    (folder / "benchmarks.md").write_text(show_report(machine, findings, minutes=minutes))


def show_report(machine: Mapping[str, str], findings: Findings, *, minutes: float) -> str:
    figures = [finding for finding in findings if isinstance(finding, Figure)]
    tables = [finding for finding in findings if isinstance(finding, Table)]
    parts = [
        INTRODUCTION,
        f"![Each figure as a share of its aim](images/{PICTURE})\n",
        "## What was to be reached\n",
        _grid(
            ["work", "measured", "floor", "ratio", "lowest – highest", "at least", "aim", ""],
            [_judged_row(figure) for figure in figures if figure.target],
        ),
        "For costs (milliseconds, MiB, statements) read: at most.\n",
        "## All rounds\n",
        _grid(
            ["work", "measured", "floor", "ratio or value", "lowest – highest", "note"],
            [_full_row(figure) for figure in figures],
        ),
        *[_show_table(table) for table in tables],
        "## The machine\n",
        _grid(["", ""], [*machine.items(), ("the whole run", f"{minutes:.0f} minutes")]),
    ]
    return "\n".join(parts)


def _judged_row(figure: Figure) -> list[str]:
    assert figure.target
    lowest, highest = figure.spread
    sign = "× " if figure.floor else ""
    return [
        figure.name,
        _amount(figure.measured, figure.unit),
        _amount(figure.floor_measured, figure.unit) if figure.floor_measured else "",
        f"{figure.value:.2f}" if figure.floor else "",
        f"{_plain(lowest)} – {_plain(highest)}" if len(figure.rounds) > 1 else "",
        sign + _plain(figure.target.least),
        sign + _plain(figure.target.aim),
        VERDICTS[figure.verdict],
    ]


def _full_row(figure: Figure) -> list[str]:
    lowest, highest = figure.spread
    return [
        figure.name,
        _amount(figure.measured, figure.unit),
        _amount(figure.floor_measured, figure.unit) if figure.floor_measured else "",
        f"{figure.value:.2f}" if figure.floor else _plain(figure.value),
        f"{_plain(lowest)} – {_plain(highest)}",
        figure.note,
    ]


def _show_table(table: Table) -> str:
    note = f"\n{table.note}\n" if table.note else ""
    return f"## {table.title}\n{note}\n{_grid(table.heads, table.rows)}"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _amount(value: float, unit: str) -> str:
    return f"{_plain(value)} {unit}".strip()


def _plain(value: float) -> str:
    """Three digits that matter, thousands apart."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
