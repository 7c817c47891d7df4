"""What a customer may put on an order: variants in stock, with their price in the order's currency."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from inventory.models import Category, Reservation, Variant
from orders.models import Order, OrderLine

MOST_FOUND = 60
_UNITS = DecimalField(max_digits=12, decimal_places=3)


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as it stands on the shelf. `price` None: it has none in the order's currency."""

    sku: str
    title: str
    options: Mapping[str, Any]
    available: Decimal
    price: Decimal | None
    currency: str
    product_id: int
    divisible: bool


def offers_beside(line: OrderLine, currency: str) -> list[Offer]:
    """All variants of the line's product that are sold, its own included, in stock or not."""
    assert line.variant is not None
    return _read(_sold().filter(product=line.variant.product_id), currency)


def offers_of_products(product_ids: Collection[int], currency: str) -> dict[int, list[Offer]]:
    """The same for many lines at once: the variants that are sold, by their product."""
    offers: dict[int, list[Offer]] = {}
    for offer in _read(_sold().filter(product__in=product_ids).order_by("product_id", "id"), currency):
        offers.setdefault(offer.product_id, []).append(offer)
    return offers


def search_offers(words: str, order: Order) -> list[Offer]:
    """What is in stock and has a price for this order, by title, SKU or category; without words what sells best."""
    found = _sold(least=1).filter(price__isnull=False, currency=order.currency)
    for word in words.split()[:6]:
        found = found.filter(
            Q(product__title__icontains=word)
            | Q(sku__istartswith=word)
            | Q(product__category__name__icontains=word)
            | Q(product__category__parent__name__icontains=word)
            | Q(product__product_type__icontains=word)
        )
    fastest = found.order_by("-availability__velocity", "product__title", "id")
    return _read(fastest[:MOST_FOUND], order.currency)


def list_shelves() -> list[str]:
    """The names of the categories that hold something, to browse by."""
    return list(
        Category.objects.filter(products__active=True).distinct().order_by("name").values_list("name", flat=True)
    )


def _sold(*, least: int = 0) -> QuerySet[Variant, Any]:
    """Variants that are sold and of which at least so many are left for a new buyer."""
    waiting = (
        Reservation.objects.filter(variant=OuterRef("pk"), state=Reservation.State.SHORT)
        .order_by()
        .values("variant")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    left = F("availability__sellable") - F("availability__promised")
    queue = Coalesce(Subquery(waiting, output_field=_UNITS), Decimal(0), output_field=_UNITS)
    return (
        Variant.objects.filter(active=True, product__active=True, availability__isnull=False)
        .select_related("product")
        .annotate(left=Greatest(left - queue, Decimal(0), output_field=_UNITS))
        .filter(left__gte=least)
    )


def _read(variants: QuerySet[Variant, Any], currency: str) -> list[Offer]:
    return [
        Offer(
            sku=variant.sku,
            title=variant.product.title,
            options=variant.options,
            available=variant.left,
            price=variant.price if variant.currency == currency else None,
            currency=currency,
            product_id=variant.product_id,
            divisible=variant.divisible,
        )
        for variant in variants
    ]
