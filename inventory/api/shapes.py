"""What the catalogue and stock look like in answers."""

from datetime import datetime
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


def present_product(row: Row) -> dict[str, Any]:
    product = {name: value for name, value in row.items() if name not in ("category_code", "variants")}
    return product | {
        "category": row["category_code"],
        "variants": [present_variant(variant) for variant in row["variants"]],
    }


def present_variant(row: Row) -> dict[str, Any]:
    price = None if row["price"] is None else render_money(row["price"], row["currency"])
    return {name: value for name, value in row.items() if name != "currency"} | {"price": price}
