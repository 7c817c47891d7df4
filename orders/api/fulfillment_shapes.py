"""What the OpenAPI document says of fulfillments and shipments, and what may be sent about them.

`orders/queries/fulfilling/documents.py` builds them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from oms.bodies import Body, Moment, PageQuery, WholeNumber, exact_number, text
from orders.api.shapes import AddressShape
from orders.policies.edits.operations import NewAddress

WorkStatus = Literal["OPEN", "SCHEDULED", "ON_HOLD", "IN_PROGRESS", "INCOMPLETE", "CLOSED", "CANCELLED"]
RequestStatus = Literal[
    "UNSUBMITTED",
    "SUBMITTED",
    "ACCEPTED",
    "REJECTED",
    "CANCELLATION_REQUESTED",
    "CANCELLATION_ACCEPTED",
    "CANCELLATION_REJECTED",
]
ParcelStatus = Literal[
    "CONFIRMED",
    "IN_TRANSIT",
    "OUT_FOR_DELIVERY",
    "ATTEMPTED_DELIVERY",
    "READY_FOR_PICKUP",
    "DELAYED",
    "DELIVERED",
    "FAILURE",
    "RETURNED",
]
RejectionReason = Literal["NO_CAPACITY", "OUT_OF_STOCK", "CANNOT_SHIP_THERE", "WRONG_ADDRESS", "OTHER"]
HoldReason = Literal[
    "AWAITING_PAYMENT",
    "AWAITING_RETURN_ITEMS",
    "HIGH_RISK_OF_FRAUD",
    "INCORRECT_ADDRESS",
    "INVENTORY_OUT_OF_STOCK",
    "UNKNOWN_DELIVERY_DATE",
    "OTHER",
]
Units = Annotated[Decimal, BeforeValidator(exact_number), Field(gt=0, max_digits=12, decimal_places=3, examples=[1])]


class FulfillmentQuery(PageQuery):
    """Filters are AND-ed."""

    warehouse: Annotated[str, text(20)] = ""
    status: WorkStatus | None = None
    request_status: RequestStatus | None = None
    order: Annotated[str, text(20)] = ""
    made_after: Moment | None = None


class UnitsBody(Body):
    """Units of one line of the fulfillment."""

    line: Annotated[WholeNumber, Field(description="`lines[].id` of the fulfillment.")]
    quantity: Units


class AcceptanceBody(Body):
    """Nothing needs to be said."""


class RejectionBody(Body):
    reason: RejectionReason
    note: Annotated[str, text(255)] = ""


class ShipmentBody(Body):
    """One parcel. Without `lines` it holds all that is still open; what is not said of the carrier is the label's."""

    lines: list[UnitsBody] | None = Field(default=None, min_length=1, max_length=500)
    carrier: Annotated[str, text(120)] = ""
    service: Annotated[str, text(120)] = ""
    tracking_number: Annotated[str, text(60, pattern=r"^[\x20-\x7E]*$")] = ""
    tracking_url: Annotated[str, text(500, pattern=r"^(https?://[^\s]*)?$")] = ""
    weight_grams: Annotated[WholeNumber | None, Field(description="What the scales say.")] = None


class ShortBody(Body):
    """Units that are not on the shelf."""

    lines: list[UnitsBody] = Field(min_length=1, max_length=500)
    note: Annotated[str, text(255)] = ""


class FulfillmentHoldBody(Body):
    """In Shopify's words. The warehouse reads both."""

    reason: HoldReason
    reason_notes: Annotated[str, text(255)] = ""


class ScheduleBody(Body):
    fulfill_at: Moment = Field(description="Nobody begins it before. It leaves by the first van after that.")


class StopBody(Body):
    reason: Annotated[str, text(40, least=1)]


class StopAnswerBody(Body):
    accepted: bool = Field(strict=True)
    note: Annotated[str, text(255)] = ""


class LabelBody(Body):
    """Nothing needs to be said: the parcel and where it goes are known."""


class TrackingEventBody(Body):
    """Where a parcel was seen. Of one `external_id` there is one event; without, it is known by what it says."""

    status: ParcelStatus
    at: Moment
    place: Annotated[str, text(120)] = ""
    description: Annotated[str, text(255)] = ""
    external_id: Annotated[str, text(100)] = ""
    expected_at: Moment | None = None


class InterceptBody(Body):
    """Where a parcel that has left is to go instead, in the same country."""

    address: NewAddress


class InterceptShape(BaseModel):
    shipment: str
    state: Literal["ASKED", "DONE", "REFUSED"] = Field(description="ASKED until the carrier has said yes or no.")
    address: AddressShape
    asked_at: datetime


class FulfillmentLineShape(BaseModel):
    id: int
    order_line: int
    external_id: str
    sku: str
    title: str
    barcode: str
    options: dict[str, Any]
    handling: list[str] = Field(description="How it must be packed: fragile, liquid, battery, …")
    quantity: float
    picked_quantity: float
    shipped_quantity: float
    short_quantity: float
    open_quantity: float
    weight_grams: int | None
    hs_code: str
    origin: str


class ParcelLineShape(BaseModel):
    line: int
    quantity: float


class ParcelShape(BaseModel):
    id: str
    status: ParcelStatus
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    weight_grams: int | None
    shipped_at: datetime
    expected_at: datetime | None
    delivered_at: datetime | None
    lines: list[ParcelLineShape]


class LabelShape(BaseModel):
    state: Literal["WANTED", "BOUGHT", "REFUSED"]
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    error: str


class LabelDocumentShape(BaseModel):
    tracking_number: str
    media_type: str = Field(description="application/pdf, image/png, …")
    content: str = Field(description="Base64 (RFC 4648).")


class FulfillmentHoldShape(BaseModel):
    reason: HoldReason
    reason_notes: str
    held_at: datetime
    held_by: str


class FulfillmentShape(BaseModel):
    id: str = Field(description="Its number, as people say it.")
    order: str
    channel: str
    warehouse: str
    status: WorkStatus
    request_status: RequestStatus
    version: int
    made_at: datetime
    requested_at: datetime | None
    fulfill_at: datetime | None = Field(description="Nobody begins it before; while it is SCHEDULED, it waits for it.")
    hold: FulfillmentHoldShape | None = Field(description="Why it is ON_HOLD.")
    ship_by: datetime | None = Field(description="The van it was routed for.")
    deliver_by: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    picked_at: datetime | None
    closed_at: datetime | None
    reason: str
    note: str
    weight_grams: int | None
    service: str
    shipping_method: str
    email: str
    phone: str
    shipping_address: AddressShape | None
    lines: list[FulfillmentLineShape]
    label: LabelShape | None
    shipments: list[ParcelShape]


class FulfillmentPage(BaseModel):
    results: list[FulfillmentShape] = Field(description="Oldest first.")
    next_cursor: str | None


class TrackingEventShape(BaseModel):
    external_id: str
    status: ParcelStatus
    at: datetime
    place: str
    description: str
    by: str


class ShipmentShape(ParcelShape):
    fulfillment: str
    order: str
    tracking_events: list[TrackingEventShape]
