"""What the API takes and shows of webhooks."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from oms.bodies import Body, Moment, PageQuery, text
from oms.models import WebhookDelivery, WebhookEndpoint, WebhookReplay

State = Literal["WAITING", "DELIVERED", "FAILED"]
TYPES = Field(description="order.placed, order.*, or * for everything.", min_length=1, max_length=50)
TypeName = Annotated[str, text(60, least=1)]
Code = Annotated[str, text(40, least=1)]


class NewEndpointBody(Body):
    """Where to tell of what. A key with limits makes addresses within them."""

    url: Annotated[str, text(500, least=1)]
    types: Annotated[list[TypeName], TYPES] = Field(default_factory=lambda: ["*"])
    description: Annotated[str, text(200)] = ""
    channels: list[Code] = Field(default_factory=list, max_length=100, description="None: all that the key sees.")
    warehouses: list[Code] = Field(default_factory=list, max_length=100, description="None: all that the key sees.")


class EndpointBody(Body):
    """What is left out stays."""

    url: Annotated[str, text(500, least=1)] | None = None
    types: Annotated[list[TypeName], TYPES] | None = None
    description: Annotated[str, text(200)] | None = None
    active: bool | None = Field(default=None, strict=True, description="true: goes on where it stopped.")
    skip_missed: bool = Field(default=False, strict=True, description="With `active`: what it missed is not sent.")


class RotationBody(Body):
    keep_hours: Annotated[int, Field(strict=True, ge=0, le=168)] = Field(
        default=24, description="So long messages bear the old signature beside the new one."
    )


class SpanBody(Body):
    """Events recorded at `since` or later, and before `until`."""

    since: Moment
    until: Moment


class DeliveryQuery(PageQuery):
    state: State | None = None
    subject: Annotated[str, text(100), Field(description="An order's number, a SKU.")] = ""


class EventQuery(PageQuery):
    type: Annotated[str, text(500), Field(description="Types or patterns like order.*, with commas between.")] = ""


class EndpointShape(BaseModel):
    id: int
    url: str
    description: str
    types: list[str]
    channels: list[str] = Field(description="Empty: all.")
    warehouses: list[str] = Field(description="Empty: all.")
    active: bool
    switched_off_at: datetime | None
    switched_off_because: Literal["ASKED", "GONE", "FAILING"] | None
    failing_since: datetime | None
    previous_secret_until: datetime | None
    version: int
    created_at: datetime


class NewEndpointShape(EndpointShape):
    secret: str = Field(description="`whsec_…`, shown this once.", pattern="^whsec_")


class EndpointPage(BaseModel):
    results: list[EndpointShape]
    next_cursor: str | None


class SecretShape(BaseModel):
    secret: str = Field(description="`whsec_…`, shown this once.", pattern="^whsec_")
    previous_secret_until: datetime | None


class DeliveryShape(BaseModel):
    id: int
    endpoint: int
    message_id: str = Field(description="`webhook-id`, the same however often it is sent.")
    type: str
    subject: str
    sequence: int
    state: State
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    ended_at: datetime | None
    status: int | None = Field(description="Of the last answer; null: none came.")
    milliseconds: int | None
    error: str
    excerpt: str = Field(description="The start of the last answer's body.")


class DeliveryPage(BaseModel):
    results: list[DeliveryShape] = Field(description="Newest first.")
    next_cursor: str | None


class ReplayShape(BaseModel):
    id: int
    endpoint: int
    since: datetime
    until: datetime
    queued: int = Field(description="Messages on their way again because of it.")
    per_cent: int = Field(description="Of the span that was looked through.")
    ended_at: datetime | None


class EventDataShape(BaseModel):
    kind: str = Field(description="order, sku.")
    subject: str = Field(description="The order's number, the SKU.")
    sequence: int = Field(description="Rises from event to event of one subject; internal ones leave gaps.")
    version: int
    facts: dict[str, Any]
    order: dict[str, Any] | None = Field(default=None, description="As `GET /orders/{number}` shows it now.")
    stock: dict[str, Any] | None = Field(default=None, description="As `GET /stock/{sku}` shows it now.")


class EventShape(BaseModel):
    id: str = Field(description="The `webhook-id` under which it is sent.")
    type: str
    timestamp: datetime
    data: EventDataShape


class EventPage(BaseModel):
    results: list[EventShape] = Field(description="Oldest first. There may be fewer than `limit`, with more to come.")
    next_cursor: str | None = Field(description="null: nothing more for now.")
    resume_cursor: str = Field(description="Where to go on, now or next week: send it as `cursor`.")


def present_endpoint(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk,
        "url": endpoint.url,
        "description": endpoint.description,
        "types": endpoint.types,
        "channels": endpoint.channels,
        "warehouses": endpoint.warehouses,
        "active": endpoint.active,
        "switched_off_at": endpoint.switched_off_at,
        "switched_off_because": endpoint.switched_off_because or None,
        "failing_since": endpoint.failing_since,
        "previous_secret_until": endpoint.previous_secret_until,
        "version": endpoint.version,
        "created_at": endpoint.created_at,
    }


def present_delivery(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": row.pk,
        "endpoint": row.endpoint_id,
        "message_id": row.message_id,
        "type": row.type,
        "subject": row.subject,
        "sequence": row.sequence,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": row.run_after if row.state == WebhookDelivery.State.WAITING else None,
        "last_attempt_at": row.tried_at,
        "ended_at": row.ended_at,
        "status": row.status,
        "milliseconds": row.milliseconds,
        "error": row.error,
        "excerpt": row.excerpt,
    }


def present_replay(replay: WebhookReplay) -> dict[str, Any]:
    return {
        "id": replay.pk,
        "endpoint": replay.endpoint_id,
        "since": replay.since,
        "until": replay.until,
        "queued": replay.queued,
        "per_cent": replay.share,
        "ended_at": replay.ended_at,
    }
