"""Files of orders, and the command that takes them in."""

import gzip
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.core.management import CommandError, call_command

from tests.make.orders import channel, order_body
from tests.make.stock import warehouse

COLUMNS = """
[columns]
external_id = "No"
placed_at = "Date"
sku = "Code"
title = "Name"
quantity = "Units"
unit_price = "Price"
country = "Land"

[constants]
currency = "EUR"
tax_included = true
payment_status = "PAID"
"""
HEADER = "No,Date,Code,Name,Units,Price,Land"


def row(number: str = "A1", sku: str = "TEE-M-BLK", units: int | str = 1, *, name: str = "Linen tee") -> str:
    return f"{number},2025-11-21 09:30:00,{sku},{name},{units},19.90,DE"


def write_csv(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="")
    return path


def write_columns(folder: Path, text: str = COLUMNS) -> Path:
    path = folder / "columns.toml"
    path.write_text(text)
    return path


def own_orders(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [order_body(**({"channel": "file"} | fields)) for _ in range(count)]


def write_lines(path: Path, documents: Iterable[Any]) -> Path:
    """JSON Lines; packed if the name says so."""
    text = b"".join(each if isinstance(each, bytes) else orjson.dumps(each) + b"\n" for each in documents)
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


@dataclass(frozen=True)
class Told:
    """What the command said and reported."""

    out: str
    err: str
    failure: CommandError | None
    report: dict[str, Any]

    @property
    def statuses(self) -> dict[str, int]:
        """Only those that are not zero."""
        names = ("placed", "known", "updated", "cancelled", "not_an_order", "quarantined")
        return {name: self.report[name] for name in names if self.report[name]}


def import_orders(*paths: Path | str, format: str = "jsonl", code: str = "file", **options: Any) -> Told:
    """Run the command on the paths for a channel that is there."""
    channel(code, already_sold=True, connector="FILE")
    warehouse()
    out, err, failure = io.StringIO(), io.StringIO(), None
    written = Path(str(paths[0])).absolute().with_suffix(".report")
    named = {"channel": code, "format": format, "report": str(written), "stdout": out, "stderr": err} | options
    try:
        call_command("import_orders", *map(str, paths), **named)
    except CommandError as error:
        failure = error
    report = json.loads(written.read_text()) if written.exists() else {}
    written.unlink(missing_ok=True)
    return Told(out.getvalue(), err.getvalue(), failure, report)


def import_csv(
    folder: Path, rows: Sequence[str], *, map_text: str = COLUMNS, header: str = HEADER, **options: Any
) -> Told:
    path = write_csv(folder / "orders.csv", *rows, header=header)
    return import_orders(path, format="csv", columns=str(write_columns(folder, map_text)), **options)
