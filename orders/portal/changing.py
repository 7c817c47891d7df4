"""The pages on which one thing is changed. Each only collects: nothing happens before the preview is confirmed."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from oms.portal.pages import is_htmx, read_text, show_page
from oms.templatetags.portal import units
from orders.models import Order, OrderLine
from orders.policies.addresses import check_address, check_contact, tidy_address
from orders.portal.access import View, for_customer
from orders.portal.drafts import Operation, drop_change, put_change, put_line_change, read_draft
from orders.portal.items import describe_line
from orders.portal.line_changes import LONGEST_SKU, drafted_units, drafts_fewer, read_line_change
from orders.portal.offers import OfferedProduct, group_offers, group_shades, read_units
from orders.portal.order_page import describe_order
from orders.portal.permissions import list_allowed
from orders.portal.shipping import list_methods
from orders.queries.edits.shelf import list_shelves, offers_beside, search_offers
from orders.wording.addresses import as_typed, ask_parts, list_countries, read_typed, say_error

_forms = require_http_methods(["GET", "HEAD", "POST"])


def _offering(*operations: str) -> Callable[[View], View]:
    """Shows the order's page instead, with its reason, where none of these can be done any more."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, order: Order, **words: Any) -> HttpResponse:
            allowed = list_allowed(order, order.holds.all(), at=timezone.now())
            if order.edits.open().exists() or not allowed.intersection(operations):
                context = {**describe_order(request, order), "too_late": True}
                return show_page(request, "orders/portal/order.html", context, country=order.country, status=409)
            return view(request, order, **words)

        return guarded

    return decorate


@_forms
@for_customer
@_offering("change_address")
def change_address(request: HttpRequest, order: Order) -> HttpResponse:
    if request.method != "POST":
        drafted = read_draft(request, order).changes.get("address", {}).get("address")
        return _ask_address(request, order, drafted or as_typed(order.shipping_address))
    typed = read_typed(request.POST)
    if "reload" in request.POST:
        return _ask_address(request, order, typed)
    if errors := check_address(typed):
        return _ask_address(request, order, typed, errors, status=422)
    return _collect(request, order, "address", {"op": "change_address", "address": tidy_address(typed)})


def _ask_address(
    request: HttpRequest, order: Order, values: Mapping[str, str], errors: Sequence[Any] = (), *, status: int = 200
) -> HttpResponse:
    country = values.get("country") or order.country
    wrong_country = next((error for error in errors if error.pointer == "/country"), None)
    context = {
        "order": order,
        "country": country,
        "countries": list_countries(),
        "country_error": say_error(wrong_country) if wrong_country else "",
        "parts": ask_parts(country, values, errors),
        "has_errors": bool(errors),
    }
    part = "orders/portal/address_parts.html" if is_htmx(request) else "orders/portal/address.html"
    return show_page(request, part, context, country=order.country, status=status)


@_forms
@for_customer
@_offering("change_contact")
def change_contact(request: HttpRequest, order: Order) -> HttpResponse:
    if request.method != "POST":
        drafted = read_draft(request, order).changes.get("contact", {})
        return _ask_contact(request, order, {"email": order.email, "phone": order.phone, **drafted}, {})
    typed = {name: " ".join(request.POST.get(name, "").split()) for name in ("email", "phone")}
    if errors := _find_contact_errors(typed, order):
        return _ask_contact(request, order, typed, errors, status=422)
    return _collect(request, order, "contact", {"op": "change_contact", **typed})


def _find_contact_errors(typed: Mapping[str, str], order: Order) -> dict[str, str]:
    new = {name: value for name, value in typed.items() if value != getattr(order, name)}
    sentences = {
        "/email": gettext("Type an e-mail address like name@example.com."),
        "/phone": gettext("This cannot be a phone number. Write it with its area code, or leave it out."),
    }
    wrong = [error.pointer for error in check_contact(new, order.country)]
    if not typed["email"]:
        wrong.append("/email")
    return {pointer.strip("/"): sentences[pointer] for pointer in wrong}


