"""How often the product goes to the database for one order and for five hundred, heard on the wire."""

import re

from tests.bench.figures import Figure, Findings, Table, Target
from tests.bench.ground import Ground
from tests.bench.wiretap import Wiretap

SHOWN = 110  # letters of a statement


def measure(ground: Ground) -> Findings:
    buyers = ground.buyers()
    findings: list[Figure | Table] = []
    with Wiretap(ground.database("statements"), ground.folder / "tap") as tap, ground.serve(tap.url, workers=1) as site:
        for name, requests, most, aim in (
            ("one order", buyers.orders(20), 12, 8),
            ("a batch of 500", buyers.batches(4), 20, 12),
        ):
            site.send(requests[1:], connections=1, seconds=60)
            tap.statements.clear()
            site.send(requests[:1], connections=1, seconds=60)
            findings += _figures(name, list(tap.statements), Target(most, aim, "lower"))
    return findings


def _figures(name: str, heard: list[str], target: Target) -> list[Figure | Table]:
    control = [statement for statement in heard if statement.upper() in ("BEGIN", "COMMIT")]
    rest = [statement for statement in heard if statement not in control]
    return [
        Figure(
            name=f"statements for {name}", unit="", rounds=[len(rest)], target=target, note="beside BEGIN and COMMIT"
        ),
        Figure(
            name=f"commits for {name}",
            unit="",
            rounds=[sum(statement.upper() == "COMMIT" for statement in heard)],
            target=Target(1, 1, "lower"),
        ),
        Table(
            f"What travels for {name}",
            ["", "statement"],
            [[str(place), f"`{shorten(statement)}`"] for place, statement in enumerate(heard, 1)],
        ),
    ]


def shorten(statement: str) -> str:
    """One line that tells statements apart: its beginning, and the tables it names."""
    line = re.sub(r"\s+", " ", statement).strip()
    tables = dict.fromkeys(re.findall(r"\b(?:INTO|UPDATE|FROM|JOIN) \"?((?:oms|orders|inventory|returns)_\w+)", line))
    if len(line) <= SHOWN or not tables:
        return line[:SHOWN].replace("|", "¦")
    return f"{line.split(' ')[0]} … {', '.join(tables)}"[: SHOWN * 2]
