"""Goods on shelves, put there by the product's own actions."""

from datetime import datetime
from decimal import Decimal

from inventory.actions.cataloguing import create_products
from inventory.actions.counting import Count, count_stock
from inventory.actions.moving import Kind, Move, move_stock
from inventory.incoming import IncomingProduct
from inventory.models import Availability, Reservation, StockLevel, Variant, Warehouse
from tests.make.moments import ADA, NOON

SKU, LEJ = "TEE-M-BLK", "LEJ"

Units = int | str | Decimal


def warehouse(code: str = LEJ, *, country: str = "DE", active: bool = True) -> Warehouse:
    """The warehouse of that code, made if there is none."""
    made, _ = Warehouse.objects.get_or_create(
        code=code, defaults={"name": code.title(), "country": country, "active": active}
    )
    return made


def variant(sku: str = SKU, *, divisible: bool = False, title: str = "Linen tee") -> Variant:
    """A SKU that nobody has counted yet, of a product of its own."""
    price = {"amount": "19.90", "currency": "EUR"}
    document = {"title": title, "variants": [{"sku": sku, "divisible": divisible, "price": price}]}
    (outcome,) = create_products([IncomingProduct.model_validate(document)], by=ADA, at=NOON)
    assert outcome.status in ("created", "known"), outcome.errors
    return Variant.objects.get(sku=sku)


def stocked_variant(
    sku: str = SKU, on_hand: Units = 10, *, safety: Units = 0, divisible: bool = False, place: str = LEJ
) -> Variant:
    """A SKU with so many on the shelf of one warehouse."""
    warehouse(place)
    made = variant(sku, divisible=divisible)
    count(sku, on_hand, safety=safety, place=place)
    return made


def stocked_variants(*skus: str, on_hand: Units = 10) -> list[Variant]:
    return [stocked_variant(sku, on_hand) for sku in skus]


def count(
    sku: str = SKU,
    on_hand: Units | None = None,
    *,
    safety: Units | None = None,
    place: str = LEJ,
    at: datetime = NOON,
) -> bool:
    """Somebody counted; a figure that is not given stays."""
    figures = [None if figure is None else Decimal(figure) for figure in (on_hand, safety)]
    return count_stock([Count(sku, place, *figures)], by=ADA, at=at)


def move(kind: Kind, quantity: Units, *, sku: str = SKU, place: str = LEJ, to: str = "", at: datetime = NOON) -> bool:
    """One movement of one SKU."""
    return move_stock([Move(kind, sku, place, Decimal(quantity), to)], by=ADA, at=at)


def receive(quantity: Units, *, sku: str = SKU, place: str = LEJ, at: datetime = NOON) -> bool:
    return move(Kind.RECEIVE, quantity, sku=sku, place=place, at=at)


def promises(sku: str = SKU) -> tuple[Decimal, Decimal]:
    """What may be sold of the SKU, and what is promised."""
    return Availability.objects.values_list("sellable", "promised").get(variant__sku=sku)


def available(sku: str = SKU) -> Decimal:
    sellable, promised = promises(sku)
    return sellable - promised


def on_hand(sku: str = SKU, place: str = LEJ) -> Decimal:
    return StockLevel.objects.values_list("on_hand", flat=True).get(variant__sku=sku, warehouse__code=place)


def reservations(reference: str = "") -> list[tuple[str, str, Decimal, str]]:
    """Open reservations, oldest first: reference, SKU, units, state."""
    rows = Reservation.objects.open().order_by("id").select_related("variant")
    if reference:
        rows = rows.filter(reference=reference)
    return [(row.reference, row.variant.sku, row.quantity, row.state) for row in rows]
