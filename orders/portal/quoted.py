"""A quote as a page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from inventory.policies.swatches import find_swatch
from oms.money import Money
from orders.models import Order, OrderLine
from orders.policies.edits.lines import Reason
from orders.policies.edits.quotes import Figures, Quote, QuotedLine
from orders.wording.words import name_method, say_options

_UNPAID = (Order.FinancialStatus.PENDING, Order.FinancialStatus.PARTIALLY_PAID)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`was`: what stood there before, where it was something else."""

    line: QuotedLine
    said: str
    swatch: str
    was: str
    mark: str

    @property
    def initial(self) -> str:
        return (self.line.title or self.line.sku or "·")[:1].upper()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure before and after."""

    name: str
    before: Money
    after: Money

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ShownQuote:
    quote: Quote
    lines: Sequence[ShownLine]
    rows: Sequence[Row]
    total: Row
    reasons: Sequence[str]
    low: str
    method: str
    unpaid: bool

    @property
    def pays(self) -> bool:
        return bool(self.quote.to_pay)

    @property
    def gets_back(self) -> bool:
        return bool(self.quote.to_get_back)

    @property
    def rise(self) -> Money:
        """What the order costs more, or less, than before. While it is not paid, nobody pays or gets that now."""
        return self.total.after - self.total.before

    @property
    def rises(self) -> bool:
        return self.unpaid and self.rise.amount > 0

    @property
    def falls(self) -> bool:
        return self.unpaid and self.rise.amount < 0


def describe_quote(quote: Quote, order: Order) -> ShownQuote:
    before = {line.sku: line for line in order.lines.select_related("variant") if line.sku}
    titles = {line.sku: line.title for line in quote.lines}
    return ShownQuote(
        quote=quote,
        lines=[_describe_line(line, before) for line in quote.lines],
        rows=_rows(quote.before, quote.after, included=order.tax_included),
        total=Row(gettext("Total"), quote.before.total, quote.after.total),
        reasons=[_say_reason(reason) for reason in quote.reasons],
        low=gettext(", ").join(titles.get(sku, sku) or sku for sku in quote.low_skus),
        method=name_method(quote.shipping_method) if quote.shipping_method != order.shipping_method else "",
        unpaid=order.financial_status in _UNPAID,
    )


def _describe_line(line: QuotedLine, before: Mapping[str, OrderLine]) -> ShownLine:
    old = before.get(line.swapped_from)
    was = say_options(old.variant.options) if old and old.variant else line.swapped_from
    marks = {
        "added": gettext("New"),
        "removed": gettext("Taken away"),
        "swapped": gettext("Swapped"),
        "changed": gettext("Changed"),
        "same": "",
    }
    return ShownLine(line, say_options(line.options), find_swatch(line.options), was, marks[line.change])


def _rows(before: Figures, after: Figures, *, included: bool) -> list[Row]:
    """Tax that is contained in the prices stands last and says so."""
    tax = gettext("Tax included") if included else gettext("Tax")
    rows = [
        Row(gettext("Items"), before.items, after.items),
        Row(gettext("Discount"), -before.discount, -after.discount),
        Row(gettext("Shipping"), before.shipping, after.shipping),
        Row(tax, before.tax, after.tax),
    ]
    return [row for row in rows if row.before or row.after or row.name == gettext("Shipping")]


def _say_reason(reason: Reason) -> str:
    """Why a person must look at it first."""
    facts: Mapping[str, Any] = reason.facts
    known = {
        "permission": gettext("Changes of this kind or size are looked at by our team first."),
        "other_tax_area": gettext("The new address is taxed differently; we work out the tax for you."),
        "tax_unknown": gettext("We work out the tax on the new item for you."),
        "no_shipping_rate": gettext("We work out what shipping there costs."),
        "price_unknown": gettext("We work out the price of %(sku)s for you.") % {"sku": facts.get("sku", "")},
    }
    return known.get(reason.code, gettext("Our team looks at this change first."))
