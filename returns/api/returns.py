"""`/returns`: asking for one, seeing what it would bring, and the list."""

from datetime import datetime
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from oms.api.calls import ApiCall
from oms.api.pagination import Keyset, answer_page
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.models import ApiKey
from oms.models.api_key import Scope
from orders.absences import OrderNotFound
from orders.api.access import require_order, require_visible
from orders.models import Order
from returns.actions.requesting import request_return
from returns.api.bodies import PreviewBody, ReturnBody, ReturnQuery
from returns.api.quotes import present_quote
from returns.api.shapes import ReturnPage, ReturnQuoteShape, ReturnShape
from returns.models import Return, ReturnItem, ReturnParcel
from returns.queries.access import document_for_partner, sees_money
from returns.queries.quoting import quote_return
from returns.queries.return_documents import query_return_document, read_return_documents

NEWEST_FIRST = Keyset("returns", {"requested_at": datetime, "id": int}, descending=True)
BY_LAST_CHANGE = Keyset("returns-by-change", {"updated_at": datetime, "id": int})

REFUSALS = {
    404: "`order_not_found`.",
    409: "`not_returnable` (`lines` say why, and which day was the last), `quantity_not_returnable`, `stock_short`: "
    "somebody bought what shall come instead.",
    422: "`unknown_line`: also one of another order; `unknown_reason`, `quantity_not_whole`, `comment_missing`, "
    "`exchange_missing`, `other_product`, `stock_short`, `not_offered`, …",
}
EXAMPLE = {
    "order": "10023",
    "items": [
        {"line": 1, "quantity": 1, "reason": "too-small", "resolution": "EXCHANGE", "exchange_sku": "TEE-L-BLK"},
        {"line": 2, "quantity": 2, "reason": "changed-mind", "resolution": "STORE_CREDIT"},
    ],
    "method": "PREPAID_LABEL",
}


class ReturnsView(ApiView):
    scopes = {"GET": Scope.RETURNS_READ, "POST": Scope.RETURNS_WRITE}
    needs_key = True

    @describe("List returns", query=ReturnQuery, gives={200: ReturnPage})
    def get(self, call: ApiCall) -> Answer:
        """The newest first."""
        asked = call.ask(ReturnQuery)
        keyset = BY_LAST_CHANGE if asked.updated_after else NEWEST_FIRST
        found = keyset.narrow(_filter(asked, call.key), keyset.read_cursor(asked.cursor))
        places = list(found.values_list("id", *keyset.columns)[: asked.limit + 1])
        page, cursor = keyset.page(places, limit=asked.limit, place=lambda row: row[1:])
        documents = read_return_documents([row[0] for row in page], whole=sees_money(call.key))
        return Answer(answer_page([orjson.Fragment(document.json) for document in documents], cursor))

    @describe("Ask for a return", takes=ReturnBody, gives={201: ReturnShape}, refuses=REFUSALS, example=EXAMPLE)
    def post(self, call: ApiCall) -> Answer:
        """Rules approve it, decline it, or leave it to a person: `status` says which, `decision` why."""
        body = call.read(ReturnBody)
        _refuse_warehouses(call.key, body.order)
        require_visible(call.key, body.order)
        made = request_return(number=body.order, wish=body.to_wish(), by=call.by, at=call.at, source=Return.Source.API)
        return Answer(query_return_document(made.number), 201, location=f"/api/v1/returns/{made.number}")


class ReturnPreviewView(ApiView):
    scopes = {"POST": Scope.RETURNS_WRITE}

    @describe("See what a return would bring", takes=PreviewBody, gives={200: ReturnQuoteShape}, refuses=REFUSALS)
    def post(self, call: ApiCall) -> Answer:
        """Every line with what is offered for it, ways back, and the sums of the items that are sent. Changes nothing,
        and promises the same sums to `POST /returns` while nothing else of the order changes."""
        body = call.read(PreviewBody)
        _refuse_warehouses(call.key, body.order)
        require_order(call.key, body.order)
        order = Order.objects.get(number=body.order)
        quote = quote_return(order, body.to_wish(), at=call.at, source=Return.Source.API)
        return Answer(present_quote(order, quote))


class ReturnView(ApiView):
    scopes = {"GET": Scope.RETURNS_READ}

    @describe("Read a return", gives={200: ReturnShape})
    def get(self, call: ApiCall, number: str) -> Answer:
        document = document_for_partner(call.key, number)
        return Answer(orjson.Fragment(document.json), version=document.version)


def _refuse_warehouses(key: ApiKey, number: str) -> None:
    """A key that is limited to warehouses knows parcels, not orders."""
    if key.warehouses:
        raise OrderNotFound(number)


def _filter(asked: ReturnQuery, key: ApiKey) -> QuerySet[Return]:
    exact: dict[str, Any] = {
        "status": asked.status,
        "order__number": asked.order,
        "node__warehouse__code": asked.node,
        "updated_at__gt": asked.updated_after,
    }
    returns = Return.objects.filter(**{name: value for name, value in exact.items() if value})
    if key.channels:
        returns = returns.filter(order__channel__code__in=key.channels)
    if key.warehouses:
        returns = returns.filter(node__warehouse__code__in=key.warehouses)
    if asked.reason:
        returns = returns.filter(Exists(ReturnItem.objects.filter(of=OuterRef("pk"), reason__code=asked.reason)))
    return returns.filter(_meant_by(asked.q)) if asked.q else returns


def _meant_by(words: str) -> Q:
    tracked = ReturnParcel.objects.filter(tracking_number=words).values("of")
    return Q(number=words) | Q(order__number=words) | Q(email=words.lower()) | Q(id__in=tracked)
