"""`/orders/{number}/edits`: what a partner or a bot may change of an order, by the same action as everybody."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from oms.api.calls import ApiCall
from oms.api.preconditions import read_version
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body
from oms.models.api_key import Scope
from oms.money import Money
from oms.quantities import plain
from orders.absences import EditNotFound
from orders.actions.edits.approving import withdraw_edit
from orders.actions.edits.editing import edit_order, preview_edit
from orders.api.access import actor_of, require_order, require_visible
from orders.api.shapes import MoneyShape
from orders.models import Checkout, Edit
from orders.policies.edits.operations import MOST_OPERATIONS, Operation
from orders.policies.edits.quotes import Figures, Quote, QuotedLine

Json = dict[str, Any]

REFUSALS = {
    409: "`edit_window_closed` (`because` says why), `edit_not_allowed`, `edit_open`: another change waits, "
    "`amount_not_collectable`, `stock_short`, `order_cancelled`, `order_closed`.",
    412: "`version_stale`: the order has changed since you read it.",
    422: "`unknown_line`, `unknown_sku`, `other_product`, `nothing_left`, what is wrong with an address, …",
}
PREVIEW_REFUSALS = {status: codes for status, codes in REFUSALS.items() if status != 412}
EXAMPLE: Json = {
    "operations": [
        {"op": "swap_variant", "line": 1, "sku": "TEE-L-BLK"},
        {"op": "add_item", "sku": "SOCKS-42", "quantity": 1},
    ]
}


class EditBody(Body):
    """All of it or nothing, in whatever order it stands. The variant, quantity and price of each line, the address, the
    contact and the shipping method can be changed once."""

    operations: list[Operation] = Field(min_length=1, max_length=MOST_OPERATIONS)


class QuotedLineShape(BaseModel):
    id: int | None = Field(description="None: a line that the edit adds.")
    sku: str
    title: str
    quantity_before: float
    quantity_after: float
    unit_price: MoneyShape
    amount: MoneyShape
    tax: MoneyShape
    change: Literal["same", "added", "removed", "swapped", "changed"]


class FiguresShape(BaseModel):
    items: MoneyShape
    discount: MoneyShape
    shipping: MoneyShape
    tax: MoneyShape
    total: MoneyShape


class ReasonShape(BaseModel):
    code: str
    sentence: str


class QuoteShape(BaseModel):
    version: int
    verdict: Literal["ALLOW", "APPROVE"]
    reasons: list[ReasonShape] = Field(description="Why it would wait for approval.")
    lines: list[QuotedLineShape]
    before: FiguresShape
    after: FiguresShape
    to_pay: MoneyShape
    to_get_back: MoneyShape
    ends_window: bool = Field(description="A line is low in stock: the order would go to the warehouse right after.")


class EditShape(BaseModel):
    id: int
    order: str
    state: Literal[
        "AWAITING_APPROVAL", "AWAITING_PAYMENT", "COMMITTED", "DECLINED", "EXPIRED", "CANCELED", "SUPERSEDED"
    ]
    actor: Literal["CUSTOMER", "STAFF", "API", "BOT"]
    by: str
    operations: list[dict[str, Any]]
    reasons: list[ReasonShape]
    total_before: MoneyShape
    total_after: MoneyShape
    to_pay: MoneyShape | None
    checkout_url: str | None
    note: str
    asked_at: datetime
    deadline: datetime | None
    ended_at: datetime | None
    version: int = Field(description="Of the order, now.")


class EditListShape(BaseModel):
    results: list[EditShape]
    next_cursor: None


class _Editing(ApiView):
    scopes = {"GET": Scope.ORDERS_READ, "POST": Scope.EDITS_WRITE, "DELETE": Scope.EDITS_WRITE}
    needs_key = True


class EditPreviewView(_Editing):
    scopes = {"POST": Scope.EDITS_WRITE}
    needs_key = False

    @describe("Preview an edit", takes=EditBody, gives={200: QuoteShape}, refuses=PREVIEW_REFUSALS, example=EXAMPLE)
    def post(self, call: ApiCall, number: str) -> Answer:
        """Lines, shipping, tax and total before and after, and what is to pay or comes back. Changes nothing."""
        operations = call.read(EditBody).operations
        require_visible(call.key, number)
        quote = preview_edit(number=number, operations=operations, actor=actor_of(call.key), by=call.by, at=call.at)
        return Answer(_present_quote(quote))


class EditsView(_Editing):
    """The edits of one order."""

    @describe("List an order's edits, newest first", gives={200: EditListShape})
    def get(self, call: ApiCall, number: str) -> Answer:
        require_order(call.key, number)
        edits = Edit.objects.filter(order__number=number).select_related("order").prefetch_related("checkouts")
        return Answer({"results": [present_edit(edit) for edit in edits[:250]], "next_cursor": None})

    @describe(
        "Edit an order",
        takes=EditBody,
        gives={201: EditShape, 202: EditShape},
        refuses=REFUSALS,
        example=EXAMPLE,
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """201: done. 202: it waits for payment or for approval, with its stock promised; then the order is as before.

        `If-Match` with the order's version refuses an edit of an order that has changed in the meantime.
        """
        operations = call.read(EditBody).operations
        require_visible(call.key, number)
        edit = edit_order(
            number=number,
            operations=operations,
            actor=actor_of(call.key),
            by=call.by,
            at=call.at,
            version=read_version(call.http),
        )
        return Answer(present_edit(edit), 202 if edit.is_open else 201)


class EditView(_Editing):
    scopes = {"DELETE": Scope.EDITS_WRITE}

    @describe("Withdraw an edit that waits", gives={200: EditShape}, refuses={409: "`edit_ended`."})
    def delete(self, call: ApiCall, number: str, edit_id: int) -> Answer:
        """Its stock is let go; the order stays as it is. Withdrawing twice is harmless."""
        require_order(call.key, number)
        if not Edit.objects.filter(id=edit_id, order__number=number).exists():
            raise EditNotFound(edit_id)
        return Answer(present_edit(withdraw_edit(edit_id=edit_id, by=call.by, at=call.at)))


def _money(money: Money) -> Json:
    return {"amount": str(money).split(" ", maxsplit=1)[0], "currency": money.currency}


def _present_quote(quote: Quote) -> Json:
    return {
        "version": quote.version,
        "verdict": quote.verdict,
        "reasons": [{"code": reason.code, "sentence": reason.sentence} for reason in quote.reasons],
        "lines": [_present_line(line) for line in quote.lines],
        "before": _present_figures(quote.before),
        "after": _present_figures(quote.after),
        "to_pay": _money(quote.to_pay),
        "to_get_back": _money(quote.to_get_back),
        "ends_window": quote.ends_window,
    }


def _present_line(line: QuotedLine) -> Json:
    currency = line.amount.currency
    return {
        "id": line.id,
        "sku": line.sku,
        "title": line.title,
        "quantity_before": plain(line.quantity_before),
        "quantity_after": plain(line.quantity_after),
        "unit_price": {"amount": f"{line.unit_price.normalize():f}", "currency": currency},
        "amount": _money(line.amount),
        "tax": _money(Money(line.tax, currency)),
        "change": line.change,
    }


def _present_figures(figures: Figures) -> Json:
    return {
        "items": _money(figures.items),
        "discount": _money(figures.discount),
        "shipping": _money(figures.shipping),
        "tax": _money(figures.tax),
        "total": _money(figures.total),
    }


def present_edit(edit: Edit) -> Json:
    asked = edit.checkouts.all() if edit.is_open else ()
    checkout = next((each for each in asked if each.state in Checkout.LIVE), None)
    return {
        "id": edit.pk,
        "order": edit.order.number,
        "state": edit.state,
        "actor": edit.actor,
        "by": edit.by,
        "operations": edit.operations,
        "reasons": [{"code": reason["code"], "sentence": reason["sentence"]} for reason in edit.reasons],
        "total_before": _money(Money(edit.total_before, edit.currency)),
        "total_after": _money(Money(edit.total_after, edit.currency)),
        "to_pay": _money(Money(checkout.amount, checkout.currency)) if checkout else None,
        "checkout_url": checkout.url or None if checkout else None,
        "note": edit.note,
        "asked_at": edit.asked_at,
        "deadline": edit.deadline,
        "ended_at": edit.ended_at,
        "version": edit.order.version,
    }
