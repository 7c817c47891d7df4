"""What is done at the packing bench: picking by scan or tick, reporting what is missing, shipping."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockLevel
from oms.admin.asking import RACED, Question, actor_of, ask, carry_out, require
from oms.admin.buttons import find_button, press_button
from oms.errors import Raced, Refused
from oms.quantities import plain
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.fulfilling.picking import pick_units, report_short
from orders.admin.fulfilling.bench import ShipForm, describe_work, fulfillment_for_staff, list_lines, show_bench
from orders.admin.fulfilling.buttons import BUTTONS, LABEL_BUTTONS
from orders.admin.fulfilling.scanning import Scanned, read_scan
from orders.models import Fulfillment, FulfillmentLine
from orders.policies.shipping.tracking_numbers import Recognized, recognize_number

_NOT_YOURS = "Your role does not include picking, packing and shipping."


def press(request: HttpRequest, number: str, name: str) -> HttpResponse:
    button = find_button(BUTTONS | LABEL_BUTTONS, name, request)
    fulfillment = fulfillment_for_staff(request, number)
    return press_button(request, button, fulfillment, called=number, back=_page_of(number))


def scan(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody held a thing, or the paper of another parcel, under the scanner."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, "orders.work_fulfillment", _NOT_YOURS)
    fulfillment = fulfillment_for_staff(request, number)
    scanned = read_scan(request.POST.get("code", ""), fulfillment, list_lines(fulfillment))
    if scanned.elsewhere:
        return HttpResponseRedirect(_page_of(scanned.elsewhere))
    if scanned.line is not None:
        scanned = _pick(request, fulfillment, {scanned.line.pk: scanned.picked}, scanned)
    return _show_work(request, number, scanned)


def pick(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody ticked a line, or typed how many of it they have."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, "orders.work_fulfillment", _NOT_YOURS)
    fulfillment = fulfillment_for_staff(request, number)
    lines = list_lines(fulfillment)
    if "all" in request.POST:
        units = {line.pk: line.quantity - line.short_quantity for line in lines}
        return _show_work(request, number, _pick(request, fulfillment, units, Scanned("All of it is picked.", "good")))
    line = next((line for line in lines if str(line.pk) == request.POST.get("line")), None)
    quantity = _wanted(request, line) if line else None
    if line is None or quantity is None:
        return _show_work(request, number, Scanned("That is no quantity.", "bad"))
    said = Scanned(f"{line.order_line.sku or line.order_line.title}: {plain(quantity)} picked", "good")
    return _show_work(request, number, _pick(request, fulfillment, {line.pk: quantity}, said))


def _wanted(request: HttpRequest, line: FulfillmentLine) -> Decimal | None:
    """What was typed, or one step from what is on record."""
    step = request.POST.get("step", "")
    most = line.quantity - line.short_quantity
    if step == "all":
        return most
    if step in ("1", "-1"):
        return min(max(line.picked_quantity + int(step), line.shipped_quantity), most)
    try:
        quantity = Decimal(request.POST.get("quantity", ""))
    except InvalidOperation:
        return None
    return quantity if quantity.is_finite() else None


def _pick(request: HttpRequest, fulfillment: Fulfillment, units: dict[int, Decimal], done: Scanned) -> Scanned:
    """`done`, or why it was refused."""
    try:
        pick_units(number=fulfillment.number, units=units, by=actor_of(request), at=timezone.now())
    except Refused as refused:
        return Scanned(refused.message, "bad")
    except Raced:
        return Scanned(RACED, "bad")
    return done


def _show_work(request: HttpRequest, number: str, scanned: Scanned) -> HttpResponse:
    """The part that changed, to a script; to a plain browser the page again, with what there is to say."""
    if request.headers.get("X-Requested-With") != "bench":
        level = {"good": messages.SUCCESS, "bad": messages.ERROR}.get(scanned.tone, messages.INFO)
        messages.add_message(request, level, scanned.said)
        return HttpResponseRedirect(_page_of(number))
    context = describe_work(request, fulfillment_for_staff(request, number), scanned)
    return render(request, "orders/admin/bench_work.html", context)


def report_missing(request: HttpRequest, number: str) -> HttpResponse:
    """Which units are not on the shelf, and what follows from it."""
    require(request, "orders.work_fulfillment", _NOT_YOURS)
    fulfillment = fulfillment_for_staff(request, number)
    lines = [line for line in list_lines(fulfillment) if line.open_quantity > 0]
    question = Question(
        title=f"Not on the shelf: {number}",
        consequence=f"{fulfillment.warehouse.name} counts these units down at once, and they are looked for elsewhere. "
        "What nobody else has waits for stock. The rest of this parcel can go out.",
        submit="Report as missing",
        back=_page_of(number),
        form=_short_form(lines, request.GET.get("line", "")),
        tone="bad",
        template="orders/admin/ask_short.html",
        context={"elsewhere": _find_elsewhere(lines, fulfillment.warehouse_id)},
    )

    def act(answer: dict[str, Any]) -> str:
        units = {line.pk: answer[f"line-{line.pk}"] for line in lines if answer.get(f"line-{line.pk}")}
        report_short(number=number, units=units, note=answer["note"], by=actor_of(request), at=timezone.now())
        return "Reported. Another way is looked for the missing units."

    return ask(request, question, act)


def _short_form(lines: list[FulfillmentLine], pointed_at: str) -> type[forms.Form]:
    fields: dict[str, Any] = {
        f"line-{line.pk}": forms.DecimalField(
            label=f"{line.order_line.sku or line.order_line.title}: units that are missing",
            min_value=Decimal(0),
            max_value=line.open_quantity,
            required=False,
            initial=plain(max(line.quantity - line.short_quantity - line.picked_quantity, Decimal(1)))
            if str(line.pk) == pointed_at
            else None,
            help_text=f"of {plain(line.open_quantity)}",
        )
        for line in lines
    }
    fields["note"] = forms.CharField(max_length=200, required=False, help_text="Such as: the bin was empty.")

    def clean(form: forms.Form) -> dict[str, Any]:
        if not any(value for name, value in form.cleaned_data.items() if name != "note"):
            raise forms.ValidationError("Say how many of what are missing.")
        return form.cleaned_data

    return type("ShortForm", (forms.Form,), fields | {"clean": clean})


def _find_elsewhere(lines: list[FulfillmentLine], warehouse_id: int) -> list[tuple[str, str]]:
    """By SKU, who else has how many that are free."""
    variants = [line.order_line.variant_id for line in lines if line.order_line.variant_id]
    levels = StockLevel.objects.filter(variant__in=variants, warehouse__active=True).exclude(warehouse=warehouse_id)
    found: dict[int, list[str]] = {}
    for level in levels.select_related("warehouse").order_by("warehouse__priority"):
        if (free := level.on_hand - level.safety - level.allocated) > 0:
            found.setdefault(level.variant_id, []).append(f"{level.warehouse.name} has {plain(free)} free")
    return [
        (line.order_line.sku, ", ".join(found.get(line.order_line.variant_id, [])) or "nobody else has it")
        for line in lines
        if line.order_line.variant_id
    ]


def ship(request: HttpRequest, number: str) -> HttpResponse:
    """What is picked leaves, or everything that is still open."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require(request, "orders.work_fulfillment", _NOT_YOURS)
    fulfillment = fulfillment_for_staff(request, number)
    form = ShipForm(request.POST)
    if not form.is_valid() or not carry_out(request, _shipping(request, fulfillment, form.cleaned_data), form=form):
        return show_bench(request, number, form=form)
    return HttpResponseRedirect(_page_of(number))


