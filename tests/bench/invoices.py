"""A shop's invoices in the layout of the UCI Online Retail data set, invented or read.

https://archive.ics.uci.edu/dataset/352/online+retail: one row a line. There an invoice has 9 lines in the median, 19 on
average and 1,114 at most; a few of its 4,000 SKUs are in very many of them.
"""

import csv
import gzip
import io
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
MEDIAN, SIGMA, MOST = 9, 1.25, 1_100  # lines an invoice, lognormal
SKEW = 1.6

Row = dict[str, str]


def invent_rows(count: int, skus: Sequence[str]) -> list[Row]:
    """So many invoices."""
    chance = random.Random(352)
    rows = []
    for invoice in range(count):
        at = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=7 * invoice)
        shared = {
            "InvoiceNo": str(536_365 + invoice),
            "InvoiceDate": at.strftime("%Y-%m-%d %H:%M:%S"),
            "CustomerID": str(12_346 + chance.randrange(4_000)),
            "Country": "United Kingdom",
        }
        for _ in range(min(MOST, max(1, round(chance.lognormvariate(math.log(MEDIAN), SIGMA))))):
            price = Decimal(chance.randint(29, 1_295)) / 100
            rows.append(shared | _draw_line(chance, skus, price))
    return rows


def _draw_line(chance: random.Random, skus: Sequence[str], price: Decimal) -> Row:
    sku = skus[int(len(skus) * chance.random() ** SKEW)]
    quantity = str(chance.choice((1, 1, 2, 3, 4, 6, 12, 24)))
    return {"StockCode": sku, "Description": f"LINEN TEE {sku}", "Quantity": quantity, "UnitPrice": str(price)}


def read_rows(path: Path) -> list[Row]:
    """The sales in a file, plain or gzip: no cancellations, nothing without a price."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8", errors="replace")
    rows = csv.DictReader(io.StringIO(text))
    return [row for row in rows if int(row["Quantity"]) > 0 and Decimal(row["UnitPrice"]) > 0]


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def group_rows(rows: Sequence[Row]) -> list[list[Row]]:
    """The lines of each invoice."""
    invoices: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        invoices[row["InvoiceNo"]].append(row)
    return list(invoices.values())
