"""A draft in all: what comes back for what, and what it brings."""

from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Variant
from orders.models import Order
from orders.portal.items import Item, describe_line
from orders.wording.words import say_options
from returns.models import ReturnReason
from returns.policies.quotes import ReturnQuote
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
