"""Whether somebody may be mailed about more goods: what the law asks for where they live, `consent.toml`.

Dated, and each with its citation. Where a country is not in it, or not known, consent is asked for.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

Because = Literal["consent", "similar_goods", "opt_out", "no_consent", "no_postal_address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One law, for mails sent in [begins, ends). `sources`: the citation by what it says. `checked`: when that was
    compared with what is published about it; `doubts`: what a person who knows the law there should still be asked.
    """

    code: str
    name: str
    countries: frozenset[str]
    rule: Literal["OPT_IN", "OPT_OUT"]
    begins: date
    checked: date
    ends: date | None = None
    doubts: str = ""
    similar: bool = False
    mark: str = ""
    postal: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What the shop does. `similar_goods`: its checkout lets buyers object; `postal_address`: its mails bear one."""

    similar_goods: bool = False
    postal_address: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """`mark`: what the subject has to begin with. `citation`: where the law says so, "" where none is known."""

    allowed: bool
    because: Because
    mark: str = ""
    citation: str = ""


def judge_consent(country: str, *, consented: bool, practice: Practice, day: date) -> Ruling:
    """May a buyer there be mailed on that day?"""
    law = find_law(country, day)
    if law is None:
        return Ruling(consented, "consent" if consented else "no_consent")
    if law.postal and not practice.postal_address:
        return Ruling(False, "no_postal_address", citation=law.sources.get("postal", ""))
    if consented:
        return Ruling(True, "consent", law.mark, law.sources["rule"])
    if law.rule == "OPT_OUT":
        return Ruling(True, "opt_out", law.mark, law.sources["rule"])
    if law.similar and practice.similar_goods:
        return Ruling(True, "similar_goods", law.mark, law.sources.get("similar", law.sources["rule"]))
    return Ruling(False, "no_consent", citation=law.sources["rule"])


def find_law(country: str, day: date) -> Law | None:
    return next((law for law in read_laws() if country in law.countries and law.holds(day)), None)


@cache
def read_laws() -> tuple[Law, ...]:
    rows = tomllib.loads(Path(__file__).with_name("consent.toml").read_text(encoding="utf-8"))["laws"]
    return tuple(map(_read_law, rows))


def _read_law(row: Mapping[str, Any]) -> Law:
    dates = {"begins": row["from"], "ends": row.get("until")}
    rest = {name: each for name, each in row.items() if name not in ("from", "until", "countries")}
    return Law(**rest, **dates, countries=frozenset(row["countries"]))
