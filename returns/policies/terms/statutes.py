"""What the law gives a consumer who changes their mind about something bought at a distance: `statutes.toml`.

Dated, and each with its citation. Where a country is not in it, nothing is claimed of its law.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from returns.choices import Condition, FinalSale, Method, Resolution
from returns.policies.terms.rows import Terms


@dataclass(frozen=True, slots=True)
class Exemption:
    """Goods of which the law lets nobody withdraw; `unsealed`: only once their seal was broken."""

    citation: str
    unsealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """One law, for contracts made in [begins, ends). `days` from delivery.

    bears: who may be made to bear what sending back costs. first_shipping: what the customer paid for the first
    shipping comes back, too. no_fees: nothing else may be charged. from_last_good: of goods that were ordered together
    the last to come begins the period of all. claim_years: so long after delivery the seller answers for goods that are
    damaged or not as sold, None where nothing is claimed of it. `sources`: the citation by what it says.
    """

    code: str
    name: str
    countries: frozenset[str]
    days: int
    begins: date
    ends: date | None = None
    bears: Literal["CUSTOMER", "MERCHANT"] = "CUSTOMER"
    no_fees: bool = True
    first_shipping: bool = False
    from_last_good: bool = False
    withdrawal_function_from: date | None = None
    claim_years: int | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    exemptions: Mapping[FinalSale, Exemption] = field(default_factory=dict)

    def holds(self, at: date) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)

    def cite(self, about: str) -> str:
        """Where it says so; else where it gives the right itself."""
        return self.sources.get(about, self.sources["days"])

    def exempts(self, terms: Terms) -> bool:
        """True when the reason for which the terms take nothing back is one that the law accepts, sealed or not."""
        exemption = self.exemptions.get(terms.final_sale) if terms.final_sale else None
        return exemption is not None and not exemption.unsealed

    def asks_for_seal(self, terms: Terms) -> bool:
        exemption = self.exemptions.get(terms.final_sale) if terms.final_sale else None
        return exemption is not None and exemption.unsealed


def find_statute(country: str, at: datetime | date) -> Statute | None:
    """The law for a contract made then by a customer there; None where none is known."""
    day = at.date() if isinstance(at, datetime) else at
    return next((each for each in _by_country().get(country, ()) if each.holds(day)), None)


def list_statutes(at: date) -> list[Statute]:
    """All that hold on that day."""
    return [each for each in read_statutes() if each.holds(at)]


@cache
def read_statutes() -> tuple[Statute, ...]:
    rows = tomllib.loads(Path(__file__).with_name("statutes.toml").read_text(encoding="utf-8"))["statutes"]
    return tuple(map(_read_statute, rows))


def raise_to_law(terms: Terms, statute: Statute) -> Terms:
    """What the customer has while the law's period runs: the merchant's terms, and no less than the law."""
    ways = terms.methods if SENDING & set(terms.methods) else (*terms.methods, Method.OWN_CARRIER)
    refund = () if Resolution.REFUND in terms.resolutions else (Resolution.REFUND,)
    sealed = (Condition.SEAL_UNBROKEN,) if statute.asks_for_seal(terms) else ()
    raised = replace(
        terms,
        days=max(terms.days, statute.days),
        final_sale=None,
        conditions=tuple(dict.fromkeys((*terms.conditions, *sealed))),
        resolutions=(*refund, *terms.resolutions),
        methods=ways,
    )
    if statute.no_fees:
        raised = replace(raised, restocking_percent=raised.restocking_percent * 0)
    if statute.bears == "MERCHANT":
        raised = replace(raised, bears="MERCHANT", label_fee=raised.label_fee * 0)
    if statute.first_shipping and terms.shipping_refund == "NEVER":
        raised = replace(raised, shipping_refund="WHOLE_ORDER")
    return raised


def terms_of_law(statute: Statute) -> Terms:
    """What holds where the merchant has no terms that fit."""
    return Terms(
        id=0,
        name=statute.name,
        days=statute.days,
        resolutions=(Resolution.REFUND,),
        methods=(Method.OWN_CARRIER,),
        bears=statute.bears,
    )


SENDING = {Method.PREPAID_LABEL, Method.QR_DROP_OFF, Method.OWN_CARRIER}
"""Ways to send goods back from wherever one is."""


@cache
def _by_country() -> Mapping[str, tuple[Statute, ...]]:
    countries = {country for each in read_statutes() for country in each.countries}
    return {country: tuple(each for each in read_statutes() if country in each.countries) for country in countries}


def _read_statute(row: Mapping[str, Any]) -> Statute:
    plain = {name: value for name, value in row.items() if name not in ("countries", "exemptions", "from", "until")}
    exemptions = {FinalSale(reason): Exemption(**given) for reason, given in row.get("exemptions", {}).items()}
    return Statute(
        **plain,
        countries=frozenset(row["countries"]),
        begins=row["from"],
        ends=row.get("until"),
        exemptions=exemptions,
    )
