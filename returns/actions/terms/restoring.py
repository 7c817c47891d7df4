"""Letting terms stand again as they stood in an edition."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from inventory.models import Category
from oms.errors import Invalid, NotFound
from oms.models import Channel
from returns.actions.terms.arranging import arranging
from returns.models import ReturnTerms, TermsEdition


@arranging
def restore_edition(*, edition_id: int, by: str, at: datetime) -> None:
    """The rows of the edition stand again, under their ids; those that came later are switched off. That is a new
    edition: orders that were bought in the meantime keep theirs.

    Raises:
        NotFound: there is no such edition.
        Invalid: a category or channel that it names is gone.
        TermsBelowLaw: the law has changed since, or what shields a row is gone.
    """
    edition = TermsEdition.objects.filter(pk=edition_id).first()
    if edition is None:
        raise NotFound("There is no such edition.")
    rows: Sequence[Mapping[str, Any]] = edition.document["terms"]
    ids, names = [row["id"] for row in rows], [row["name"] for row in rows]
    categories = _find_all(Category, {row["category"] for row in rows})
    channels = _find_all(Channel, {row["channel"] for row in rows})
    versions = dict(ReturnTerms.objects.filter(pk__in=ids).values_list("id", "version"))

    (ReturnTerms.objects.filter(pk__in=ids) | ReturnTerms.objects.filter(name__in=names)).delete()
    ReturnTerms.objects.filter(active=True).update(active=False, updated_at=at)
    ReturnTerms.objects.bulk_create(
        ReturnTerms(
            **_without_codes(row),
            category_id=categories.get(row["category"]),
            channel_id=channels.get(row["channel"]),
            version=versions.get(row["id"], 0) + 1,
            updated_at=at,
        )
        for row in rows
    )


def _find_all(model: Any, codes: set[str]) -> dict[str, int]:
    named = codes - {""}
    found = dict(model.objects.filter(code__in=named).values_list("code", "id"))
    if lost := sorted(named - found.keys()):
        raise Invalid(f"This edition names what is gone: {', '.join(lost)}.")
    return found


def _without_codes(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("category", "channel")}
