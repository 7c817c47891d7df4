"""An order before and after an edit, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.policies.swatches import find_swatch
from oms.money import Money, round_amount
from orders.models import Order, OrderLine
from orders.policies.edits.quotes import Figures, Quote, QuotedLine

CHANGES = {
    "same": ("", "mute"),
    "added": ("added", "good"),
    "removed": ("taken away", "bad"),
    "swapped": ("swapped", "cool"),
    "changed": ("changed", "cool"),
}
_ADDRESS = ("name", "company", "line1", "line2", "postal_code", "city", "province", "country", "phone")
_PLACE = ("postal_code", "city", "province")


@dataclass(frozen=True, slots=True)
class Side:
    """A line at one side of the edit; `amount` is after its discount."""

    sku: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """`before` None: it is new; `after` None: it is taken away."""

    title: str
    options: str
    swatch: str
    before: Side | None
    after: Side | None
    mark: str
    tone: str

    @property
    def initial(self) -> str:
        return (self.title or "?")[:1].upper()


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One amount of the order before and after."""

    name: str
    before: Money
    after: Money

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a page shows of a quote. `address`, and each of `words` (name, before, after), only where it differs."""

    lines: Sequence[ComparedLine]
    figures: Sequence[ComparedFigure]
    address: tuple[Sequence[str], Sequence[str]] | None
    words: Sequence[tuple[str, str, str]]


def compare(quote: Quote, order: Order) -> Comparison:
    """The order's lines and address must be those that the quote was made of."""
    before = {line.pk: line for line in order.lines.all()}
    address = order.shipping_address
    old = _say_address({part: getattr(address, part) for part in _ADDRESS} if address else {})
    new = _say_address(quote.address or {})
    return Comparison(
        lines=[_compare_line(line, before, quote.after.total.currency) for line in quote.lines],
        figures=_compare_figures(quote.before, quote.after, included=order.tax_included),
        address=(old, new) if quote.address is not None and old != new else None,
        words=[
            (name, was, now)
            for name, was, now in (
                ("E-mail", order.email, quote.email),
                ("Phone", order.phone, quote.phone),
                ("Shipping", order.shipping_method, quote.shipping_method),
            )
            if was != now
        ],
    )


def _compare_line(line: QuotedLine, rows: Mapping[int, OrderLine], currency: str) -> ComparedLine:
    row = rows.get(line.id) if line.id else None
    mark, tone = CHANGES[line.change]
    before = None
    if row and row.quantity:
        amount = round_amount(row.quantity * row.unit_price, currency) - row.discount
        before = Side(row.sku, row.quantity, row.unit_price, amount)
    after = Side(line.sku, line.quantity_after, line.unit_price, line.amount.amount) if line.quantity_after else None
    options = ", ".join(str(value) for value in line.options.values())
    return ComparedLine(line.title or line.sku, options, find_swatch(line.options), before, after, mark, tone)


def _compare_figures(before: Figures, after: Figures, *, included: bool) -> list[ComparedFigure]:
    """Without those that are nothing at both sides; the total last."""
    figures = [
        ComparedFigure("Items", before.items, after.items),
        ComparedFigure("Discounts", -before.discount, -after.discount),
        ComparedFigure("Shipping", before.shipping, after.shipping),
        ComparedFigure("Tax (included)" if included else "Tax", before.tax, after.tax),
    ]
    shown = [figure for figure in figures if figure.before or figure.after]
    return [*shown, ComparedFigure("Total", before.total, after.total)]


def _say_address(address: Mapping[str, str]) -> list[str]:
    """As on a label, the town in one line with its postal code."""
    place = " ".join(filter(None, (address.get("postal_code"), address.get("city"), address.get("province"))))
    parts = {part: address.get(part, "") for part in _ADDRESS if part not in _PLACE} | {"place": place}
    order = ("name", "company", "line1", "line2", "place", "country", "phone")
    return [parts[part] for part in order if parts[part]]