def _shipping(request: HttpRequest, fulfillment: Fulfillment, answer: dict[str, Any]) -> Callable[[], str]:
    number = answer["tracking_number"].strip()
    known: list[Recognized] = recognize_number(number) if number else []
    carrier = answer["carrier"].strip() or (known[0].carrier if known else "")
    url = next((each.url for each in known if each.carrier == carrier), "")
    picked = {
        line.pk: line.picked_quantity - line.shipped_quantity
        for line in list_lines(fulfillment)
        if line.picked_quantity > line.shipped_quantity
    }
    dispatch = Dispatch(
        number=fulfillment.number,
        units=None if answer["everything"] or not picked else picked,
        carrier=carrier,
        tracking_number=number,
        tracking_url=url,
        weight_grams=answer["grams"],
    )

    def act() -> str:
        (parcel,) = ship_fulfillments([dispatch], by=actor_of(request), at=timezone.now())
        tracked = f", {parcel.tracking_number}" if parcel.tracking_number else ""
        return f"Parcel {parcel.number} has left{f' with {parcel.carrier}' if parcel.carrier else ''}{tracked}."

    return act


def recognize(request: HttpRequest) -> HttpResponse:
    """Whose tracking number is being typed."""
    require(request, "orders.view_fulfillment", "Your role does not include reading fulfillments.")
    number = request.GET.get("tracking_number", "").strip()[:60]
    found = recognize_number(number) if number else []
    return render(request, "orders/admin/recognized.html", {"number": number, "found": found[:3]})


def _page_of(number: str) -> str:
    return reverse("admin:orders_fulfillment_change", args=[number])
