"""What a partner does to a return: decide on it, receive it, look at it, give it up."""

from oms.api.calls import ApiCall
from oms.api.problems import Problem
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.models.api_key import Scope
from returns.actions.canceling import cancel_return
from returns.actions.deciding import approve_return, refuse_return
from returns.actions.inspecting import inspect_return
from returns.actions.receiving import receive_return
from returns.api.bodies import ApprovalBody, InspectionBody, ReceiptBody, RefusalBody, ReturnCancellationBody
from returns.api.shapes import ReturnShape
from returns.queries.access import require_return, sees_money
from returns.queries.return_documents import query_return_document

ENDED = "`return_ended`: it was declined or canceled, or is done."


class _ReturnAct(ApiView):
    """Each act answers with the return as it is afterwards."""

    scopes = {"POST": Scope.RETURNS_WRITE}
    needs_key = True

    def _show(self, call: ApiCall, number: str) -> Answer:
        return Answer(query_return_document(number, whole=sees_money(call.key)))


class _Decision(_ReturnAct):
    def _admit_to(self, call: ApiCall, number: str) -> None:
        require_return(call.key, number)
        _refuse_partner(call)


def _refuse_partner(call: ApiCall) -> None:
    """Who is limited to warehouses receives goods, and decides on no money."""
    if not sees_money(call.key):
        raise Problem(403, "forbidden", "A key that is limited to warehouses receives and inspects; ask the shop.")


class ApprovalView(_Decision):
    @describe("Approve a return", takes=ApprovalBody, gives={200: ReturnShape}, refuses={409: ENDED})
    def post(self, call: ApiCall, number: str) -> Answer:
        """It may come; or they keep it, and it is given for at once. Approving twice is harmless."""
        body = call.read(ApprovalBody)
        self._admit_to(call, number)
        approve_return(
            number=number, by=call.by, at=call.at, method=body.method or "", keep_it=body.keep_it, note=body.note
        )
        return self._show(call, number)


class RefusalView(_Decision):
    @describe(
        "Refuse a return",
        takes=RefusalBody,
        gives={200: ReturnShape},
        refuses={409: f"{ENDED} `return_not_open`: it was approved; `withdrawal_stands`: the law grants it."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """The customer is told why; its units can be asked for again. Refusing twice is harmless."""
        body = call.read(RefusalBody)
        self._admit_to(call, number)
        refuse_return(number=number, explanation=body.explanation, by=call.by, at=call.at)
        return self._show(call, number)


class ReceiptView(_ReturnAct):
    @describe("Receive goods of a return", takes=ReceiptBody, gives={200: ReturnShape})
    def post(self, call: ApiCall, number: str) -> Answer:
        """Less, more and something else than announced are normal. What nobody announced is surplus, and waits for a
        person; goods of a return that was declined or canceled are laid aside as a stray parcel."""
        body = call.read(ReceiptBody)
        require_return(call.key, number)
        receive_return(number=number, arrivals=[each.to_arrival() for each in body.items], by=call.by, at=call.at)
        return self._show(call, number)


class InspectionView(_ReturnAct):
    @describe(
        "Write down what was found",
        takes=InspectionBody,
        gives={200: ReturnShape},
        refuses={
            409: "`return_not_open`; `item_not_inspectable`: it is not here, or was decided on otherwise; "
            "`less_is_left`: the order has given back too much in other ways, and staff agree on less first.",
            422: "`more_than_received`; `no_condition`: the terms do not ask that of it.",
        },
        example={"findings": [{"item": 1, "quantity": 1, "acceptance": "ACCEPTED", "grade": "A"}]},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """What is accepted is given for at once and goes its way: without `disposition` as its grade proposes. The
        same finding twice is harmless."""
        body = call.read(InspectionBody)
        require_return(call.key, number)
        if any(each.despite for each in body.findings):
            _refuse_partner(call)
        inspect_return(number=number, findings=[each.to_finding() for each in body.findings], by=call.by, at=call.at)
        return self._show(call, number)


class CancellationView(_Decision):
    @describe(
        "Cancel a return",
        takes=ReturnCancellationBody,
        gives={200: ReturnShape},
        refuses={409: f"{ENDED} `return_underway`: something of it has moved."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """While nothing of it has moved. Canceling twice is harmless."""
        body = call.read(ReturnCancellationBody)
        self._admit_to(call, number)
        cancel_return(number=number, reason=body.reason, by=call.by, at=call.at)
        return self._show(call, number)
