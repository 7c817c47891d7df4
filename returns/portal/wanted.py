"""The items of a draft, each to be given its resolution: what each way brings, and what can come instead."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from oms.portal.pages import read_text
from orders.models import Order, OrderLine
from orders.portal.items import Item, describe_line
from orders.portal.offers import Choice, Shade, group_offers, group_shades
from orders.queries.edits.shelf import Offer, offers_of_products
from returns.choices import Resolution
from returns.models import ReturnReason
from returns.policies.quotes import LineQuote, ResolutionQuote, ReturnQuote
from returns.policies.size_advice import SizeAdvice, SizeFigures, advise_on_size
from returns.portal.drafts import DraftItem, ReturnDraft
from returns.queries.size_figures import read_size_figures
from returns.wording.words import explain_resolution, name_resolution

LONGEST_SKU = 100
FEW_SHADES = 2


@dataclass(frozen=True, slots=True)
class Way:
    """One resolution as it is shown. `total`: amount and bonus."""

    code: str
    name: str
    said: str
    total: Decimal
    bonus: Decimal
    has_amount: bool


@dataclass(slots=True)
class Wanted:
    """One item: its ways, and what it can be exchanged for; `advice` of those who had its size before."""

    item: Item
    draft: DraftItem
    ways: Sequence[Way]
    shades: Sequence[Shade]
    advice: SizeAdvice | None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def quantity(self) -> Decimal:
        return Decimal(self.draft.quantity)

    @property
    def near(self) -> Sequence[Shade]:
        """Shown at once: its own color, which comes first; all, where they are few."""
        return self.shades if len(self.shades) <= FEW_SHADES else self.shades[:1]

    @property
    def far(self) -> Sequence[Shade]:
        return self.shades[len(self.near) :]

    @property
    def chose_far(self) -> bool:
        return any(choice.sku == self.draft.exchange_sku for shade in self.far for choice in shade.choices)

    @property
    def chosen(self) -> str:
        codes = [way.code for way in self.ways]
        return self.draft.resolution if self.draft.resolution in codes else next(iter(codes), "")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What stands beside the items: variants by product, what others said of sizes, and which reasons are our fault."""

    offers: Mapping[int, Sequence[Offer]]
    figures: Mapping[int, SizeFigures]
    faults: Collection[str]


def list_wanted(order: Order, draft: ReturnDraft, quote: ReturnQuote) -> list[Wanted]:
    """In the order's own order. The quote is that of the draft."""
    lines = list(order.lines.select_related("variant").filter(pk__in=draft.items).order_by("position"))
    quoted = {line.line: line for line in quote.lines}
    products = {line.variant.product_id for line in lines if line.variant}
    shelf = _Shelf(
        offers_of_products(products, order.currency),
        read_size_figures(products, at=timezone.now()),
        set(ReturnReason.objects.filter(merchant_fault=True).values_list("code", flat=True)),
    )
    found = [line for line in lines if line.pk in quoted]
    return [_describe(line, order.currency, draft.items[line.pk], quoted[line.pk], shelf) for line in found]


def _describe(line: OrderLine, currency: str, draft: DraftItem, quote: LineQuote, shelf: _Shelf) -> Wanted:
    """The same again is for what was broken or wrong."""
    product = line.variant.product_id if line.variant else 0
    shades = _group(line, shelf.offers.get(product, ()), Decimal(draft.quantity))
    offered = [each for each in quote.resolutions if each.available and (shades or not _is_exchange(each))]
    ways = [_way(each) for each in offered if each.resolution != Resolution.REPLACEMENT or draft.reason in shelf.faults]
    return Wanted(describe_line(line, currency), draft, ways, shades, advise_on_size(shelf.figures.get(product)))


def _is_exchange(quote: ResolutionQuote) -> bool:
    return quote.resolution == Resolution.EXCHANGE


def _group(line: OrderLine, offers: Sequence[Offer], quantity: Decimal) -> list[Shade]:
    """Only what is there in that quantity; the difference is to what was paid for one."""
    there = [offer for offer in offers if offer.available >= quantity or offer.sku == line.sku]
    choices: list[Choice] = [each for one in group_offers(there, base=line.unit_price) for each in one.choices]
    return group_shades(choices, own=line.sku)


def _way(quote: ResolutionQuote) -> Way:
    return Way(
        code=quote.resolution,
        name=name_resolution(quote.resolution),
        said=explain_resolution(quote.resolution),
        total=quote.amount + quote.bonus,
        bonus=quote.bonus,
        has_amount=quote.resolution in (Resolution.REFUND, Resolution.STORE_CREDIT),
    )


def read_choices(request: HttpRequest, wanted: Sequence[Wanted]) -> bool:
    """What was chosen, onto the draft's items; True when all of it can be."""
    for each in wanted:
        line, draft = each.item.id, each.draft
        draft.resolution = read_text(request.POST, f"resolution-{line}", most=20)
        draft.exchange_sku = ""
        if draft.resolution not in [way.code for way in each.ways]:
            each.errors["resolution"] = gettext("Choose what you would like for it.")
        elif draft.resolution == Resolution.EXCHANGE:
            draft.exchange_sku = read_text(request.POST, f"sku-{line}", most=LONGEST_SKU)
            if draft.exchange_sku not in [choice.sku for shade in each.shades for choice in shade.choices]:
                each.errors["sku"] = gettext("Choose the size or color that you want instead.")
    return not any(each.errors for each in wanted)
