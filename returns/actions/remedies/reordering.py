"""Placing the order that brings new goods: its stock is promised at once, and it waits for the old ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.writing import update_tables
from orders.actions.holding import hold_order
from orders.actions.placing import place_orders
from orders.channels.incoming import (
    IncomingAddress,
    IncomingCustomer,
    IncomingLine,
    IncomingOrder,
    IncomingShipping,
)
from orders.models import Address, Hold, Order, OrderLine
from returns.models import Return, ReturnItem
from returns.policies.amounts import Worth
from returns.queries.new_goods import Swap, quote_swaps


@dataclass(frozen=True, slots=True)
class _Wish:
    """An item and the SKU that is to be sent for it."""

    item: ReturnItem
    sku: str

    @property
    def swap(self) -> Swap:
        assert self.item.line_id is not None
        worth = Worth(self.item.value, self.item.tax)
        return Swap(self.item.line_id, self.item.quantity, worth, self.sku)


def place_exchange(return_: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> Order:
    """The order that brings what the customer chose instead, held until the old goods are back (or sooner, see
    `exchanging`). Its stock is promised now. The return and its order must be locked, the items have their variants.

    Raises:
        StockShort: names each SKU and what is left of it.
        Invalid: a SKU is not sold any more, or has no price in the order's currency.
    """
    wishes = [_Wish(item, item.exchange_variant.sku) for item in items if item.exchange_variant]
    new = _place(return_, wishes, letter="X", sold=False, by=by, at=at)
    hold_order(
        number=new.number,
        reason=Hold.Reason.EXCHANGE_AWAITING_RETURN,
        detail=f"Waits for return {return_.number}.",
        by=by,
        at=at,
    )
    new.refresh_from_db()
    return new


def place_replacement(return_: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> Order:
    """The same goods once more, at the price they had. What is out of stock waits for it: it is owed."""
    wishes = [_Wish(item, item.line.sku) for item in items if item.line]
    return _place(return_, wishes, letter="R", sold=True, by=by, at=at)


def _place(return_: Return, wishes: Sequence[_Wish], *, letter: str, sold: bool, by: str, at: datetime) -> Order:
    order = Order.objects.select_related("channel", "customer", "shipping_address", "billing_address").get(
        pk=return_.order_id
    )
    incoming = _describe(order, return_, _lines(order, wishes, at=at), letter=letter, at=at)
    (placement,) = place_orders([incoming], by=by, at=at, already_sold=sold)
    if placement.refusal:
        raise placement.refusal
    Order.objects.filter(number=placement.number).update(made_here=True)
    new = Order.objects.locked(placement.number)
    for wish in wishes:
        wish.item.new_order = new
    ReturnItem.objects.filter(id__in=[wish.item.pk for wish in wishes]).update(new_order=new)
    _note_succession(new, wishes)
    return new


def _note_succession(new: Order, wishes: Sequence[_Wish]) -> None:
    """In whose stead each line of the new order is."""
    came = {str(wish.item.pk): wish.item.line_id for wish in wishes}
    lines = new.lines.filter(external_id__in=came).values_list("pk", "external_id")
    update_tables({OrderLine: [{"pk": line, "follows_id": came[item]} for line, item in lines]})


def _lines(order: Order, wishes: Sequence[_Wish], *, at: datetime) -> list[IncomingLine]:
    lines, errors = [], []
    for place, quoted in enumerate(quote_swaps(order, [wish.swap for wish in wishes], at=at)):
        new, sku = quoted.new, quoted.swap.sku
        if new is None:
            detail = f"{sku} is not sold any more, or has no price in {order.currency}."
            errors.append(FieldError(f"/items/{place}/exchange_sku", "not_sold", detail))
            continue
        lines.append(
            IncomingLine(
                external_id=str(wishes[place].item.pk),
                sku=sku,
                title=quoted.title[:255],
                quantity=new.quantity,
                unit_price=new.unit_price,
                discount=new.discount,
                tax=new.tax,
            )
        )
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    return lines


def _describe(order: Order, return_: Return, lines: list[IncomingLine], *, letter: str, at: datetime) -> IncomingOrder:
    count = Order.objects.filter(channel=order.channel_id, external_id__startswith=f"{return_.number}-{letter}").count()
    customer = IncomingCustomer(
        email=order.email,
        name=order.customer.name if order.customer else "",
        phone=order.phone,
        locale=return_.locale or order.locale,
    )
    described = IncomingOrder(
        channel=order.channel.code,
        external_id=f"{return_.number}-{letter}{count + 1}",
        placed_at=order.placed_at,
        currency=order.currency,
        tax_included=order.tax_included,
        customer=customer,
        shipping_address=_address(order.shipping_address),
        billing_address=_address(order.billing_address),
        lines=lines,
        shipping=IncomingShipping(method=order.shipping_method, amount=Decimal(0)),
        note=f"For return {return_.number} of order {order.number}.",
        test=order.test,
    )
    # A message's own clock is checked against ours; ours is passed in.
    return described.model_copy(update={"placed_at": at})


_ADDRESS = tuple(IncomingAddress.model_fields)


def _address(address: Address | None) -> IncomingAddress | None:
    return IncomingAddress(**{name: getattr(address, name) for name in _ADDRESS}) if address else None
