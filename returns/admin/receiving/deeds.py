"""What is done at the bench: counted in, inspected, photographed. Each is one call of an action."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from inventory.models import Variant
from oms.admin.asking import actor_of, carry_out, require
from oms.errors import FieldError, Invalid, Refused
from oms.quantities import plain
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.photographing import keep_photo
from returns.actions.receiving import receive_return
from returns.actions.straying import note_stray
from returns.admin.receiving.bench import DESPITE, describe_bench
from returns.admin.receiving.finding import NOT_YOURS, bench_of, look_up, own_node
from returns.admin.seen import return_for_page
from returns.models import Return, ReturnItem
from returns.policies.photos import MOST_BYTES
from returns.policies.receiving import Arrived


def act(request: HttpRequest, number: str, deed: str) -> HttpResponse:
    """One deed of the bench, by its name in the address."""
    if deed not in _DEEDS:
        raise Http404("There is nothing of that kind to do here.")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, "returns.receive_return", NOT_YOURS)
    return _DEEDS[deed](request, return_for_page(request, number))


def lay_aside(request: HttpRequest) -> HttpResponse:
    """A parcel at the door that nobody announced: what is in it is noted, and somebody finds out whose it is."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, "returns.receive_return", NOT_YOURS)
    code, contents = request.POST.get("code", "").strip()[:120], request.POST.get("contents", "").strip()[:500]
    by, at = actor_of(request), timezone.now()

    def work() -> str:
        note_stray(code=code, items=[], node=own_node(request), note=contents, by=by, at=at)
        return f"Parcel {code} is laid aside. It waits under Exceptions until somebody knows whose it is."

    carry_out(request, work)
    return HttpResponseRedirect(reverse("admin:returns_return_receive"))


def _receive(request: HttpRequest, found: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()

    def work() -> str:
        arrivals = _read_arrivals(request.POST, found)
        receive_return(number=found.number, arrivals=arrivals, node=own_node(request), by=by, at=at)
        total = plain(sum((each.quantity for each in arrivals), Decimal(0)))
        return f"{total} {'unit' if total == 1 else 'units'} of {found.number} received. Now grade what is here."

    carry_out(request, work)
    return HttpResponseRedirect(bench_of(found.number))


def _read_arrivals(sent: Any, found: Return) -> list[Arrived]:
    items = {item.pk: item for item in found.items.select_related("line", "variant")}
    arrivals = []
    for pk, item in items.items():
        quantity = _quantity(sent.get(f"count-{pk}", ""))
        if quantity:
            note = sent.get(f"note-{pk}", "").strip()[:255]
            arrivals.append(Arrived(item=pk, sku=_sku_of(item), quantity=quantity, note=note))
    for sku, said in zip(sent.getlist("surplus-sku"), sent.getlist("surplus-count"), strict=False):
        if quantity := _quantity(said):
            arrivals.append(Arrived(item=None, sku=sku.strip()[:100], quantity=quantity, note=""))
    if not arrivals:
        raise Invalid("Nothing was counted. Scan what is in the parcel, or tick it.")
    return arrivals


def _sku_of(item: ReturnItem) -> str:
    return (item.line.sku if item.line else "") or (item.variant.sku if item.variant else "")


def _quantity(said: str) -> Decimal:
    """Zero for nothing.

    Raises:
        Invalid: it is no quantity.
    """
    if not said.strip():
        return Decimal(0)
    try:
        quantity = Decimal(said)
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or quantity < 0:
        raise Invalid(f"“{said[:20]}” is no quantity.", errors=[FieldError("/quantity", "invalid", "No quantity.")])
    return quantity


def _inspect(request: HttpRequest, found: Return) -> HttpResponse:
    by, at = actor_of(request), timezone.now()

    def work() -> str:
        findings = _read_findings(request.POST, found)
        if any(each.despite for each in findings):
            require(request, "returns.decide_return", "Your role does not include deciding on returns.")
        inspect_return(number=found.number, findings=findings, by=by, at=at)
        return f"{found.number}: {_count(len(findings))} inspected."

    carry_out(request, work)
    return HttpResponseRedirect(bench_of(found.number))


def _read_findings(sent: Any, found: Return) -> list[Finding]:
    findings = []
    for item in found.items.all():
        grade, acceptance = sent.get(f"grade-{item.pk}", ""), sent.get(f"acceptance-{item.pk}", "")
        if not grade and acceptance != ReturnItem.Acceptance.NEEDS_PERSON:
            continue
        findings.append(
            Finding(
                item_id=item.pk,
                quantity=_quantity(sent.get(f"units-{item.pk}", "")) or item.quantity,
                acceptance=ReturnItem.Acceptance.ACCEPTED if acceptance in ("", DESPITE) else acceptance,
                grade=grade,
                disposition=sent.get(f"disposition-{item.pk}", ""),
                finding=sent.get(f"finding-{item.pk}", "").strip()[:500],
                unmet=tuple(dict.fromkeys(sent.getlist(f"unmet-{item.pk}"))),
                despite=acceptance == DESPITE,
            )
        )
    if not findings:
        raise Invalid("Nothing was graded yet. Choose A to D for what you looked at.")
    return findings


def _photograph(request: HttpRequest, found: Return) -> HttpResponse:
    """A picture from the camera. To a script the pictures of that item, to a plain browser the page."""
    sent = request.FILES.get("photo")
    pk = request.POST.get("item", "")
    said = ""
    try:
        if sent is None:
            raise Invalid("No picture was sent.")
        keep_photo(
            content=sent.read(MOST_BYTES + 1),
            number=found.number,
            item=int(pk) if pk.isdecimal() else None,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        said = refused.message
    if request.headers.get("X-Requested-With") == "bench":
        if said:
            return JsonResponse({"said": said}, status=422)
        shown = next((each for each in describe_bench(request, found)["items"] if str(each.item.pk) == pk), None)
        return render(request, "returns/admin/photos.html", {"photos": shown.photos if shown else [], "found": found})
    if said:
        messages.error(request, said)
    return HttpResponseRedirect(bench_of(found.number))


def _identify(request: HttpRequest, found: Return) -> HttpResponse:
    """What a code means that no item here bears: another return, a SKU that nobody announced, or nothing."""
    code = request.POST.get("code", "").strip().replace("\x00", "")[:120]
    if not code:
        return JsonResponse({"kind": "nothing"})
    others = look_up(request, code)
    if [each.pk for each in others] == [found.pk]:
        return JsonResponse({"kind": "this"})
    if len(others) == 1:
        return JsonResponse({"kind": "return", "number": others[0].number, "address": bench_of(others[0].number)})
    named = Variant.objects.filter(sku__in=[code, code.upper()]) | Variant.objects.filter(barcode=code)
    variant = named.select_related("product").first()
    if variant is None:
        return JsonResponse({"kind": "nothing"})
    title = " · ".join(filter(None, (variant.product.title, variant.option_text)))
    return JsonResponse({"kind": "sku", "sku": variant.sku, "title": title})


def _count(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


_DEEDS: Mapping[str, Callable[[HttpRequest, Return], HttpResponse]] = {
    "receive": _receive,
    "inspect": _inspect,
    "photograph": _photograph,
    "identify": _identify,
}
