"""The operations of which an edit is made, as a partner, a page or a bot sends them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, TypeAdapter, ValidationError, WithJsonSchema

from oms.bodies import AmountText, Body, CountryCode, exact_number, text
from oms.errors import FieldError, Invalid
from oms.pointers import pointer_errors

MOST_OPERATIONS = 500
_NUMBER = WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000})


def _exact_units(value: Any) -> Any:
    """0.1 is a tenth, not the float next to it."""
    if isinstance(value, Decimal) or (isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", value)):
        return value
    return exact_number(value)


LineId = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1, description="`id` of the line.")]
OfferItemId = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1, description="`id` of an item of an offer.")]
Sku = Annotated[str, text(100, least=1)]
Units = Annotated[Decimal, BeforeValidator(_exact_units), Field(ge=0, le=1_000_000, decimal_places=3), _NUMBER]
MoreUnits = Annotated[Decimal, BeforeValidator(_exact_units), Field(gt=0, le=1_000_000, decimal_places=3), _NUMBER]


class NewAddress(Body):
    """A postal address; its country's own rules say what it needs."""

    name: Annotated[str, text(200)] = ""
    company: Annotated[str, text(200)] = ""
    line1: Annotated[str, text(255)] = ""
    line2: Annotated[str, text(255)] = ""
    city: Annotated[str, text(120)] = ""
    province: Annotated[str, text(120)] = ""
    postal_code: Annotated[str, text(20)] = ""
    country: CountryCode
    phone: Annotated[str, text(40)] = ""


class ChangeAddress(Body):
    op: Literal["change_address"]
    address: NewAddress


class ChangeContact(Body):
    """What is left out stays."""

    op: Literal["change_contact"]
    email: Annotated[str, text(254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    phone: Annotated[str, text(40)] | None = None


class SwapVariant(Body):
    """Another variant of the same product, for all open units of the line or for some.

    All of them may get another quantity in the same edit, too.
    """

    op: Literal["swap_variant"]
    line: LineId
    sku: Sku
    quantity: MoreUnits | None = None


class SetQuantity(Body):
    """0 takes the line away. With a swap of the line, wherever it stands: how many there are of the new variant."""

    op: Literal["set_quantity"]
    line: LineId
    quantity: Units


class AddItem(Body):
    """`offer`: an item of an offer that lives; the offer says the price, and what is taken off."""

    op: Literal["add_item"]
    sku: Sku
    quantity: MoreUnits = Decimal(1)
    offer: OfferItemId | None = None


class CancelLine(Body):
    op: Literal["cancel_line"]
    line: LineId


class ChangeShipping(Body):
    op: Literal["change_shipping"]
    method: Annotated[str, text(120, least=1)]


class SetUnitPrice(Body):
    """Staff and partners only: what one unit of a line costs."""

    op: Literal["set_unit_price"]
    line: LineId
    unit_price: AmountText


class CancelOrder(Body):
    """The whole order; it stands alone."""

    op: Literal["cancel_order"]
    reason: Annotated[str, text(255)] = ""


Operation = Annotated[
    ChangeAddress
    | ChangeContact
    | SwapVariant
    | SetQuantity
    | AddItem
    | CancelLine
    | ChangeShipping
    | SetUnitPrice
    | CancelOrder,
    Discriminator("op"),
]

_OPERATIONS: TypeAdapter[list[Operation]] = TypeAdapter(
    Annotated[list[Operation], Field(min_length=1, max_length=MOST_OPERATIONS)]
)


def read_operations(raw: Sequence[Mapping[str, Any] | Operation]) -> list[Operation]:
    """The operations, checked one by one and against each other.

    Raises:
        Invalid: with pointers that begin with /operations.
    """
    try:
        operations = _OPERATIONS.validate_python(list(raw))
    except ValidationError as error:
        errors = pointer_errors(error, list(raw), within=("operations",))
        raise Invalid("Some operations are wrong; `errors` says where.", errors=errors) from None
    if errors := list(_contradictions(operations)):
        raise Invalid(errors[0].detail, errors=errors)
    return operations


def name_offer_items(operations: Sequence[Operation]) -> list[int]:
    """The items of offers that are to be taken."""
    return [each.offer for each in operations if isinstance(each, AddItem) and each.offer is not None]


def dump_operations(operations: Sequence[Operation]) -> list[dict[str, Any]]:
    """As they were asked, ready to be stored as JSON."""
    return [operation.model_dump(mode="json", exclude_none=True) for operation in operations]


def _contradictions(operations: Sequence[Operation]) -> list[FieldError]:
    """One thing can be changed once: the last would win in silence.

    A line has a variant, a quantity and a price: one operation may change each. Taking the line away, or swapping a
    part of it, says something of variant and quantity at once.
    """
    if len(operations) > 1 and any(isinstance(operation, CancelOrder) for operation in operations):
        return [FieldError("/operations", "cancels_alone", "Cancelling the order leaves nothing else to change.")]
    seen: dict[object, int] = {}
    errors = []
    for place, operation in enumerate(operations):
        things = _changed_by(operation)
        if first := [seen[thing] for thing in things if thing in seen]:
            detail = f"/operations/{min(first)} changes the same thing; send one operation for it."
            errors.append(FieldError(f"/operations/{place}", "changed_twice", detail))
        seen |= {thing: place for thing in things if thing not in seen}
    return errors


def _changed_by(operation: Operation) -> list[object]:
    """What the operation has a say in, so that no other may."""
    match operation:
        case AddItem(offer=None):
            return []
        case AddItem():
            return [("offer", operation.offer)]
        case SwapVariant(quantity=None):
            return [(operation.line, "variant")]
        case SetQuantity():
            return [(operation.line, "quantity")]
        case SwapVariant() | CancelLine():
            return [(operation.line, "variant"), (operation.line, "quantity")]
        case SetUnitPrice():
            return [(operation.line, "price")]
    return [operation.op]
