"""Arranging return terms: every change is one transaction that ends with a new edition, and none undercuts the law."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from oms.errors import Invalid, NotFound
from oms.sql import fetch_all
from oms.transactions import transactional
from returns.actions.terms.checking import find_faults
from returns.errors import TermsBelowLaw
from returns.models import ReturnTerms, TermsEdition
from returns.policies.terms.floors import Undercut, find_undercuts
from returns.policies.terms.rows import read_terms
from returns.queries.terms import read_category_paths
from returns.queries.terms_rows import Document, describe_terms, digest_of, newest_edition, propose_row

Params = ParamSpec("Params")
Result = TypeVar("Result")

_ARRANGING = 7_306_105
"""The advisory lock of whoever arranges terms: one at a time, so that editions follow each other."""


def arranging(action: Callable[Params, Result]) -> Callable[Params, Result]:
    """An action on terms: alone in its transaction, proven against the law, and kept as a new edition by and at whom
    it was done, unless it changed nothing.

    Raises:
        TermsBelowLaw: somebody would get less than the law gives them, and did not before.
    """

    @transactional
    @wraps(action)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        fetch_all("SELECT pg_advisory_xact_lock(%s)", [_ARRANGING])
        at: datetime = kwargs["at"]  # type: ignore[assignment]
        before = list_undercuts(describe_terms(), at=at)
        result = action(*args, **kwargs)
        after = describe_terms()
        _refuse_less_than_law(before, list_undercuts(after, at=at))
        _keep_edition(after, by=str(kwargs["by"]), at=at)
        return result

    return run


@arranging
def save_terms(*, terms: ReturnTerms, by: str, at: datetime) -> ReturnTerms:
    """Keep the row, a new one or as it was changed.

    Raises:
        Invalid: it contradicts itself, or names what does not exist.
        TermsBelowLaw
    """
    if faults := find_faults(terms):
        raise Invalid(" ".join(fault.detail for fault in faults), errors=faults)
    terms.version = 1 if terms.pk is None else terms.version + 1
    terms.updated_at = at
    terms.save()
    return terms


@arranging
def switch_terms(*, terms_id: int, active: bool, by: str, at: datetime) -> ReturnTerms:
    """Switch a row on or off. Doing it twice is harmless.

    Raises:
        NotFound: it is gone.
        TermsBelowLaw
    """
    row = ReturnTerms.objects.filter(pk=terms_id).first()
    if row is None:
        raise NotFound("These terms are gone.")
    row.active, row.version, row.updated_at = active, row.version + 1, at
    row.save(update_fields=["active", "version", "updated_at"])
    return row


@arranging
def delete_terms(*, terms_id: int, by: str, at: datetime) -> None:
    """Take a row away; the editions that had it keep it. Doing it twice is harmless.

    Raises:
        TermsBelowLaw: it kept the law where a more general row does not.
    """
    ReturnTerms.objects.filter(pk=terms_id).delete()


def list_undercuts(document: Document, *, at: datetime) -> list[Undercut]:
    """Where these rows give less than the law of that day; a statement for the categories."""
    return find_undercuts(read_terms(document["terms"]), at, read_category_paths())


def find_new_undercuts(row: ReturnTerms, *, at: datetime) -> list[Undercut]:
    """What the law would refuse of the row if it were saved."""
    return _find_new(list_undercuts(describe_terms(), at=at), list_undercuts(propose_row(row), at=at))


def _refuse_less_than_law(before: list[Undercut], after: list[Undercut]) -> None:
    if new := _find_new(before, after):
        raise below_law(new)


def _find_new(before: list[Undercut], after: list[Undercut]) -> list[Undercut]:
    """What was there before a change is no reason to refuse it: a new law must not stop all work on terms."""
    known = {_key(undercut) for undercut in before}
    return [undercut for undercut in after if _key(undercut) not in known]


def below_law(undercuts: list[Undercut]) -> TermsBelowLaw:
    first = undercuts[0]
    return TermsBelowLaw(
        " ".join(undercut.sentence for undercut in undercuts),
        country=first.country,
        statute=first.statute.code,
        citation=first.citation,
        undercuts=[
            {"terms": each.terms.name, "country": each.country, "field": each.field, "citation": each.citation}
            for each in undercuts
        ],
    )


def _key(undercut: Undercut) -> tuple[int, str, str]:
    return undercut.terms.id, undercut.statute.code, undercut.field


def _keep_edition(document: Document, *, by: str, at: datetime) -> None:
    newest, digest = newest_edition(), digest_of(document)
    if newest is not None and newest.digest == digest:
        return
    begins = at if newest is None else max(at, newest.in_force_from + timedelta(microseconds=1))
    TermsEdition.objects.create(digest=digest, document=document, in_force_from=begins, by=by)
