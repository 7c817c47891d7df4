"""What is wrong with a campaign: each fault at its field, with what to do about it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from inventory.models import Category, Variant
from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from oms.errors import FieldError
from oms.models import Channel
from oms.money import fits_minor_unit
from upsell.choices import DiscountKind, Source
from upsell.models import Campaign

_IN_MONEY = (DiscountKind.AMOUNT, DiscountKind.BUNDLE_PRICE)
_WITHOUT_FIGURE = (DiscountKind.NONE, DiscountKind.FREE_SHIPPING)


def find_faults(campaign: Campaign) -> list[FieldError]:
    """Empty: it can run as it is written."""
    return [
        *_faults_of_name(campaign),
        *_faults_of_span(campaign),
        *_faults_of_audience(campaign),
        *_faults_of_money(campaign),
        *_faults_of_goods(campaign),
        *_faults_of_caps(campaign),
    ]


def _faults_of_name(campaign: Campaign) -> Iterator[FieldError]:
    if not campaign.name.strip():
        yield _fault("name", "Give it a name.")
    elif Campaign.objects.filter(name=campaign.name).exclude(pk=campaign.pk).exists():
        yield _fault("name", "Another campaign has this name.")


def _faults_of_span(campaign: Campaign) -> Iterator[FieldError]:
    if not campaign.placements:
        yield _fault("placements", "Say at least one place where it is shown.")
    if campaign.starts_at and campaign.ends_at and campaign.ends_at <= campaign.starts_at:
        yield _fault("ends_at", "It ends before it begins.")


def _faults_of_audience(campaign: Campaign) -> Iterator[FieldError]:
    yield from _unknown("channels", campaign.channels, Channel.objects.values_list("code", flat=True), "channel")
    yield from _unknown("categories", campaign.categories, Category.objects.values_list("code", flat=True), "category")
    yield from _unknown("countries", campaign.countries, COUNTRIES, "country")


def _faults_of_money(campaign: Campaign) -> Iterator[FieldError]:
    kind, discount = campaign.discount_kind, Decimal(campaign.discount)
    amounts = [each for each in (campaign.least_total, campaign.most_total) if each is not None]
    if kind in _IN_MONEY:
        amounts.append(discount)
    if amounts and campaign.currency not in MINOR_UNITS:
        yield _fault("currency", "Amounts need a currency: a code of ISO 4217 such as EUR.")
    elif any(not fits_minor_unit(Decimal(each), campaign.currency) for each in amounts):
        yield _fault("currency", f"An amount here has more digits than {campaign.currency} knows.")
    if kind in _WITHOUT_FIGURE and discount:
        yield _fault("discount", "Without a discount in figures this stays empty.")
    if kind not in _WITHOUT_FIGURE and discount <= 0:
        yield _fault("discount", "Say how much: it must be above zero.")
    if kind == DiscountKind.PERCENTAGE and discount > 100:
        yield _fault("discount", "A percentage is 100 at most.")
    if None not in (campaign.least_total, campaign.most_total) and campaign.most_total < campaign.least_total:  # type: ignore[operator]
        yield _fault("most_total", "No order is both above the least total and below this.")


def _faults_of_goods(campaign: Campaign) -> Iterator[FieldError]:
    bundle = campaign.discount_kind == DiscountKind.BUNDLE_PRICE
    if bundle and campaign.source != Source.FIXED:
        yield _fault("source", "A bundle is a fixed list: choose that, and name its SKUs.")
    if (bundle or campaign.source == Source.FIXED) and not campaign.skus:
        yield _fault("skus", "Name the SKUs that are offered.")
        return
    found = {variant.sku: variant for variant in Variant.objects.filter(sku__in=campaign.skus)}
    yield from _unknown("skus", campaign.skus, found, "SKU")
    if off := sorted(sku for sku, variant in found.items() if not variant.active):
        yield _fault("skus", f"Not sold any more: {', '.join(off)}.")
    if bundle and len(found) == len(set(campaign.skus)):
        yield from _faults_of_bundle(campaign, found)


def _faults_of_bundle(campaign: Campaign, found: dict[str, Variant]) -> Iterator[FieldError]:
    units = Counter(campaign.skus)
    if units.total() < 2:
        yield _fault("skus", "A bundle has two units at least; name a SKU twice for two of it.")
    unpriced = sorted(sku for sku, each in found.items() if each.price is None or each.currency != campaign.currency)
    if unpriced:
        yield _fault("skus", f"Without a price in {campaign.currency or 'the currency'}: {', '.join(unpriced)}.")
        return
    usual = sum((each.price * units[sku] for sku, each in found.items() if each.price is not None), Decimal(0))
    if campaign.discount >= usual:
        yield _fault("discount", f"Bought apart they cost {usual:.2f} {campaign.currency}: the bundle must cost less.")


def _faults_of_caps(campaign: Campaign) -> Iterator[FieldError]:
    if not 0 <= campaign.holdout_share <= Decimal("0.9"):
        yield _fault("holdout_share", "From 0 to 90 per cent.")
    if campaign.margin_floor is not None and not 0 <= campaign.margin_floor < 1:
        yield _fault("margin_floor", "From 0 to 99 per cent.")
    if not 1 <= campaign.most_shown <= 6:
        yield _fault("most_shown", "From 1 to 6 side by side.")
    if not 1 <= campaign.most_accepted <= 3:
        yield _fault("most_accepted", "From 1 to 3 an order.")
    if not 0 <= campaign.mail_share <= 1:
        yield _fault("mail_share", "From 0 to 100 per cent of the window.")
    if campaign.stock_floor < 0:
        yield _fault("stock_floor", "Not below zero.")


def _unknown(field: str, named: Iterable[str], known: Iterable[str], what: str) -> Iterator[FieldError]:
    if not named:
        return
    if missing := sorted(set(named) - set(known)):
        yield _fault(field, f"There is no {what} {', '.join(missing)}.")


def _fault(field: str, detail: str) -> FieldError:
    return FieldError(f"/{field}", "campaign_wrong", detail)
