"""Where the time goes: of one order, of a batch and of a list, within one web process that nobody else troubles."""

import json

from tests.bench.databases import run_program
from tests.bench.figures import Findings, Table
from tests.bench.ground import Ground
from tests.bench.load import write_requests
from tests.bench.statements import shorten

SHOWN = 16  # places; the rest is one line


def measure(ground: Ground) -> Findings:
    buyers, url = ground.buyers(), ground.database("profile")
    few = max(2, ground.budget.rounds)
    return [
        finding
        for name, requests in (
            ("`POST /orders`", buyers.orders(400 * few)),
            ("`POST /orders/batch` of 500", buyers.batches(4 * few)),
            ("`GET /orders?status=`", [buyers.get("/api/v1/orders?status=HELD")] * 80 * few),
        )
        for finding in _profile(ground, url, name, requests)
    ]


def _profile(ground: Ground, url: str, name: str, requests: list[bytes]) -> list[Table]:
    path = ground.folder / "profile"
    write_requests(path, requests)
    told = json.loads(run_program(["-m", "tests.bench.sampling", str(path)], url).splitlines()[-1])
    whole = told["milliseconds"]
    places = [*told["places"].items()]
    rest = sum(share for _, share in places[SHOWN:])
    shown = [*places[:SHOWN], ("all the rest", rest)] if rest else places
    statements = told["statements"]
    return [
        Table(
            f"Where the time of {name} goes",
            ["where", "share", "ms"],
            [[_code(place), f"{share:.0%}", f"{share * whole:.2f}"] for place, share in shown],
            note=f"One request takes {whole:.2f} ms, of it {told['cpu']:.2f} ms CPU of Python. "
            "Counted is the innermost function of the product, with all that it calls.",
        ),
        Table(
            f"What {name} waits for",
            ["statement", "ms waited", "ms CPU of PostgreSQL"],
            [_statement_row(f"`{shorten(text)}`", waited, worked) for text, waited, worked in statements]
            + [_statement_row("all", sum(row[1] for row in statements), sum(row[2] for row in statements))],
            note="A statement's time holds its planning; the checks of foreign keys are made at COMMIT.",
        ),
    ]


def _code(place: str) -> str:
    return f"`{place.replace(' ', '` ', 1)}" if ".py " in place else place


def _statement_row(text: str, waited: float, worked: float) -> list[str]:
    return [text, f"{waited:.2f}", f"{worked:.2f}"]
