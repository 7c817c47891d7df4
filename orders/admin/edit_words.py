"""What an edit changes, in the words of the trade: TEE-M → TEE-L, 2 → 3, shipping by express."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.models import EventRecord
from oms.money import round_amount
from oms.quantities import plain
from orders.admin.choices import say_known_reason
from orders.events import OrderEdited
from orders.models import Edit

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Was:
    """A line as it stood before the edit."""

    sku: str
    quantity: Decimal
    unit_price: Decimal


def tell_edits(edits: Sequence[Edit]) -> dict[int, list[str]]:
    """Each edit's changes by its id. Their orders and the orders' lines must be fetched; one statement for the rest."""
    done = _read_changes(edits)
    return {edit.pk: tell_changes(edit, done.get(edit.pk)) for edit in edits}


def tell_changes(edit: Edit, changes: Json | None = None) -> list[str]:
    """One sentence an operation. `changes`: what the edit is on record with, once it is done."""
    was = _lines_before(edit, changes)
    return [_tell(operation, was, edit.currency) for operation in edit.operations]


def _read_changes(edits: Iterable[Edit]) -> dict[int, Json]:
    """Of those that are done: what stood there before, and stands there since."""
    numbers = {edit.order.number for edit in edits if edit.state == Edit.State.COMMITTED}
    if not numbers:
        return {}
    records = EventRecord.objects.filter(subject_kind="order", subject__in=numbers, type=OrderEdited.type)
    return {facts["edit"]: facts.get("changes", {}) for facts in records.values_list("facts", flat=True)}


def _lines_before(edit: Edit, changes: Json | None) -> dict[int, Was]:
    """By line id. A line that the edit left alone stands as it stood; of a changed one its event knows."""
    lines = {line.pk: Was(line.sku, line.quantity, line.unit_price) for line in edit.order.lines.all()}
    for planned in edit.plan["lines"]:
        told = (changes or {}).get(f"line {planned['position']}")
        if planned["id"] and told and told["before"]:
            before = told["before"]
            lines[planned["id"]] = Was(before["sku"], Decimal(before["quantity"]), Decimal(before["unit_price"]))
    return lines


def _tell(operation: Json, was: Mapping[int, Was], currency: str) -> str:
    line = was.get(operation.get("line", 0), Was("?", Decimal(0), Decimal(0)))
    match operation["op"]:
        case "swap_variant":
            some = operation.get("quantity")
            part = f" ({some} of {plain(line.quantity)})" if some and Decimal(str(some)) != line.quantity else ""
            return f"{line.sku} → {operation['sku']}{part}"
        case "set_quantity":
            return f"{line.sku}: {plain(line.quantity)} → {_units(operation['quantity'])}"
        case "add_item":
            return f"add {_units(operation.get('quantity', 1))} × {operation['sku']}"
        case "cancel_line":
            return f"take away {line.sku}"
        case "change_address":
            return f"send it to {say_place(operation['address'])}"
        case "change_contact":
            return f"contact: {', '.join(filter(None, (operation.get('email'), operation.get('phone'))))}"
        case "change_shipping":
            return f"ship it by {operation['method']}"
        case "set_unit_price":
            old, new = (round_amount(price, currency) for price in (line.unit_price, _price(operation)))
            return f"price of {line.sku}: {old} → {new} {currency}"
        case "cancel_order":
            reason = say_known_reason(operation.get("reason") or "")
            return f"cancel the whole order ({reason})" if reason else "cancel the whole order"
        case other:
            return str(other).replace("_", " ")


def say_place(address: Json) -> str:
    """ "80331 München, DE"."""
    town = " ".join(filter(None, (address.get("postal_code"), address.get("city"))))
    return ", ".join(filter(None, (town, address.get("country"))))


def _units(quantity: Any) -> int | float:
    return plain(Decimal(str(quantity)))


def _price(operation: Json) -> Decimal:
    return Decimal(str(operation["unit_price"]))
