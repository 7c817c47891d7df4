"""Pages of the portal: shown in the reader's zone, never cached, and plain about what went wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from oms.api.throttling import Meter, address_of
from oms.errors import Invalid, Refused
from oms.portal.zones import zone_of

Sayings = Mapping[str, Callable[[Mapping[str, Any]], str]]
"""A refusal's code to its sentence, made of its facts and the `codes` of its errors, in the active language."""

SUBMISSIONS = 60
"""Forms a minute that one address may send to one process. Nobody types as fast; a script does."""

_submissions = Meter()

_of_higher_apps: dict[str, Callable[[Mapping[str, Any]], str]] = {}


def connect_sayings(sayings: Sayings) -> None:
    """What higher apps' refusals say on the pages of lower ones, which cannot know them."""
    _of_higher_apps.clear()
    _of_higher_apps.update(sayings)


def show_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, country: str = "", status: int = 200
) -> HttpResponse:
    """What it shows is personal, so no cache keeps it. `country`: where the order goes, for its clock."""
    with timezone.override(zone_of(request, country=country)):
        response = render(request, template, {**context, "now": timezone.now()}, status=status)
    add_never_cache_headers(response)
    return response


def show_refusal(
    request: HttpRequest, refusal: Refused, sayings: Sayings, *, back: str, country: str = ""
) -> HttpResponse:
    """A page that says what was refused and the way back. Its status is the refusal's own."""
    context = {"sentence": say_refusal(refusal, sayings), "code": refusal.code, "back": back}
    return show_page(request, "oms/portal/refused.html", context, country=country, status=refusal.status)


def say_refusal(refusal: Refused, sayings: Sayings) -> str:
    """The refusal in the reader's language. One that has no words here yet is still said as a refusal, not hidden."""
    if say := sayings.get(refusal.code) or _of_higher_apps.get(refusal.code):
        codes = [error.code for error in refusal.errors] if isinstance(refusal, Invalid) else []
        return say({**refusal.facts, "codes": codes})
    return gettext("This cannot be done with your order now. Nothing has changed.")


def is_too_fast(request: HttpRequest) -> bool:
    """Count one form more from this address; True when there were too many."""
    return not _submissions.count(address_of(request), per_minute=SUBMISSIONS).allowed


def show_too_fast(request: HttpRequest) -> HttpResponse:
    response = show_page(request, "oms/portal/too_fast.html", {}, status=429)
    response["Retry-After"] = "60"
    return response


def read_text(typed: QueryDict, name: str, *, most: int, default: str = "") -> str:
    """One line of what was typed, `most` characters at most. What nobody can type (NUL, marks that turn text) is left
    out: it would break the database, or the eye."""
    line = " ".join(typed.get(name, default).split())
    return "".join(sign for sign in line if sign.isprintable())[:most].strip()


def is_htmx(request: HttpRequest) -> bool:
    """True when a part of the page was asked for; a page that is fetched anew after the back button is whole."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"
