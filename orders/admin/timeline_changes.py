"""Sentences about changes of an order: those we did, those that wait or were given up, those of its channel."""

from collections.abc import Mapping
from typing import Any

from orders.models import Edit, Order
from orders.policies.edits.permission_words import DEEDS

Facts = Mapping[str, Any]

_WHOSE = {"CUSTOMER": "the customer", "STAFF": "staff", "API": "a partner", "BOT": "a bot"}
_SUMS = {"item_total", "discount_total", "tax_total", "shipping_tax", "total", "credited", "stated_total"}
"""What follows from the rest; the total is said by itself."""
_COLUMNS = {
    "shipping_address": "address",
    "billing_address": "billing address",
    "email": "e-mail",
    "phone": "phone",
    "shipping_method": "shipping method",
    "shipping_total": "shipping",
    "tip_total": "tip",
    "duty_total": "duty",
    "refunds": "refunded",
    "financial_status": "payment",
}
_LINE_COLUMNS = {
    "quantity": "quantity",
    "cancelled_quantity": "cancelled",
    "fulfilled_quantity": "sent",
    "unit_price": "price",
    "sku": "SKU",
}


def say_edited(facts: Facts) -> str:
    changes = [said for name, change in (facts.get("changes") or {}).items() if (said := _say_change(name, change))]
    what = "; ".join(changes) or _deeds(facts)
    return f"Changed for {_WHOSE.get(str(facts.get('actor')), 'somebody')}: {what}{_totals(facts)}"


def say_edit_asked(facts: Facts) -> str:
    waits = "payment" if facts.get("state") == Edit.State.AWAITING_PAYMENT else "our approval"
    who = _WHOSE.get(str(facts.get("actor")), "somebody")
    return f"A change that {who} asked for waits for {waits}: {_deeds(facts)}{_totals(facts)}"


def say_edit_ended(facts: Facts) -> str:
    state = dict(Edit.State.choices).get(str(facts.get("state")), "given up")
    return f"The change that waited: {state}" + (f" ({facts['note']})" if facts.get("note") else "")


def say_updated(facts: Facts) -> str:
    changes = [said for name, change in (facts.get("changes") or {}).items() if (said := _say_change(name, change))]
    return f"The channel changed it: {'; '.join(changes)}" if changes else "The channel changed it"


def _deeds(facts: Facts) -> str:
    names = [DEEDS.get(str(each.get("op")), str(each.get("op"))) for each in facts.get("operations") or []]
    return ", ".join(dict.fromkeys(names)) or "nothing"


def _totals(facts: Facts) -> str:
    total = facts.get("total") or {}
    if total.get("before") == total.get("after"):
        return ""
    return f"; total {total.get('before')} → {total.get('after')} {total.get('currency', '')}".rstrip()


def _say_change(name: str, change: Facts) -> str:
    """ "" for what follows from something else."""
    if name.startswith("line "):
        return _say_line(name, change)
    if name in _SUMS:
        return ""
    before, after = _value(name, change.get("before")), _value(name, change.get("after"))
    label = _COLUMNS.get(name, name.replace("_", " "))
    return f"{label} {before} → {after}" if before and after else f"{label} {after}".rstrip()


def _say_line(name: str, change: Facts) -> str:
    before, after = change.get("before"), change.get("after")
    if isinstance(after, str):
        return f"{after} added"
    if isinstance(after, Mapping):
        return _say_goods(before, after) if isinstance(before, Mapping) else _count(after) + " added"
    told = [
        f"{part.get('after')} {label}"
        if part.get("before") == "0" and column.startswith(("cancelled", "fulfilled"))
        else f"{label} {part.get('before')} → {part.get('after')}"
        for column, label in _LINE_COLUMNS.items()
        if isinstance(part := change.get(column), Mapping)
    ]
    return f"{name}: {', '.join(told)}" if told else f"{name} described anew"


def _say_goods(before: Facts, after: Facts) -> str:
    """ "" where only tax or discount moved: the total says that."""
    if after["quantity"] == "0":
        return f"{_count(before)} taken away"
    if before["sku"] != after["sku"]:
        return f"{_count(before)} → {_count(after)}"
    if before["quantity"] != after["quantity"]:
        return f"{after['sku']}: {before['quantity']} → {after['quantity']}"
    if before["unit_price"] != after["unit_price"]:
        return f"price of {after['sku']}: {before['unit_price']} → {after['unit_price']}"
    return ""


def _count(goods: Facts) -> str:
    return f"{goods['quantity']} × {goods['sku'] or goods.get('title') or '?'}"


def _value(name: str, value: Any) -> str:
    """Addresses that came as parts say their town; states say their words."""
    if isinstance(value, Mapping):
        town = " ".join(filter(None, (value.get("postal_code"), value.get("city"))))
        return ", ".join(filter(None, (town, value.get("country"))))
    if name == "financial_status":
        return str(dict(Order.FinancialStatus.choices).get(value, value))
    return "" if value is None else str(value)
