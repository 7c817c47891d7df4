"""Proves that no terms give less than the law does, for every country that they can govern."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from returns.choices import Resolution
from returns.policies.terms.choosing import Paths, count_scope, covers
from returns.policies.terms.rows import Terms
from returns.policies.terms.statutes import SENDING, Statute, find_statute, read_statutes


@dataclass(frozen=True, slots=True)
class Undercut:
    """Where terms give less than the law: in what, and by which text. `field` is the row's own."""

    terms: Terms
    country: str
    statute: Statute
    field: str
    citation: str
    sentence: str


def find_undercut(terms: Terms, country: str, at: datetime | date) -> Undercut | None:
    """The first thing in which these terms give a customer there less than the law of that day."""
    statute = find_statute(country, at)
    return next(_find_all(terms, country, statute), None) if statute else None


def find_undercuts(rows: Sequence[Terms], at: datetime | date, paths: Paths) -> list[Undercut]:
    """All that any of the rows takes from anybody it can govern, once for each row, law and field.

    A row for everywhere does not govern a country where another row, for the same goods or more, is always the more
    specific one: that one is held to the law there.
    """
    by_country: dict[str, list[Terms]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    found: dict[tuple[int, str, str, str], Undercut] = {}
    for row in rows:
        for country in [row.country] if row.country else _COUNTRIES:
            statute = find_statute(country, at)
            less = list(_find_all(row, country, statute)) if statute else []
            if not less or (not row.country and _is_shielded(row, by_country[country], paths)):
                continue
            for undercut in less:
                found.setdefault((row.id, row.name, undercut.statute.code, undercut.field), undercut)
    return list(found.values())


_COUNTRIES = sorted({country for statute in read_statutes() for country in statute.countries})


def _is_shielded(row: Terms, theirs: Sequence[Terms], paths: Paths) -> bool:
    """True when one of the country's own rows is chosen before this one, whatever the goods."""
    return any(
        covers(replace(each, country=""), row, paths) and _rank(each, paths) > _rank(row, paths) for each in theirs
    )


def _rank(row: Terms, paths: Paths) -> tuple[int, ...]:
    return (*count_scope(row), len(paths.get(row.category, ())))


def _find_all(terms: Terms, country: str, statute: Statute) -> Iterator[Undercut]:
    if terms.final_sale is not None:
        if terms.final_sale not in statute.exemptions:
            words = f"knows no final sale of {terms.final_sale.value.lower()} goods"
            yield _undercut(terms, country, statute, "final_sale", words)
        return
    if terms.days < statute.days:
        yield _undercut(terms, country, statute, "days", f"gives {statute.days} days, these terms {terms.days}")
    if Resolution.REFUND not in terms.resolutions:
        yield _undercut(terms, country, statute, "resolutions", "gives the money back: a refund must be among them")
    if not SENDING & set(terms.methods):
        yield _undercut(
            terms, country, statute, "methods", "lets customers send goods back: no way to do so is offered"
        )
    if statute.no_fees and terms.restocking_percent > 0:
        yield _undercut(terms, country, statute, "restocking_percent", "knows no fee for restocking")
    if statute.bears == "MERCHANT" and (terms.bears != "MERCHANT" or terms.label_fee > 0):
        field = "label_fee" if terms.bears == "MERCHANT" else "bears"
        yield _undercut(terms, country, statute, field, "has the merchant bear what sending back costs")
    if statute.first_shipping and terms.shipping_refund == "NEVER":
        words = "gives back what the first shipping cost, too, when everything comes back"
        yield _undercut(terms, country, statute, "shipping_refund", words)


_ABOUT = {
    "resolutions": "refund",
    "restocking_percent": "fees",
    "label_fee": "fees",
    "bears": "fees",
    "shipping_refund": "first_shipping",
}


def _undercut(terms: Terms, country: str, statute: Statute, field: str, words: str) -> Undercut:
    citation = statute.cite(_ABOUT.get(field, field))
    sentence = f"“{terms.name}” in {country}: the law {words} ({citation})."
    return Undercut(terms, country, statute, field, citation, sentence)
