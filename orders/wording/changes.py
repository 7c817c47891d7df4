"""Collected changes, each as one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from inventory.models import Variant
from oms.errors import FieldError
from oms.templatetags.portal import units
from orders.models import Edit, Order, OrderLine
from orders.wording.addresses import address_lines
from orders.wording.words import name_method, say_options

Operation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """`key` names it in the draft; `error` says why it cannot be done as it stands."""

    key: str
    said: str
    error: str = ""


def describe_changes(
    order: Order, changes: Mapping[str, Operation], errors: Sequence[FieldError] = (), *, done: bool = False
) -> list[ShownChange]:
    """In the order in which they were made. Errors point into the list of operations.

    `done`: the lines are those afterwards, so that they are named without what may have changed.
    """
    lines = {line.pk: line for line in order.lines.select_related("variant")}
    skus = [operation["sku"] for operation in changes.values() if "sku" in operation]
    variants = {variant.sku: variant for variant in Variant.objects.of_skus(skus).select_related("product")}
    names = {pk: line.title or line.sku if done else _name_line(line) for pk, line in lines.items()}
    return [
        ShownChange(key, _say(operation, names, variants), _find_error(errors, place))
        for place, (key, operation) in enumerate(changes.items())
    ]


def describe_edit(edit: Edit) -> list[str]:
    """What was asked for, once it is done or given up."""
    operations = {str(place): operation for place, operation in enumerate(edit.operations)}
    return [change.said for change in describe_changes(edit.order, operations, done=True)]


def _say(operation: Operation, names: Mapping[int, str], variants: Mapping[str, Variant]) -> str:
    variant = variants.get(operation.get("sku", ""))
    facts = {
        "item": names.get(operation.get("line", 0)) or gettext("an item"),
        "new": say_options(variant.options) if variant and variant.options else operation.get("sku", ""),
        "title": _name_variant(variant) or operation.get("sku", ""),
        "quantity": units(Decimal(str(operation.get("quantity", 1)))),
        "address": gettext(", ").join(address_lines(operation.get("address"))),
        "contact": gettext(", ").join(filter(None, (operation.get("email", ""), operation.get("phone", "")))),
        "method": name_method(operation.get("method", "")),
    }
    return {
        "swap_variant": gettext("%(item)s becomes %(new)s"),
        "set_quantity": gettext("%(item)s: quantity %(quantity)s"),
        "set_unit_price": gettext("%(item)s: another price"),
        "add_item": gettext("Add %(quantity)s × %(title)s"),
        "cancel_line": gettext("Take away %(item)s"),
        "cancel_order": gettext("Cancel the order"),
        "change_address": gettext("Send it to %(address)s"),
        "change_contact": gettext("Contact: %(contact)s"),
        "change_shipping": gettext("Shipping: %(method)s"),
    }[operation["op"]] % facts


def _name_line(line: OrderLine) -> str:
    return _with_options(line.title or line.sku, line.variant.options if line.variant else {})


def _name_variant(variant: Variant | None) -> str:
    return _with_options(variant.product.title, variant.options) if variant else ""


def _with_options(title: str, options: Mapping[str, Any]) -> str:
    return f"{title} ({say_options(options)})" if options else title


def _find_error(errors: Sequence[FieldError], place: int) -> str:
    """The first that points at this operation."""
    found = next((error for error in errors if _place_of(error) == place), None)
    return _say_error(found) if found else ""


def _place_of(error: FieldError) -> int | None:
    parts = error.pointer.strip("/").split("/")
    return int(parts[1]) if len(parts) > 1 and parts[0] == "operations" and parts[1].isdigit() else None


def _say_error(error: FieldError) -> str:
    return {
        "unknown_line": gettext("This item is not on your order any more."),
        "line_not_open": gettext("Nothing of this item is left to change."),
        "unknown_sku": gettext("This is not sold any more."),
        "not_sold": gettext("This is not sold any more."),
        "no_price": gettext("This cannot be bought in the currency of your order."),
        "below_settled": gettext("Some of these are on their way already; it cannot be fewer."),
        "fractional_quantity": gettext("Only whole numbers can be ordered of this."),
        "more_than_open": gettext("There are not so many left to change."),
        "same_variant": gettext("Your order has this already."),
        "method_not_offered": gettext("This way of shipping is not offered for your order."),
    }.get(error.code, gettext("This cannot be done as it stands. Please check it or take it back."))
