"""`POST /orders` and `POST /orders/batch`: the hot path of the product."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from oms.api.calls import ApiCall
from oms.api.problems import describe_errors
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.errors import FieldError, Invalid, Refused
from oms.models import ApiKey
from oms.models.api_key import Scope
from oms.pointers import pointer_errors
from orders.actions.placing import Placement, place_orders
from orders.api.reading import OrderQuery, list_orders
from orders.api.shapes import BatchBody, BatchShape, OrderPage, OrderShape
from orders.channels.incoming import IncomingOrder
from orders.queries.order_documents import query_order_document

Json = dict[str, Any]

EXAMPLE: Json = {
    "channel": "web",
    "external_id": "gid-1001",
    "placed_at": "2026-11-21T09:30:00Z",
    "currency": "EUR",
    "customer": {"email": "a@example.com", "name": "Ada", "locale": "de", "accepts_marketing": True},
    "shipping_address": {
        "name": "Ada",
        "line1": "Torstr. 1",
        "city": "Berlin",
        "postal_code": "10119",
        "country": "DE",
    },
    "lines": [{"external_id": "l1", "sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90", "tax": "6.35"}],
    "shipping": {"method": "standard", "amount": "4.90", "tax": "0.78"},
    "tax_included": True,
    "total": "44.70",
    "payment": {"status": "PAID", "gateway": "sandbox", "reference": "ch_1"},
}


class OrdersView(ApiView):
    """All orders that the key may see."""

    scopes = {"GET": Scope.ORDERS_READ, "POST": Scope.ORDERS_WRITE}
    needs_key = True

    @describe("List orders, newest first", query=OrderQuery, gives={200: OrderPage})
    def get(self, call: ApiCall) -> Answer:
        """With `updated_after` they come in the order of their last change, oldest first: for keeping a copy."""
        return Answer(list_orders(call))

    @describe(
        "Place an order",
        takes=IncomingOrder,
        gives={201: OrderShape, 200: OrderShape},
        refuses={
            409: "`stock_short`: `skus` names each SKU with what is wanted and what is left.",
            422: "`unknown_channel`, `unknown_sku`, `no_address`, `fractional_quantity`, …",
        },
        example=EXAMPLE,
    )
    def post(self, call: ApiCall) -> Answer:
        """All lines or none get stock. The same (channel, external_id) again: 200 with the order as it is."""
        order = call.read(IncomingOrder)
        _refuse_unseen_channel(call.key, order)
        (placement,) = place_orders([order], by=call.by, at=call.at)
        if placement.refusal:
            return Answer(refusal=placement.refusal)

        status = 201 if placement.status == "placed" else 200
        document = query_order_document(placement.number, at=call.at)
        return Answer(document, status, location=f"/api/v1/orders/{placement.number}")


class OrderBatchView(ApiView):
    """Many orders at once."""

    scopes = {"POST": Scope.ORDERS_WRITE}
    needs_key = True

    @describe("Place up to 500 orders", takes=BatchBody, gives={200: BatchShape})
    def post(self, call: ApiCall) -> Answer:
        """Each member stands alone: the answer says in the order sent what became of it."""
        members = call.read(BatchBody).orders
        parsed = [_parse(call.key, member) for member in members]
        orders = [order for order in parsed if isinstance(order, IncomingOrder)]
        placements = iter(place_orders(orders, by=call.by, at=call.at))
        results = [
            _present_member(
                next(placements) if isinstance(order, IncomingOrder) else Placement("refused", refusal=order)
            )
            for order in parsed
        ]
        return Answer({"results": results})


def _parse(key: ApiKey, member: dict[str, Any]) -> IncomingOrder | Invalid:
    try:
        order = IncomingOrder.model_validate(member)
        _refuse_unseen_channel(key, order)
    except ValidationError as error:
        return Invalid("Some of it is wrong.", errors=pointer_errors(error, member))
    except Invalid as refusal:
        return refusal
    return order


def _refuse_unseen_channel(key: ApiKey, order: IncomingOrder) -> None:
    """A channel beyond the key's limits is as unknown to it as one that does not exist."""
    if not key.sees_channel(order.channel):
        detail = f"There is no channel {order.channel}."
        raise Invalid(detail, errors=[FieldError("/channel", "unknown_channel", detail)])


def _present_member(placement: Placement) -> Json:
    errors = describe_errors(_errors_of(placement.refusal)) if placement.refusal else []
    return {"status": placement.status, "number": placement.number or None, "errors": errors}


def _errors_of(refusal: Refused) -> Sequence[FieldError]:
    if isinstance(refusal, Invalid) and refusal.errors:
        return refusal.errors
    return [FieldError("", refusal.code, refusal.message)]
