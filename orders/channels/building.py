"""From what a channel says to an `IncomingOrder`: sums that lose no cent, and one way to refuse."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from decimal import ROUND_CEILING, Decimal
from typing import Any

from pydantic import ValidationError

from oms.money import round_amount, split_amount
from oms.pointers import pointer_errors
from orders.channels.incoming import IncomingOrder, IncomingRefund
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import REASONS, cannot_take, quote
from orders.policies.totals import Extras, PricedLine, add_up

Fields = dict[str, Any]

_FINEST_PRICE = Decimal("0.0001")
_MOST_NAMED = 5
"""Wrong places that one sentence names; `facts` hold the rest."""


def build_order(fields: Fields) -> IncomingOrder:
    """The order that these fields make.

    Raises:
        CannotTake: invalid_order, with a pointer to each wrong place.
    """
    try:
        return IncomingOrder.model_validate(fields)
    except ValidationError as error:
        raise _refuse_invalid(error, fields, fields.get("external_id")) from None


def build_refund(fields: Fields, order_id: str) -> IncomingRefund:
    """The refund that these fields make; refused like an order."""
    try:
        return IncomingRefund.model_validate(fields)
    except ValidationError as error:
        raise _refuse_invalid(error, fields, order_id) from None


def _refuse_invalid(error: ValidationError, fields: Fields, external_id: Any) -> CannotTake:
    errors = pointer_errors(error, fields)
    named = [REASONS["invalid_order"]]
    named += [f"{error.pointer or 'The order'}: {error.detail}" for error in errors[:_MOST_NAMED]]
    if len(errors) > _MOST_NAMED:
        named.append(f"And {len(errors) - _MOST_NAMED} more.")
    name = quote(external_id, most=100) if isinstance(external_id, str) else ""
    return CannotTake("invalid_order", " ".join(named), external_id=name, errors=[asdict(error) for error in errors])


def read_each(
    parts: Iterable[Part], read: Callable[[Part], IncomingMessage], *, id_field: str = "id"
) -> list[IncomingMessage | CannotTake]:
    """Every member of a list by itself: one that cannot be taken stands in its place and stops nobody.

    Raises:
        NotAnOrder: there are members, and not one of them is an order.
    """
    taken: list[IncomingMessage | CannotTake] = []
    strangers: list[NotAnOrder] = []
    for part in parts:
        try:
            taken.append(read_one(part, read, id_field=id_field))
        except CannotTake as refusal:
            taken.append(refusal)
        except NotAnOrder as stranger:
            strangers.append(stranger)
    if strangers and not taken:
        raise strangers[0]
    return taken


def read_one(part: Part, read: Callable[[Part], IncomingMessage], *, id_field: str = "id") -> IncomingMessage:
    """One member; a refusal names the order, whatever it was refused for."""
    try:
        return read(part)
    except CannotTake as refusal:
        value = part.value.get(id_field)
        if not refusal.external_id and isinstance(value, str | int) and not isinstance(value, bool):
            refusal.external_id = quote(value, most=100)
        raise


def full_name(person: Part) -> str:
    return f"{person.text('first_name')} {person.text('last_name')}".strip()


def require(part: Part, *names: str) -> None:
    """Raises:
    CannotTake: incomplete_order, when one of these members is missing or empty.
    """
    if missing := [name for name in names if not part.has(name)]:
        raise cannot_take("incomplete_order", missing=", ".join(missing))


def price_each(price: Decimal, quantity: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The unit price of a line that costs `price` for all units, and the discount that makes it come out exactly.

    10.00 for 3 is 3.3334 each (10.0002, rounded 10.00) and no discount. Many units can make the rounding visible:
    then the unit price is a bit too high, and the difference is the discount.
    """
    whole = round_amount(price / quantity, currency)
    if whole * quantity == price:
        return whole, Decimal(0)
    each = (price / quantity).quantize(_FINEST_PRICE, ROUND_CEILING)
    return each, round_amount(each * quantity, currency) - round_amount(price, currency)


def share_out(amounts: Sequence[Decimal], whole: Decimal, currency: str) -> list[Decimal]:
    """The whole in shares like the amounts given; equal shares where all of those are zero."""
    weights = list(amounts) if any(amounts) else [Decimal(1)] * len(amounts)
    return split_amount(whole, weights, currency)


def settle_tax(lines: Sequence[Fields], shipping: Fields, charged: Decimal | None, currency: str) -> None:
    """Make the taxes of lines and shipping add up to what the channel charged for the whole order.

    They differ where tax is told for the order only, or by cents that were rounded elsewhere, or where something
    without a line of its own (a negative fee, duties) has a tax, too. Each takes its share by the tax it has.

    Raises:
        CannotTake: negative_amount, for a price or a tax below zero; negative_tax, when more is to be taken off than
            there is.
    """
    taxes = [line["tax"] for line in lines] + [shipping["tax"]]
    least = min(*taxes, *(line["unit_price"] for line in lines), shipping["amount"])
    if least < 0:
        raise cannot_take("negative_amount", place="A price or a tax", found=least)
    missing = round_amount(charged, currency) - sum(taxes) if charged is not None else Decimal(0)
    if not missing:
        return
    if missing < -sum(taxes):
        raise cannot_take("negative_tax", amount=-missing)

    weights = taxes if any(taxes) else [*(line["unit_price"] * line["quantity"] for line in lines), shipping["amount"]]
    shares = share_out(weights, missing, currency)
    for line, share in zip(lines, shares, strict=False):
        line["tax"] += share
    shipping["tax"] += shares[-1]


def add_up_fields(fields: Fields) -> Decimal:
    """What an order of these fields costs by our own sum."""
    names = ("quantity", "unit_price", "discount", "tax")
    lines = [PricedLine(*(line[name] for name in names)) for line in fields["lines"]]
    extras = {name: fields.get(name, Decimal(0)) for name in ("discount", "tip", "duty")}
    shipping = fields["shipping"]
    whole = Extras(shipping=shipping["amount"], shipping_tax=shipping["tax"], **extras)
    return add_up(lines, whole, tax_included=fields["tax_included"], currency=fields["currency"]).total
