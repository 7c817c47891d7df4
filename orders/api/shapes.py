"""What the OpenAPI document says an order looks like. `orders/queries/order_documents.py` builds it."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_BATCH = 500

Status = Literal["HELD", "RELEASED", "CLOSED", "CANCELLED"]
FinancialStatus = Literal["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED"]
FulfillmentStatus = Literal["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED"]
HoldReason = Literal[
    "EDIT_WINDOW",
    "PAYMENT",
    "FRAUD_REVIEW",
    "ADDRESS_CHECK",
    "STOCK_SHORT",
    "TOTALS_MISMATCH",
    "EXCHANGE_AWAITING_RETURN",
    "STAFF",
]


class MoneyShape(BaseModel):
    amount: str = Field(examples=["19.90"], pattern=r"^-?[0-9]+(\.[0-9]+)?$")
    currency: str = Field(pattern="^[A-Z]{3}$")


class CustomerShape(BaseModel):
    email: str
    name: str
    phone: str
    locale: str
    accepts_marketing: bool


class AddressShape(BaseModel):
    name: str
    company: str
    line1: str
    line2: str
    city: str
    province: str
    postal_code: str
    country: str
    phone: str


class LineShape(BaseModel):
    id: int
    external_id: str
    kind: Literal["PRODUCT", "CUSTOM", "GIFT_CARD", "FEE"]
    sku: str
    title: str
    quantity: float
    cancelled_quantity: float
    fulfilled_quantity: float
    open_quantity: float
    returned_quantity: float = Field(description="Units that came back, or are on their way.")
    unit_price: MoneyShape
    discount: MoneyShape
    tax: MoneyShape
    properties: dict[str, Any]


class ShippingShape(BaseModel):
    method: str
    amount: MoneyShape
    tax: MoneyShape


class AmountsShape(BaseModel):
    items: MoneyShape
    discount: MoneyShape
    shipping: MoneyShape
    tax: MoneyShape
    tip: MoneyShape
    duty: MoneyShape
    total: MoneyShape
    credited: MoneyShape = Field(description="Bought but not owed any more: cancelled, given back, forgiven.")
    paid: MoneyShape
    refunded: MoneyShape
    balance: MoneyShape = Field(description="total − credited − paid + refunded; negative: we owe it.")


class HoldShape(BaseModel):
    id: int
    reason: HoldReason
    detail: str
    until: datetime | None
    opened_at: datetime
    opened_by: str


class EditWindowShape(BaseModel):
    until: datetime | None
    rule: str
    reason: str


class PaymentShape(BaseModel):
    id: int
    gateway: str
    reference: str
    status: Literal["PENDING", "AUTHORIZED", "CAPTURED", "VOIDED", "FAILED"]
    amount: MoneyShape
    captured_at: datetime | None


class RefundShape(BaseModel):
    id: int
    external_id: str
    gateway: str
    amount: MoneyShape
    reason: str
    refunded_at: datetime


class OrderFulfillmentLineShape(BaseModel):
    line: int
    quantity: float


class OrderParcelShape(BaseModel):
    id: str
    status: str
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    expected_at: datetime | None
    delivered_at: datetime | None


class OrderFulfillmentShape(BaseModel):
    """What one warehouse is asked to send of the order; `GET /fulfillments/{id}` says more."""

    id: str
    warehouse: str
    status: str
    request_status: str
    ship_by: datetime | None
    deliver_by: datetime | None
    lines: list[OrderFulfillmentLineShape]
    shipments: list[OrderParcelShape]


class OrderReturnItemShape(BaseModel):
    line: int | None
    quantity: float
    resolution: str
    reception: str
    acceptance: str


class OrderReturnShape(BaseModel):
    """What of the order comes back; `GET /returns/{id}` says more."""

    id: str
    kind: str
    status: str
    method: str
    requested_at: datetime
    ended_at: datetime | None
    items: list[OrderReturnItemShape]


class OrderShape(BaseModel):
    number: str
    channel: str
    external_id: str
    external_number: str
    status: Status
    financial_status: FinancialStatus
    fulfillment_status: FulfillmentStatus
    version: int
    placed_at: datetime
    updated_at: datetime
    released_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    closed_at: datetime | None
    currency: str
    tax_included: bool
    customer: CustomerShape | None
    shipping_address: AddressShape | None
    billing_address: AddressShape | None
    lines: list[LineShape]
    shipping: ShippingShape
    total: MoneyShape
    paid: MoneyShape
    refunded: MoneyShape
    balance: MoneyShape
    money: AmountsShape
    totals_mismatch: bool
    stated_total: MoneyShape | None = Field(description="The channel's own figure, where it differs from `total`.")
    presentment: MoneyShape | None = Field(description="What the customer saw, in their currency.")
    holds: list[HoldShape] = Field(description="Open ones.")
    edit_window: EditWindowShape | None
    payments: list[PaymentShape]
    refunds: list[RefundShape]
    fulfillments: list[OrderFulfillmentShape]
    returns: list[OrderReturnShape]
    tags: list[str]
    note: str
    test: bool
    ship_after: date | None = Field(description="It does not leave before this day.")


class OrderPage(BaseModel):
    results: list[OrderShape]
    next_cursor: str | None


class BatchBody(BaseModel):
    """Up to 500 orders; each stands alone, so one that is wrong is answered in its place and stops no other."""

    model_config = ConfigDict(extra="forbid")

    orders: list[dict[str, Any]] = Field(
        min_length=1, max_length=MAX_BATCH, description="Each as `POST /orders` takes it."
    )


class BatchErrorShape(BaseModel):
    pointer: str
    code: str
    detail: str


class BatchMemberShape(BaseModel):
    status: Literal["placed", "known", "refused", "quarantined"]
    number: str | None
    errors: list[BatchErrorShape]


class BatchShape(BaseModel):
    results: list[BatchMemberShape] = Field(description="In the order sent.")


class TimelineEventShape(BaseModel):
    id: int
    type: str
    sequence: int
    by: str
    at: datetime
    facts: dict[str, Any]


class TimelinePage(BaseModel):
    results: list[TimelineEventShape] = Field(description="Oldest first.")
    next_cursor: str | None
