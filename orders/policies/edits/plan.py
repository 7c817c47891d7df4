"""What an edit comes to: the order's lines, address and amounts afterwards, and what that costs.

Pure: the same order, operations and tables give the same plan. Money follows three rules.

- Lines that no operation touches keep every cent; one that grows or shrinks takes its discount and tax along in
  proportion (channels tell amounts, not rates). One that was offered keeps its discount in amount when it grows.
- A discount on the whole order shrinks with the goods that leave, and never grows.
- Shipping is asked of the rate table again. Where the table does not explain what was charged, the charge stays; where
  an offer made it free, it is free as long as something of that offer is left.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from oms.errors import FieldError
from oms.money import round_amount, split_amount
from orders.policies.addresses import tidy_address
from orders.policies.edits.lines import LineWork, Reason, work_in
from orders.policies.edits.operations import CancelOrder, ChangeAddress, ChangeContact, ChangeShipping, Operation
from orders.policies.edits.quoting import Parcel, find_common_rate, find_tax_rate, quote_shipping, tax_on
from orders.policies.edits.state import NOTHING, Deal, LineState, OrderState, Surroundings
from orders.policies.edits.waiving import find_waivers, price_waived, recall_waived
from orders.policies.totals import LARGEST_TOTAL, Extras, PricedLine, Totals, add_up

_LINE_DECIMALS = {"quantity", "cancelled", "fulfilled", "unit_price", "discount", "tax"}
_PLAN_DECIMALS = {
    *("shipping_total", "shipping_tax", "item_total", "discount_total", "tax_total", "total", "credited"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The order afterwards. Amounts are the order's columns of the same names."""

    lines: tuple[LineState, ...]
    address: Mapping[str, str] | None
    email: str
    phone: str
    shipping_method: str
    shipping_total: Decimal
    shipping_tax: Decimal
    item_total: Decimal
    discount_total: Decimal
    tax_total: Decimal
    total: Decimal
    credited: Decimal

    @property
    def owed(self) -> Decimal:
        return self.total - self.credited

    @property
    def wanted(self) -> dict[int, Decimal]:
        """Units still to be sent, by variant id."""
        wanted: dict[int, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            if line.variant_id is not None and line.open > 0:
                wanted[line.variant_id] += line.open
        return dict(wanted)


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan, unless there are errors; `reasons`: why a person must look at it first."""

    plan: Plan | None
    errors: tuple[FieldError, ...] = ()
    reasons: tuple[Reason, ...] = ()


def plan_edit(order: OrderState, operations: Sequence[Operation], around: Surroundings) -> Planned:
    """What the operations come to, or what is wrong with them."""
    if any(isinstance(each, CancelOrder) for each in operations):
        return Planned(_empty(order))
    work = work_in(order, operations, around)
    asked = next((each.address for each in operations if isinstance(each, ChangeAddress)), None)
    address = tidy_address(asked.model_dump()) if asked else None
    if not work.errors and not any(line.open > 0 for line in work.lines):
        work.refuse("/operations", "nothing_left", "Nothing would be left to send: cancel the whole order instead.")
    if work.errors:
        return Planned(None, tuple(work.errors))

    _tax_lines(work, address, around)
    extra = _keep_discount(order, work)
    method = next((each.method for each in operations if isinstance(each, ChangeShipping)), order.shipping_method)
    shipping, shipping_tax = _quote(work, address, method, extra, around)
    plan = _add_up(work, extra=extra, shipping=shipping, shipping_tax=shipping_tax)
    if work.errors:
        return Planned(None, tuple(work.errors))
    contact = next((each for each in operations if isinstance(each, ChangeContact)), None)
    plan = replace(plan, address=address, shipping_method=method)
    if contact:
        plan = replace(
            plan,
            email=order.email if contact.email is None else contact.email.strip().lower(),
            phone=order.phone if contact.phone is None else contact.phone,
        )
    return Planned(plan, reasons=tuple(work.reasons))


def _empty(order: OrderState) -> Plan:
    """Nothing is left of it but what has been shipped: `cancel_order` refuses where something was."""
    gone = tuple(replace(line, quantity=NOTHING, discount=NOTHING, tax=NOTHING) for line in order.lines)
    columns: dict[str, Any] = dict.fromkeys(_PLAN_DECIMALS, NOTHING)
    columns |= {"email": order.email, "phone": order.phone, "shipping_method": order.shipping_method}
    return Plan(lines=gone, address=None, **columns)


def _area(address: Mapping[str, str]) -> tuple[str, str]:
    return address.get("country", ""), address.get("province", "").strip().lower()


def _tax_lines(work: LineWork, address: Mapping[str, str] | None, around: Surroundings) -> None:
    """Tax what is new, or was free; where the order moves to another tax area, tax everything again."""
    moved = address is not None and _area(address) != _area(work.order.address)
    common = None if moved else find_common_rate(work.order)
    there = address if address is not None else work.order.address
    free = {line.id for line in work.order.lines if not line.net(work.order.currency)}
    unknown = []
    for place, line in enumerate(work.lines):
        came_from = work.origin.get(line.position, line.id)
        new = came_from is None or (came_from in free and line.net(work.order.currency))
        if not line.quantity or not (new or moved):
            continue
        choice = around.choices.get(line.sku)
        rate = find_tax_rate(
            around.taxes,
            country=there.get("country", ""),
            province=there.get("province", ""),
            category_id=choice.category_id if choice else None,
            on=around.today,
        )
        rate = common if rate is None else rate
        if rate is None:
            unknown.append(line.sku or line.title)
            continue
        work.lines[place] = replace(line, tax=_tax(work.order, line.net(work.order.currency), rate))
    if unknown and moved:
        sentence = "The address lies in another tax area, whose rates are not known here."
        work.reasons.append(Reason("other_tax_area", sentence, {"skus": unknown}))
    elif unknown:
        work.reasons.append(Reason("tax_unknown", f"The tax on {', '.join(unknown)} is not known.", {"skus": unknown}))


def _tax(order: OrderState, net: Decimal, rate: Decimal) -> Decimal:
    return tax_on(net, rate, included=order.tax_included, currency=order.currency)


def _keep_discount(order: OrderState, work: LineWork) -> Decimal:
    """The order's own discount: each line's share stays as far as the line does, by what it costs after its own.

    What is more than all lines cost was taken off shipping, and stays.
    """
    if order.extra_discount <= 0:
        return order.extra_discount
    nets = [line.net(order.currency) for line in order.lines]
    on_goods = min(order.extra_discount, sum(nets, NOTHING))
    shares = split_amount(on_goods, nets, order.currency)
    after: dict[int | None, Decimal] = defaultdict(Decimal)
    for line in work.lines:
        after[work.origin.get(line.position, line.id)] += line.net(order.currency)
    kept = (
        share if after[line.id] >= net else round_amount(share * after[line.id] / net, order.currency)
        for line, net, share in zip(order.lines, nets, shares, strict=True)
    )
    return sum(kept, order.extra_discount - on_goods)


def _quote(
    work: LineWork, address: Mapping[str, str] | None, method: str, extra: Decimal, around: Surroundings
) -> tuple[Decimal, Decimal]:
    """Shipping and the tax on it."""
    order = work.order
    before = quote_shipping(
        _parcel(order, order.lines, order.country, order.shipping_method, order.extra_discount), around.rates
    )
    country = order.country if address is None else address["country"]
    after = quote_shipping(_parcel(order, work.lines, country, method, extra), around.rates)
    moved = country != order.country
    if method != order.shipping_method and after is None:
        detail = f"{method} cannot carry this order to {country}."
        work.refuse("/operations", "method_not_offered", detail)
    elif moved and after is None:
        sentence = f"There is no shipping rate for {method or 'this order'} to {country}."
        work.reasons.append(Reason("no_shipping_rate", sentence, {"country": country}))

    prices = before[0] if before else None, after[0] if after else None
    another_way = moved or method != order.shipping_method
    price = _price_shipping(work, *prices, another_way=another_way, deals=around.deals)
    return price, _shipping_tax(order, price, after[1].tax_rate if after else None)


def _price_shipping(
    work: LineWork, before: Decimal | None, after: Decimal | None, *, another_way: bool, deals: Mapping[int, Deal]
) -> Decimal:
    """`before` and `after`: what the table says of the order as it was, and as it will be; None: nothing."""
    charged = work.order.shipping_total
    waived, waives = (find_waivers(lines, deals) for lines in (work.order.lines, work.lines))
    if waives:
        paid = charged if waived else NOTHING
        return price_waived(paid, before, after) if another_way else paid
    if waived:
        return recall_waived(waived, otherwise=charged) if after is None else after
    explained = before == charged
    return charged if after is None or not (explained or another_way) else after


def _parcel(order: OrderState, lines: Sequence[LineState], country: str, method: str, extra: Decimal) -> Parcel:
    kept = [line for line in lines if line.quantity - line.cancelled > 0]
    value = sum((line.net(order.currency) for line in kept), NOTHING) - extra
    weight = sum(int(line.weight_grams * (line.quantity - line.cancelled)) for line in kept)
    return Parcel(order.channel_id, country, method, order.currency, value, weight)


def _shipping_tax(order: OrderState, price: Decimal, rate: Decimal | None) -> Decimal:
    """By the row's own rate, else as shipping was taxed before, else as the goods are."""
    if price == order.shipping_total:
        return order.shipping_tax
    if rate is None and order.shipping_total:
        return round_amount(order.shipping_tax * price / order.shipping_total, order.currency)
    rate = find_common_rate(order) if rate is None else rate
    return _tax(order, price, rate or NOTHING)


def _add_up(work: LineWork, *, extra: Decimal, shipping: Decimal, shipping_tax: Decimal) -> Plan:
    order = work.order
    priced = [PricedLine(line.quantity, line.unit_price, line.discount, line.tax) for line in work.lines]
    extras = Extras(extra, shipping, shipping_tax, order.tip_total, order.duty_total)
    totals: Totals = add_up(priced, extras, tax_included=order.tax_included, currency=order.currency)
    if totals.total < 0:  # the discount was on shipping, too, and that costs less now
        extras = replace(extras, discount=extra + totals.total)
        totals = add_up(priced, extras, tax_included=order.tax_included, currency=order.currency)
    if max(totals.items, totals.tax, totals.total) >= LARGEST_TOTAL:
        work.refuse("/operations", "amount_too_large", "The order would be larger than any order can be.")
    return Plan(
        lines=tuple(work.lines),
        address=None,
        email=order.email,
        phone=order.phone,
        shipping_method=order.shipping_method,
        shipping_total=shipping,
        shipping_tax=shipping_tax,
        item_total=totals.items,
        discount_total=totals.discounts,
        tax_total=totals.tax,
        total=totals.total,
        credited=min(order.credited, totals.total),
    )


def dump_plan(plan: Plan) -> dict[str, Any]:
    """As JSON; decimals as strings."""
    columns = {name: _plain(getattr(plan, name)) for name in Plan.__slots__ if name != "lines"}
    lines = [{name: _plain(getattr(line, name)) for name in LineState.__slots__} for line in plan.lines]
    return columns | {"lines": lines}


def read_plan(stored: Mapping[str, Any], *, credited: Decimal | None = None) -> Plan:
    """What `dump_plan` wrote; with what the order is credited by now, where that is given."""
    lines = tuple(LineState(**_decimals(line, _LINE_DECIMALS)) for line in stored["lines"])
    plan = Plan(**(_decimals(stored, _PLAN_DECIMALS) | {"lines": lines}))
    return plan if credited is None else replace(plan, credited=min(credited, plan.total))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else dict(value) if isinstance(value, Mapping) else value


def _decimals(stored: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: Decimal(value) if name in names else value for name, value in stored.items()}
