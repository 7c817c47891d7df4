"""What the OpenAPI document says offers look like. `upsell/queries/offer_documents.py` builds them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from orders.api.editing import EditShape
from orders.api.shapes import MoneyShape

PlacementWord = Literal["CONFIRMATION", "ORDER", "EDIT", "RETURN", "MAIL", "API"]


class OfferItemShape(BaseModel):
    id: int = Field(description="What `add_item` names as its `offer`.")
    sku: str
    title: str
    options: dict[str, Any]
    quantity: float
    unit_price: MoneyShape
    discount: MoneyShape = Field(description="Taken off all of its units.")


class BecauseShape(BaseModel):
    """Why it was chosen: `bought_with` an item of the order, `bought_before`, `same_kind`, `popular`, `fills` …"""

    code: str
    sku: str
    title: str
    size: str | None = Field(None, description="Where it is in a size that its customer has: which.")
    known_from: Literal["order", "kept"] | None = Field(None, description="From this order, or one whose goods stayed.")


class OfferShape(BaseModel):
    """Something offered with an order. It can be accepted as long as the order's edit window is open."""

    id: int
    order: str
    campaign: int
    state: Literal["OPEN", "AWAITING_PAYMENT", "ACCEPTED", "REFUSED", "EXPIRED", "WITHDRAWN"]
    items: list[OfferItemShape] = Field(description="All of them, or none.")
    price: MoneyShape
    saving: MoneyShape
    frees_shipping: bool
    because: BecauseShape
    placements: list[PlacementWord]
    edit: int | None = Field(description="The edit by which it is being accepted, or was.")
    made_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


class GapShape(BaseModel):
    """What is missing until the order ships free."""

    threshold: MoneyShape
    reached: MoneyShape = Field(description="The goods after all discounts.")
    missing: MoneyShape
    shipping: MoneyShape = Field(description="What would be saved.")
    method: str


class OffersShape(BaseModel):
    results: list[OfferShape]
    next_cursor: None
    gap: GapShape | None
    until: datetime | None = Field(description="The end of the order's edit window: offers live no longer.")
    words: dict[str, str] = Field(description="What stands above them, by language.")


class AcceptanceShape(BaseModel):
    offer: OfferShape
    edit: EditShape