def _ask_contact(
    request: HttpRequest, order: Order, values: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    context = {"order": order, "values": values, "errors": errors}
    return show_page(request, "orders/portal/contact.html", context, country=order.country, status=status)


@_forms
@for_customer
@_offering("swap_variant", "set_quantity", "cancel_line")
def change_line(request: HttpRequest, order: Order, line: int) -> HttpResponse:
    """Another size or colour, another quantity, both, or none of it."""
    found = order.lines.select_related("variant__product").filter(pk=line).first()
    if found is None or found.variant is None or found.open_quantity <= 0:
        raise Http404
    if request.method != "POST":
        return _ask_line(request, order, found)
    wanted = read_line_change(request.POST, found)
    if isinstance(wanted, str):
        return _ask_line(request, order, found, error=wanted, status=422)
    put_line_change(request, order, found.pk, wanted)
    return _go_to_preview(order)


def _ask_line(
    request: HttpRequest, order: Order, line: OrderLine, *, error: str = "", status: int = 200
) -> HttpResponse:
    drafted = read_draft(request, order).of_line(line.pk)
    typed = request.POST if error else {}
    context = {
        "order": order,
        "item": describe_line(line, order.currency),
        "open": line.open_quantity,
        "divisible": bool(line.variant and line.variant.divisible),
        "chosen": typed.get("sku") or drafted.get("swap_variant", {}).get("sku", ""),
        "units": typed.get("quantity") or units(drafted_units(drafted, line)),
        "rest": typed.get("rest") or ("drop" if drafts_fewer(drafted, line) else "keep"),
        "error": error,
        **_describe_choices(line, order),
    }
    return show_page(request, "orders/portal/line.html", context, country=order.country, status=status)


def _describe_choices(line: OrderLine, order: Order) -> dict[str, Any]:
    offers = offers_beside(line, order.currency)
    own = next((offer for offer in offers if offer.sku == line.sku), None)
    base = own.price if own else None
    products = group_offers(offers, base=base)
    choices = [choice for product in products for choice in product.choices]
    return {"shades": group_shades(choices, own=line.sku), "own_left": own.available if own else Decimal(0)}


@_forms
@for_customer
@_offering("add_item")
def add_item(request: HttpRequest, order: Order) -> HttpResponse:
    """Search, and add one thing at a time."""
    words = read_text(request.GET, "q", most=100)
    if request.method != "POST":
        return _offer(request, order, words)
    sku = read_text(request.POST, "sku", most=LONGEST_SKU)
    quantity = read_units(request.POST.get("quantity", "1"), divisible=True)
    if not sku or quantity is None or quantity <= 0:
        error = gettext("Choose an item, and how many of it.")
        return _offer(request, order, words, error=error, status=422)
    return _collect(request, order, f"add:{sku}", {"op": "add_item", "sku": sku, "quantity": str(quantity)})


def _offer(request: HttpRequest, order: Order, words: str, *, error: str = "", status: int = 200) -> HttpResponse:
    found: list[OfferedProduct] = group_offers(search_offers(words, order))
    context = {"order": order, "q": words, "products": found, "shelves": list_shelves(), "error": error}
    part = "orders/portal/found.html" if is_htmx(request) else "orders/portal/add.html"
    return show_page(request, part, context, country=order.country, status=status)


@_forms
@for_customer
@_offering("change_shipping")
def change_shipping(request: HttpRequest, order: Order) -> HttpResponse:
    methods = list_methods(order, at=timezone.now())
    if request.method == "POST":
        chosen = request.POST.get("method", "")
        if any(method.code == chosen for method in methods if not method.current):
            return _collect(request, order, "shipping", {"op": "change_shipping", "method": chosen})
    context = {"order": order, "methods": methods, "error": request.method == "POST"}
    status = 422 if request.method == "POST" else 200
    return show_page(request, "orders/portal/shipping.html", context, country=order.country, status=status)


@require_http_methods(["POST"])
@for_customer
def undo_change(request: HttpRequest, order: Order) -> HttpResponse:
    """Take back one collected change."""
    drop_change(request, order, request.POST.get("key", ""))
    rest = read_draft(request, order)
    return HttpResponseRedirect(reverse("portal:preview" if rest else "portal:order", args=[order.number]))


def _collect(request: HttpRequest, order: Order, key: str, operation: Operation) -> HttpResponse:
    put_change(request, order, key, operation)
    return _go_to_preview(order)


def _go_to_preview(order: Order) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:preview", args=[order.number]))
