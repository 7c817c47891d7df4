"""A draft in all: what comes back for what, and what it brings."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from inventory.models import Variant
from orders.models import Order
from orders.portal.items import Item, describe_line
from orders.wording.words import say_options
from returns.choices import Resolution
from returns.models import ReturnReason
from returns.policies.quotes import ReturnQuote, Sums
from returns.portal.drafts import ReturnDraft
from returns.wording.words import name_reason, name_resolution


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """`brings`: None where no money is said of it."""

    item: Item
    quantity: Decimal
    reason: str
    comment: str
    photos: int
    resolution: str
    instead: str
    brings: Decimal | None


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure: what is added, or taken off."""

    name: str
    amount: Decimal
    total: bool = False


def list_summary(order: Order, draft: ReturnDraft, quote: ReturnQuote) -> list[SummaryItem]:
    lines = order.lines.select_related("variant").filter(pk__in=draft.items).order_by("position")
    reasons = {reason.code: name_reason(reason) for reason in ReturnReason.objects.all()}
    skus = [item.exchange_sku for item in draft.items.values() if item.exchange_sku]
    instead = {each.sku: say_options(each.options) or each.sku for each in Variant.objects.of_skus(skus)}
    brings = {line: item.value for line, item in zip(draft.items, quote.items, strict=True)}
    return [
        SummaryItem(
            item=describe_line(line, order.currency),
            quantity=Decimal(draft.items[line.pk].quantity),
            reason=reasons.get(draft.items[line.pk].reason, ""),
            comment=draft.items[line.pk].comment,
            photos=0,
            resolution=name_resolution(draft.items[line.pk].resolution),
            instead=instead.get(draft.items[line.pk].exchange_sku, ""),
            brings=brings.get(line.pk),
        )
        for line in lines
    ]


def describe_sums(sums: Sums, resolutions: Collection[str]) -> list[Sum]:
    """From the goods' value down to what is given. What is paid with at an exchange counts as given, too."""
    parts = [
        Sum(gettext("Value of the items"), sums.value),
        Sum(gettext("Shipping, given back"), sums.shipping_refund),
        Sum(gettext("Return label"), -sums.label_fee),
        Sum(gettext("Restocking"), -sums.restocking_fee),
        Sum(gettext("Bonus on store credit"), sums.bonus),
    ]
    rows = [part for part in parts if part.amount]
    return [*(rows if len(rows) > 1 else []), Sum(_name_total(set(resolutions)), sums.given + sums.bonus, total=True)]


def _name_total(kinds: set[str]) -> str:
    if kinds == {Resolution.STORE_CREDIT}:
        return gettext("You get as store credit")
    if kinds == {Resolution.REFUND}:
        return gettext("You get back")
    if kinds == {Resolution.EXCHANGE}:
        return gettext("Put towards your exchange")
    return gettext("In all")
