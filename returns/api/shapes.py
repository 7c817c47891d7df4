"""What the OpenAPI document says a return looks like. `returns/queries/return_documents.py` builds it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from orders.api.shapes import MoneyShape

Status = Literal["REQUESTED", "OPEN", "CLOSED", "DECLINED", "CANCELED"]
Kind = Literal["RETURN", "WITHDRAWAL", "CLAIM"]
ResolutionWord = Literal["REFUND", "STORE_CREDIT", "EXCHANGE", "REPLACEMENT"]
MethodWord = Literal["PREPAID_LABEL", "QR_DROP_OFF", "IN_STORE", "OWN_CARRIER", "KEEP_IT"]
GradeWord = Literal["A", "B", "C", "D"]
DispositionWord = Literal[
    "RESTOCK", "QUARANTINE", "REFURBISH", "REPAIR", "RESELL_LOCALLY", "DONATE", "SCRAP", "MISSING"
]

ConditionWord = Literal["UNWORN", "UNWASHED", "TAGS_ATTACHED", "ORIGINAL_PACKAGING", "ALL_ACCESSORIES", "SEAL_UNBROKEN"]

UNSEEN = "None for a key that is limited to warehouses."


class DecisionShape(BaseModel):
    verdict: Literal["", "APPROVE", "REVIEW", "DECLINE", "KEEP_IT"] = Field(description='"": nobody decided yet.')
    by: str
    because: list[str]
    rule: str


class ReturnItemShape(BaseModel):
    """Like units of one line that fare alike; when some fare differently they become an item of their own."""

    id: int
    line: int | None = Field(description="None: surplus, which nobody announced.")
    sku: str
    title: str
    quantity: float
    reason: str
    comment: str
    resolution: ResolutionWord
    exchange_sku: str
    exchange_order: str | None = Field(description="The number of the order that brings what comes instead.")
    needs_goods: bool
    reception: Literal["AWAITING", "IN_TRANSIT", "RECEIVED", "LOST", "SURPLUS", "CANCELED"]
    acceptance: Literal["PENDING", "ACCEPTED", "REJECTED", "NEEDS_PERSON"]
    grade: Literal["", "A", "B", "C", "D"]
    disposition: Literal[
        "", "RESTOCK", "QUARANTINE", "REFURBISH", "REPAIR", "RESELL_LOCALLY", "DONATE", "SCRAP", "MISSING"
    ]
    finding: str
    conditions: list[ConditionWord] = Field(description="In what state it must come back.")
    sealed_only: bool = Field(description="Once its seal is broken it is not taken back.")
    unmet: list[ConditionWord] = Field(description="Those of its conditions that it was found not to meet.")
    value: MoneyShape | None = Field(description=f"What these units cost the customer. {UNSEEN}")
    received_at: datetime | None
    inspected_at: datetime | None
    settlement: int | None


class ReturnParcelShape(BaseModel):
    status: Literal["ANNOUNCED", "IN_TRANSIT", "DELIVERED", "LOST"]
    carrier: str
    tracking_number: str
    tracking_url: str
    announced_at: datetime
    scanned_at: datetime | None
    delivered_at: datetime | None


class SettlementShape(BaseModel):
    """given = value + shipping − fees; `bonus` comes on top of store credit."""

    id: int
    remedy: ResolutionWord
    value: MoneyShape | None
    shipping: MoneyShape | None
    fees: MoneyShape | None
    given: MoneyShape | None
    bonus: MoneyShape | None
    order: str | None = Field(description="The one that brings new goods.")
    advanced: bool
    at: datetime


class ReturnShape(BaseModel):
    id: str = Field(description="Its RMA number.", examples=["10023-R1"])
    order: str
    channel: str
    kind: Kind
    source: Literal["PORTAL", "STAFF", "API", "CHANNEL", "IMPORT"]
    status: Status
    method: MethodWord
    node: str | None = Field(description="The warehouse, store or partner it goes to.")
    decision: DecisionShape
    explanation: str = Field(description="What the customer was told.")
    items: list[ReturnItemShape]
    parcels: list[ReturnParcelShape]
    settlements: list[SettlementShape]
    photos: list[str]
    label_fee: MoneyShape | None
    restocking_fee: MoneyShape | None
    shipping_refund: MoneyShape | None
    email: str
    locale: str
    note: str
    tags: list[str]
    requested_at: datetime
    requested_by: str
    decided_at: datetime | None
    expires_at: datetime | None = Field(description="It closes when nothing was sent by then.")
    withdrawn_at: datetime | None
    moved_at: datetime | None = Field(description="First scan or receipt: no canceling after it.")
    received_at: datetime | None
    inspected_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    version: int


class ReturnPage(BaseModel):
    results: list[ReturnShape]
    next_cursor: str | None


class ResolutionQuoteShape(BaseModel):
    resolution: ResolutionWord
    amount: MoneyShape = Field(description="What the units are worth.")
    bonus: MoneyShape = Field(description="On top of it, as store credit.")
    note: str
    available: bool = Field(description="False: what would be sent is out of stock.")


class ExchangeShape(BaseModel):
    sku: str
    title: str
    options: dict[str, object]
    available: float
    price: MoneyShape | None


class LineQuoteShape(BaseModel):
    line: int
    sku: str
    title: str
    left: float = Field(description="Units that were sent, and that no return speaks for.")
    eligible: bool
    code: str
    sentence: str
    ends_at: datetime | None = Field(description="The first moment at which it is too late.")
    ended_on: str | None = Field(description="The day that was the last.")
    claim_ends_at: datetime | None = Field(
        description="Until then a return of kind `CLAIM` may say that it came damaged or wrong, whatever `eligible` is."
    )
    claimable: bool = Field(description="It cannot simply come back any more; a `CLAIM` may say that it is faulty.")
    resolutions: list[ResolutionQuoteShape]
    exchanges: list[ExchangeShape]


class MethodQuoteShape(BaseModel):
    method: MethodWord
    fee: MoneyShape
    sentence: str


class SumsShape(BaseModel):
    """Of the items that were sent: given = value + shipping_refund − label_fee − restocking_fee."""

    value: MoneyShape
    label_fee: MoneyShape
    restocking_fee: MoneyShape
    shipping_refund: MoneyShape
    given: MoneyShape
    bonus: MoneyShape


class ReturnReasonShape(BaseModel):
    code: str
    label: str = Field(description="English.")
    root_cause: Literal["NOT_AS_EXPECTED", "DAMAGED_IN_TRANSIT", "MISUNDERSTANDING", "ABUSE"]
    needs_photo: bool = Field(description="Asked of customers in the portal.")
    needs_comment: bool


class ReturnQuoteShape(BaseModel):
    order: str
    lines: list[LineQuoteShape]
    methods: list[MethodQuoteShape]
    totals: SumsShape | None = Field(description="Of the items that were sent; None without any.")
    reasons: list[ReturnReasonShape]
