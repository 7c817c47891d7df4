"""Units of a return that fare differently from now on become an item of their own."""

from decimal import Decimal

from oms import events
from oms.money import split_amount
from returns.models import ReturnItem


def split_item(item: ReturnItem, quantity: Decimal) -> ReturnItem:
    """So many units of it as an item of their own, with their share of its value; the whole, if it has no more.

    Parts sum to what the item was worth, to the minor unit. The return must be locked, the item have its return with
    its order (`item.of.order`).
    """
    events.require_transaction("The split of an item")
    if quantity >= item.quantity:
        return item
    currency, weights = item.of.order.currency, [item.quantity - quantity, quantity]
    kept_value, value = split_amount(item.value, weights, currency)
    kept_tax, tax = split_amount(item.tax, weights, currency)

    part = ReturnItem(**{field.attname: getattr(item, field.attname) for field in _COPIED})
    part.of, part.split_from, part.quantity, part.value, part.tax = item.of, item, quantity, value, tax
    part.save(force_insert=True)
    item.quantity, item.value, item.tax = item.quantity - quantity, kept_value, kept_tax
    item.save(update_fields=["quantity", "value", "tax"])
    return part


_COPIED = [field for field in ReturnItem._meta.concrete_fields if field.name not in ("id", "split_from")]
