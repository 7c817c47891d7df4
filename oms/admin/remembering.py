"""A list opens as its reader left it: the last filters, per person and session."""

from collections.abc import Sequence

from django.http import HttpRequest

_PASSING = frozenset({"q", "e", "_popup", "_to_field"})
"""What belongs to one visit only: a search, an error, a choice in a popup."""


def recall_filters(request: HttpRequest, page: str) -> str:
    """The query string to open a bare address with, "" for none."""
    if request.method != "GET" or request.GET:
        return ""
    return request.session.get(f"filters {page}", "")


def tidy_filters(request: HttpRequest, *, forget: Sequence[str] = ()) -> str | None:
    """What a filter form meant: without its empty fields, and without `forget`. None when there is nothing to tidy."""
    empty = [name for name, value in request.GET.items() if not value]
    if request.method != "GET" or not empty:
        return None
    return _without(request, [*empty, *forget]) or "view=all"


def remember_filters(request: HttpRequest, page: str, *, forget: Sequence[str] = ()) -> None:
    """Keep what the reader filters by; the view of everything, and no filter, clears it."""
    if request.method != "GET" or not request.GET or _PASSING & request.GET.keys():
        return
    wanted = _without(request, forget)
    remembered = "" if wanted == "view=all" else wanted
    if remembered != request.session.get(f"filters {page}", ""):
        request.session[f"filters {page}"] = remembered


def _without(request: HttpRequest, names: Sequence[str]) -> str:
    wanted = request.GET.copy()
    for name in names:
        wanted.pop(name, None)
    return wanted.urlencode()
