"""Printing: pick lists, slips, labels and customs papers, of one parcel or of many."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from oms.errors import Refused
from orders.admin.fulfilling.bench import fulfillment_for_staff
from orders.documents.customs_papers import print_customs_papers
from orders.documents.joining import join_pdfs
from orders.documents.labels import print_labels
from orders.documents.packing_slips import print_packing_slips
from orders.documents.pick_lists import print_pick_list
from orders.documents.refusals import NothingToPrint
from orders.models import Fulfillment

MOST = 200
"""So many parcels on one print; a page that works longer looks broken."""

Print = Callable[[Sequence[str], datetime], bytes]


def _print_for_packing(numbers: Sequence[str], at: datetime) -> bytes:
    """Slips, then labels: those that have one."""
    papers = [print_packing_slips(numbers)]
    with suppress(NothingToPrint):
        papers.append(print_labels(numbers))
    return join_pdfs(papers)


PAPERS: dict[str, Print] = {
    "pick-list": lambda numbers, at: print_pick_list(numbers, at=at),
    "slip": lambda numbers, at: print_packing_slips(numbers),
    "label": lambda numbers, at: print_labels(numbers),
    "customs": lambda numbers, at: print_customs_papers(numbers, at=at),
    "packing": _print_for_packing,
}


def print_paper(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """One paper of one parcel, shown by the browser."""
    fulfillment = fulfillment_for_staff(request, number)
    if paper not in PAPERS:
        raise Http404(f"There is no paper {paper}.")
    return print_numbers(request, [fulfillment.number], paper) or HttpResponseRedirect(
        reverse("admin:orders_fulfillment_change", args=[number])
    )


@admin.action(description="Print a pick list", permissions=["work"])
def print_list(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return _print_many(request, queryset, "pick-list")


@admin.action(description="Print slips and labels", permissions=["work"])
def print_packing(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return _print_many(request, queryset, "packing")


def _print_many(request: HttpRequest, queryset: QuerySet[Fulfillment], paper: str) -> HttpResponse | None:
    numbers = list(queryset.order_by("ship_by", "id").values_list("number", flat=True)[: MOST + 1])
    if len(numbers) > MOST:
        messages.warning(request, f"Only {MOST} parcels stand on one print; choose fewer, a warehouse or a day.")
        return None
    return print_numbers(request, numbers, paper)


def print_numbers(request: HttpRequest, numbers: Sequence[str], paper: str) -> HttpResponse | None:
    """The PDF; None when it could not be made, and why is said."""
    try:
        content = PAPERS[paper](numbers, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return None
    name = f"{paper}-{numbers[0]}.pdf" if len(numbers) == 1 else f"{paper}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )
