"""The public page of return terms: what a buyer would get, country by country, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from oms.countries import COUNTRIES
from orders.wording.addresses import list_countries
from returns.policies.terms.statutes import Statute
from returns.queries.terms_offer import Offered, offer_everything
from returns.wording.terms import join_and, list_terms, say_law

KEPT_FOR = 300
"""Seconds for which a browser need not ask again."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of goods: what they are, the days in large, the rest in sentences."""

    title: str
    days: str
    sentences: list[str]
    final: bool


@require_safe
def show_terms(request: HttpRequest, country: str = "") -> HttpResponse:
    if asked := request.GET.get("country", ""):
        if asked not in COUNTRIES:
            raise Http404
        return HttpResponseRedirect(reverse("return_terms_of", args=[asked]))
    if country and country not in COUNTRIES:
        raise Http404
    countries = list_countries()
    context: dict[str, Any] = {"countries": countries, "country": country}
    if country:
        offer = offer_everything(country=country, channel="", at=timezone.now())
        context |= {
            "country_name": dict(countries)[country],
            **_show(offer.offered),
            "law": _say_law(offer.statute),
        }
    response = render(request, "returns/portal/terms.html", context)
    patch_cache_control(response, private=True, max_age=KEPT_FOR)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _show(offered: Sequence[Offered]) -> dict[str, Any]:
    """The kinds of goods; what is true of all that come back is said once, for all of them."""
    sections = [_section(each, alone=len(offered) == 1) for each in offered]
    said = [section.sentences for section in sections if not section.final]
    shared = [each for each in said[0] if all(each in other for other in said)] if len(said) > 1 else []
    told = [replace(each, sentences=[s for s in each.sentences if s not in shared]) for each in sections]
    return {"sections": told, "shared": shared}


def _section(offered: Offered, *, alone: bool) -> Section:
    final = offered.terms.final_sale is not None
    days = "" if final else gettext("%(days)s days") % {"days": offered.terms.days}
    return Section(_title(offered, alone=alone), days, list_terms(offered), final)


def _title(offered: Offered, *, alone: bool) -> str:
    if offered.categories:
        return join_and(list(offered.categories))
    if offered.tag:
        return gettext("Marked “%(tag)s”") % {"tag": offered.tag}
    if offered.tier:
        return gettext("For “%(tier)s” customers") % {"tier": offered.tier}
    return gettext("Everything we sell") if alone else gettext("Everything else")


def _say_law(statute: Statute | None) -> dict[str, str] | None:
    return {"sentence": say_law(statute), "citation": statute.cite("days")} if statute else None
