"""What a partner can do to an order: cancel it, hold it, release it, say that it was paid."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from oms.api.calls import ApiCall
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body, MoneyBody, text
from oms.models.api_key import Scope
from orders.actions.edits.editing import ask_to_cancel
from orders.actions.holding import hold_order, lift_hold
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.releasing import end_edit_window
from orders.api.access import actor_of, require_order
from orders.api.shapes import OrderShape
from orders.queries.order_documents import query_order_document

ENDED = "`order_cancelled`, `order_closed`: nothing more can happen to it."


class CancellationBody(Body):
    reason: Annotated[str, text(255)] = ""


class HoldBody(Body):
    """A hold that staff or a partner sets; the others have causes of their own."""

    reason: Literal["STAFF", "FRAUD_REVIEW", "ADDRESS_CHECK", "PAYMENT"] = "STAFF"
    detail: Annotated[str, text(255)] = ""


class ReleaseBody(Body):
    """Nothing needs to be said."""


class PaymentBody(Body):
    """Money captured elsewhere."""

    amount: MoneyBody
    gateway: Annotated[str, text(60, least=1)]
    reference: Annotated[str, text(255)] = Field(default="", description="The gateway's own id: recorded once.")


class _OrderAct(ApiView):
    """Each act answers with the order as it is afterwards."""

    scopes = {"POST": Scope.ORDERS_WRITE, "DELETE": Scope.ORDERS_WRITE}
    needs_key = True

    def _show(self, call: ApiCall, number: str, status: int = 200) -> Answer:
        return Answer(query_order_document(number, at=call.at), status)


class CancellationView(_OrderAct):
    @describe(
        "Cancel the whole order",
        takes=CancellationBody,
        gives={200: OrderShape, 202: OrderShape},
        refuses={
            409: "`order_closed`, `order_partly_shipped`: it, or part of it, has left; `edit_not_allowed`; `edit_open`."
        },
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """Its stock goes to whoever waits, what was paid goes back. Cancelling twice is harmless.

        202: it is not cancelled yet. Your permission does not reach as far, and it waits for the shop's approval; or a
        warehouse works on it and is asked to stop: `fulfillments` show that, and `order.cancelled` follows if it could.
        """
        reason = call.read(CancellationBody).reason
        require_order(call.key, number)
        waits = ask_to_cancel(number=number, reason=reason, actor=actor_of(call.key), by=call.by, at=call.at)
        return self._show(call, number, 202 if waits else 200)


class HoldsView(_OrderAct):
    @describe("Hold the order back", takes=HoldBody, gives={201: OrderShape}, refuses={409: ENDED})
    def post(self, call: ApiCall, number: str) -> Answer:
        """Holding twice for one reason is harmless: the first hold stands."""
        body = call.read(HoldBody)
        require_order(call.key, number)
        hold_order(number=number, reason=body.reason, detail=body.detail, by=call.by, at=call.at)
        return self._show(call, number, 201)


class HoldView(_OrderAct):
    scopes = {"DELETE": Scope.ORDERS_WRITE}

    @describe(
        "Lift a hold",
        gives={200: OrderShape},
        refuses={404: "`hold_not_found`.", 409: "`hold_not_liftable`: only its cause can end it."},
    )
    def delete(self, call: ApiCall, number: str, hold_id: int) -> Answer:
        """When it was the last, the order goes out."""
        require_order(call.key, number)
        lift_hold(number=number, hold_id=hold_id, by=call.by, at=call.at)
        return self._show(call, number)


class ReleaseView(_OrderAct):
    @describe("End the edit window now", takes=ReleaseBody, gives={200: OrderShape}, refuses={409: ENDED})
    def post(self, call: ApiCall, number: str) -> Answer:
        """Other holds still hold: the answer names them."""
        call.read(ReleaseBody)
        require_order(call.key, number)
        end_edit_window(number=number, by=call.by, at=call.at)
        return self._show(call, number)


class PaymentsView(_OrderAct):
    @describe(
        "Record a payment captured elsewhere",
        takes=PaymentBody,
        gives={201: OrderShape},
        refuses={409: "`order_cancelled`; `payment_conflict`: this reference stands with another amount."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """The same gateway and reference again changes nothing. Once paid, the PAYMENT hold ends.

        What is more than is owed waits for staff, who send it back.
        """
        body = call.read(PaymentBody)
        require_order(call.key, number)
        receipt = Receipt(
            amount=Decimal(body.amount.amount),
            currency=body.amount.currency,
            gateway=body.gateway,
            reference=body.reference,
        )
        record_payment(number=number, receipt=receipt, by=call.by, at=call.at)
        return self._show(call, number, 201)
