"""`import_orders` of a shop's invoices, against COPY of the same lines."""

import json
import statistics
from decimal import Decimal
from pathlib import Path

from tests.bench.databases import CHECKOUT, run_program
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.copying import Line, copy_invoices
from tests.bench.ground import ORDINARY, Ground
from tests.bench.invoices import Row, group_rows, invent_rows, read_rows, write_rows

MAP = CHECKOUT / "docs" / "examples" / "uci_online_retail.toml"
MOST_ROUNDS = 3
TAKEN = 0.95  # of the rows; charges alone are no order, whoever counts


def measure(ground: Ground) -> Findings:
    rows = read_rows(ground.uci) if ground.uci else invent_rows(ground.budget.invoices, ORDINARY)
    path, floor = ground.folder / "invoices.csv", ground.database("import_floor")
    write_rows(path, rows)
    invoices = [_floor_lines(ground, invoice) for invoice in group_rows(rows)]
    floors, rates = [], []
    for place in range(min(MOST_ROUNDS, ground.budget.rounds)):
        floors.append(
            ground.crew.rate(
                copy_invoices, clients=1, url=floor, seconds=0, invoices=invoices, channel=ground.channels["file"]
            )
        )
        rates.append(_import(ground, path, place, rows=len(rows)))
    return [
        Figure(
            name="`import_orders` of UCI Online Retail" if ground.uci else "`import_orders` in the layout of UCI",
            unit="lines/s",
            rounds=rates,
            floor=floors,
            target=Target(0.25, 0.5),
            note=f"{len(rows):,} lines of {len(invoices):,} invoices, {_median(invoices):.0f} in the median, "
            f"{max(map(len, invoices)):,} at most",
        )
    ]


def _import(ground: Ground, path: Path, place: int, *, rows: int) -> float:
    """Lines a second by the command's own report: from its first look at the file to its last commit."""
    report = ground.folder / "report.json"
    words = ["manage.py", "import_orders", str(path), "--channel", "file", "--format", "csv", "--columns", str(MAP)]
    run_program([*words, "--report", str(report)], ground.database(f"import{place}"))
    told = json.loads(report.read_text())
    assert told["lines"] >= TAKEN * rows, f"Of {rows} lines {told['lines']} were taken: {told['quarantined_by_reason']}"
    return told["lines"] / told["seconds"]


def _floor_lines(ground: Ground, invoice: list[Row]) -> list[Line]:
    return [
        (ground.stock[row["StockCode"]], row["StockCode"], int(row["Quantity"]), Decimal(row["UnitPrice"]))
        for row in invoice
    ]


def _median(invoices: list[list[Line]]) -> float:
    return statistics.median(len(invoice) for invoice in invoices)
