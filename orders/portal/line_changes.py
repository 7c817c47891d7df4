"""What a customer wants of one line, read from its page: another size, another quantity, both, or none of it."""

from collections.abc import Mapping
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext

from oms.portal.pages import read_text
from orders.models import OrderLine
from orders.portal.drafts import Operation
from orders.portal.offers import read_units

LONGEST_SKU = 100

Wanted = list[Operation]
"""The operations on the line, at most one swap and one count."""


def read_line_change(typed: QueryDict, line: OrderLine) -> Wanted | str:
    """The operations, or a sentence about what is wrong."""
    want = typed.get("want")
    if want == "remove":
        return [{"op": "cancel_line", "line": line.pk}]
    quantity = read_units(typed.get("quantity", ""), divisible=bool(line.variant and line.variant.divisible))
    if want == "swap":
        return _read_swap(typed, line, quantity)
    if quantity is None:
        return _ask_number()
    if quantity == line.quantity - line.cancelled_quantity:
        return gettext("That is what your order has already.")
    return [_count(line, quantity + line.cancelled_quantity)]


def _read_swap(typed: QueryDict, line: OrderLine, quantity: Decimal | None) -> Wanted | str:
    """All open units become the other size; of fewer the rest stays as it is, or is dropped; more are added to them."""
    sku = read_text(typed, "sku", most=LONGEST_SKU)
    if not sku or sku == line.sku:
        return gettext("Choose what you would like instead.")
    if typed.get("quantity", "").strip() and not quantity:
        return _ask_number()
    swap = {"op": "swap_variant", "line": line.pk, "sku": sku}
    if quantity is None or quantity == line.open_quantity:
        return [swap]
    if quantity < line.open_quantity and typed.get("rest") != "drop":
        return [swap | {"quantity": str(quantity)}]
    return [swap, _count(line, quantity + line.cancelled_quantity + line.fulfilled_quantity)]


def drafted_units(drafted: Mapping[str, Operation], line: OrderLine) -> Decimal:
    """How many of the other size were asked for on this page before; all that are open where nothing was."""
    if "swap_variant" in drafted and (some := drafted["swap_variant"].get("quantity")):
        return Decimal(some)
    if "set_quantity" in drafted:
        return Decimal(drafted["set_quantity"]["quantity"]) - line.cancelled_quantity - line.fulfilled_quantity
    return line.open_quantity


def drafts_fewer(drafted: Mapping[str, Operation], line: OrderLine) -> bool:
    """True where the rest of a swapped line was to be dropped."""
    return "set_quantity" in drafted and drafted_units(drafted, line) < line.open_quantity


def _count(line: OrderLine, quantity: Decimal) -> Operation:
    return {"op": "set_quantity", "line": line.pk, "quantity": str(quantity)}


def _ask_number() -> str:
    return gettext("Type how many you would like, as a number.")
