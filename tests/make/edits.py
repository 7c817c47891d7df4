"""A shop in which orders can be edited: a tee in three sizes, a pair of socks, and an order of two tees."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from inventory.models import Reservation
from oms.quantities import plain
from orders.actions.edits.editing import edit_order, preview_edit
from orders.models import Edit, EditPermission, Order, ShippingRate, TaxRate
from orders.policies.edits.quotes import Quote
from tests.make.moments import NOON, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.stock import count, warehouse

SMALL, MEDIUM, LARGE, SOCKS = "TEE-S", "TEE-M", "TEE-L", "SOCKS"
SOON = NOON + ONE_MINUTE

MUNICH = {
    "name": "Ada Meier",
    "company": "",
    "line1": "Marienplatz 1",
    "line2": "",
    "city": "München",
    "province": "",
    "postal_code": "80331",
    "country": "DE",
    "phone": "",
}
PARIS = MUNICH | {"line1": "1 rue de Rivoli", "city": "Paris", "postal_code": "75001", "country": "FR"}


def open_shop(*, units: int = 10, large_price: str = "19.90") -> None:
    """The catalogue, with so many units of each SKU on the shelf."""
    warehouse()
    prices = {SMALL: "19.90", MEDIUM: "19.90", LARGE: large_price}
    tees = [
        {"sku": sku, "options": {"size": sku[-1]}, "price": {"amount": price, "currency": "EUR"}, "weight_grams": 180}
        for sku, price in prices.items()
    ]
    socks = {"sku": SOCKS, "price": {"amount": "7.50", "currency": "EUR"}, "weight_grams": 60}
    products = [{"title": "Linen tee", "variants": tees}, {"title": "Wool socks", "variants": [socks]}]
    create_products([IncomingProduct.model_validate(each) for each in products], by="staff:ada", at=NOON)
    for sku in (*prices, SOCKS):
        count(sku, units)


def order_of_tees(quantity: int = 2, **fields: Any) -> Order:
    """Two medium tees, 4.90 shipping, 19 % tax included, paid."""
    tax = (Decimal("19.90") * quantity * 19 / 119).quantize(Decimal("0.01"))
    body: dict[str, Any] = {"shipping": {"method": "standard", "amount": "4.90", "tax": "0.78"}}
    return placed_order([line(MEDIUM, quantity, tax=str(tax))], **(body | fields))


def line_of(order: Order, sku: str) -> int:
    """The id of the line of that SKU."""
    return order.lines.get(sku=sku).pk


def swap(order: Order, sku: str = LARGE, *, of: str = MEDIUM, **fields: Any) -> dict[str, Any]:
    return {"op": "swap_variant", "line": line_of(order, of), "sku": sku} | fields


def set_quantity(order: Order, quantity: float, *, of: str = MEDIUM) -> dict[str, Any]:
    return {"op": "set_quantity", "line": line_of(order, of), "quantity": quantity}


def add(sku: str = SOCKS, quantity: float = 1) -> dict[str, Any]:
    return {"op": "add_item", "sku": sku, "quantity": quantity}


def cancel_line(order: Order, *, of: str = MEDIUM) -> dict[str, Any]:
    return {"op": "cancel_line", "line": line_of(order, of)}


def move(address: Mapping[str, str] = MUNICH) -> dict[str, Any]:
    return {"op": "change_address", "address": dict(address)}


def edit(
    order: Order, *operations: dict[str, Any], actor: str = "CUSTOMER", at: datetime = SOON, **fields: Any
) -> Edit:
    """Somebody edits the order, the customer unless said otherwise."""
    return edit_order(number=order.number, operations=operations, actor=actor, by=actor.lower(), at=at, **fields)


def preview(order: Order, *operations: dict[str, Any], actor: str = "CUSTOMER", at: datetime = SOON) -> Quote:
    return preview_edit(number=order.number, operations=operations, actor=actor, by=actor.lower(), at=at)


def rate(price: str = "4.90", *, method: str = "standard", **fields: Any) -> ShippingRate:
    """A row of the shipping table, for anywhere unless said otherwise."""
    return ShippingRate.objects.create(method=method, price=price, currency="EUR", **fields)


def tax(percent: str, *, country: str = "DE", **fields: Any) -> TaxRate:
    return TaxRate.objects.create(country=country, rate=Decimal(percent) / 100, from_date="2020-01-01", **fields)


def promised_to(reference: str) -> dict[str, Any]:
    """Units promised to one reference, by SKU."""
    rows = Reservation.objects.filter(reference=reference, state="PROMISED").values_list("variant__sku", "quantity")
    sums: dict[str, Decimal] = {}
    for sku, units in rows:
        sums[sku] = sums.get(sku, Decimal(0)) + units
    return {sku: plain(units) for sku, units in sums.items()}


def holds(order: Order) -> dict[str, int]:
    """Open units by SKU, as the lines say."""
    units: dict[str, Decimal] = {}
    for each in order.lines.all():
        if each.open_quantity:
            units[each.sku] = units.get(each.sku, Decimal(0)) + each.open_quantity
    return {sku: int(number) for sku, number in units.items()}


def money_of(order: Order) -> dict[str, str]:
    """The order's amounts, as the database has them now."""
    order.refresh_from_db()
    names = ("item_total", "discount_total", "shipping_total", "tax_total", "total", "paid", "refunded")
    return {name: f"{getattr(order, name):.2f}" for name in names}


def anybody_may() -> None:
    """Anybody may change anything: for tests that begin with empty tables, without the rows of the migrations."""
    EditPermission.objects.get_or_create(actor="ANY", operation="ANY", verdict="ALLOW")


def staff_must_ask(operation: str = "cancel_order", **fields: Any) -> EditPermission:
    """Staff need an approval for it: the first row of the table."""
    row = {"actor": "STAFF", "operation": operation, "verdict": "APPROVE", "sentence": "Two look at this."}
    return EditPermission.objects.create(position=0, **(row | fields))
