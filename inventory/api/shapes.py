"""What the catalogue and stock look like in answers."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from inventory.queries.catalogue import Row
from oms.api.rendering import render_money
from oms.api.schema import ErrorShape


class MoneyShape(BaseModel):
    """An amount to its currency's minor unit."""

    amount: str
    currency: str


class VariantShape(BaseModel):
    """One SKU."""

    sku: str
    options: dict[str, Any]
    barcode: str
    price: MoneyShape | None
    unit_cost: MoneyShape | None = Field(description="Without tax; null also for keys without `stock:write`.")
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    hs_code: str
    origin: str
    divisible: bool
    active: bool


class ProductShape(BaseModel):
    """A product with its variants."""

    id: int
    title: str
    handle: str | None
    product_type: str
    category: str | None
    brand: str
    description: str
    care: str
    handling: list[str]
    tags: list[str]
    active: bool
    variants: list[VariantShape]
    created_at: datetime
    updated_at: datetime


class ProductPageShape(BaseModel):
    """A page of products."""

    results: list[ProductShape]
    next_cursor: str | None


class ProductOutcomeShape(BaseModel):
    """What became of one member of a batch; `errors` point into that member."""

    status: Literal["created", "known", "refused"]
    id: int | None
    errors: list[ErrorShape]


class ProductBatchShape(BaseModel):
    """In the order sent."""

    results: list[ProductOutcomeShape]


class CategoryShape(BaseModel):
    """A shelf of the catalogue."""

    code: str
    name: str
    parent: str | None


class CategoryPageShape(BaseModel):
    """A page of categories."""

    results: list[CategoryShape]
    next_cursor: str | None


class LevelShape(BaseModel):
    """What lies in one warehouse. `on_hand` is in selling condition; `allocated` of it belongs to routed orders."""

    warehouse: str
    on_hand: float
    allocated: float
    safety: float
    damaged: float
    quality_control: float
    incoming: float


class ChannelStockShape(BaseModel):
    """What a channel is told: available less its buffer, never below zero."""

    channel: str
    available: float


class StockShape(BaseModel):
    """One SKU's stock. available = sellable - promised."""

    sku: str
    sellable: float
    promised: float
    available: float
    low: bool = Field(description="Fell to its threshold and has not clearly recovered.")
    levels: list[LevelShape]
    channels: list[ChannelStockShape]


class StockPageShape(BaseModel):
    """A page of stock."""

    results: list[StockShape]
    next_cursor: str | None


class MovedShape(BaseModel):
    """The stock of every SKU that moved, as it is now."""

    results: list[StockShape]


def present_product(row: Row, *, with_costs: bool) -> dict[str, Any]:
    """What things cost the shop is for those who keep its catalogue."""
    product = {name: value for name, value in row.items() if name not in ("category_code", "variants")}
    return product | {
        "category": row["category_code"],
        "variants": [present_variant(variant, with_cost=with_costs) for variant in row["variants"]],
    }


def present_variant(row: Row, *, with_cost: bool) -> dict[str, Any]:
    cost = row["unit_cost"] if with_cost else None
    money = {"price": _money(row["price"], row["currency"]), "unit_cost": _money(cost, row["currency"])}
    return {name: value for name, value in row.items() if name != "currency"} | money


def _money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else render_money(amount, currency)
