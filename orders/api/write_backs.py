"""`POST /write-backs/{key}/acknowledgement`: a partner says whether it has taken a change that it was told of."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from oms.api.calls import ApiCall
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body, Moment, text
from oms.models import ApiKey
from oms.models.api_key import Scope
from orders.absences import WriteBackNotFound
from orders.actions.write_back.acknowledging import Acknowledgement, acknowledge_write_back
from orders.models import WriteBack

MOST_DIFFERENCES = 200


class DifferenceBody(Body):
    """One place in which the partner's copy is not what we have sent."""

    where: Annotated[str, text(60, least=1)] = Field(description="quantity, address_city, total, …")
    what: Annotated[str, text(255)] = Field(default="", description="The line's SKU, where it is one.")
    ours: Annotated[str, text(255)] = ""
    theirs: Annotated[str, text(255)] = ""


class AcknowledgementBody(Body):
    """`accepted`: the partner has made it its own. Otherwise say why not, or what it has instead."""

    accepted: bool = Field(strict=True)
    reference: Annotated[str, text(255)] = Field(default="", description="The partner's own name for the order.")
    reason: Annotated[str, text(2_000)] = ""
    differences: list[DifferenceBody] = Field(default_factory=list, max_length=MOST_DIFFERENCES)


class WriteBackShape(BaseModel):
    key: UUID
    order: str
    sequence: int
    state: Literal["WAITING", "SENT", "ACKNOWLEDGED", "MISMATCHED", "FAILED", "SUPERSEDED", "DISMISSED"]
    acknowledged_at: Moment | None


class AcknowledgementView(ApiView):
    scopes = {"POST": Scope.ORDERS_WRITE}

    @describe("Acknowledge a change that was sent by webhook", takes=AcknowledgementBody, gives={200: WriteBackShape})
    def post(self, call: ApiCall, key: UUID) -> Answer:
        """`key` is the message's `webhook-id`. The answer is the message as it stands: said twice or late, it stays."""
        body = call.read(AcknowledgementBody)
        require_write_back(call.key, key)
        answer = Acknowledgement(
            accepted=body.accepted,
            reference=body.reference,
            reason=body.reason,
            differences=[difference.model_dump() for difference in body.differences],
        )
        return Answer(_present(acknowledge_write_back(key=key, answer=answer, by=call.by, at=call.at)))


def require_write_back(key: ApiKey, message: UUID) -> None:
    """Let through only to a message about an order that this key may see.

    Raises:
        WriteBackNotFound
    """
    channel = WriteBack.objects.filter(key=message).values_list("order__channel__code", flat=True).first()
    if channel is None or not key.sees_channel(channel):
        raise WriteBackNotFound


def _present(row: WriteBack) -> dict[str, object]:
    return {
        "key": row.key,
        "order": row.order.number,
        "sequence": row.sequence,
        "state": row.state,
        "acknowledged_at": row.acknowledged_at,
    }
