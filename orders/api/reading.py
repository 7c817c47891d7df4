"""`GET /orders…`: lists by keyset, one order, its timeline."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet
from pydantic import Field

from oms.api.calls import ApiCall
from oms.api.pagination import Keyset, answer_page
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Moment, PageQuery, text
from oms.models import ApiKey, Channel, EventRecord
from oms.models.api_key import Scope
from orders.api.access import document_for_partner, require_order
from orders.api.shapes import FinancialStatus, FulfillmentStatus, HoldReason, OrderShape, Status, TimelinePage
from orders.models import Hold, Order, OrderLine
from orders.queries.order_documents import read_order_documents

NEWEST_FIRST = Keyset("orders", {"placed_at": datetime, "id": int}, descending=True)
NEWEST_TAGGED = Keyset("orders", {"tagged_at": datetime, "tagged_id": int}, descending=True)
BY_LAST_CHANGE = Keyset("orders-by-change", {"updated_at": datetime, "id": int})
TIMELINE = Keyset("timeline", {"sequence": int})


class OrderQuery(PageQuery):
    """Filters are AND-ed."""

    channel: Annotated[str, text(40)] = ""
    status: Status | None = None
    financial_status: FinancialStatus | None = None
    fulfillment_status: FulfillmentStatus | None = None
    held_for: Annotated[HoldReason | None, Field(description="Has an open hold for this reason.")] = None
    placed_after: Moment | None = None
    placed_before: Moment | None = None
    updated_after: Annotated[Moment | None, Field(description="Also changes the order of the list.")] = None
    sku: Annotated[str, text(100)] = ""
    customer_email: Annotated[str, text(254)] = ""
    country: Annotated[str, text(2)] = ""
    tag: Annotated[str, text(60)] = ""
    q: Annotated[str, text(254), Field(description="A number, a channel's id or number, or an e-mail: exactly.")] = ""


class OrderView(ApiView):
    """One order."""

    scopes = {"GET": Scope.ORDERS_READ}

    @describe("Read an order", gives={200: OrderShape})
    def get(self, call: ApiCall, number: str) -> Answer:
        document = document_for_partner(call.key, number, at=call.at)
        return Answer(orjson.Fragment(document.json), version=document.version)


class TimelineView(ApiView):
    """What happened to one order."""

    scopes = {"GET": Scope.ORDERS_READ}

    @describe("Read an order's timeline", query=PageQuery, gives={200: TimelinePage})
    def get(self, call: ApiCall, number: str) -> Answer:
        asked = call.ask(PageQuery)
        require_order(call.key, number)
        events = EventRecord.objects.about("order", number)
        rows = TIMELINE.narrow(events, TIMELINE.read_cursor(asked.cursor))[: asked.limit + 1]
        page, cursor = TIMELINE.page(list(rows), limit=asked.limit, place=lambda event: [event.sequence])
        return Answer(answer_page([_present_event(event) for event in page], cursor))


def list_orders(call: ApiCall) -> dict[str, Any]:
    """One page of the orders that the call asks for and its key may see."""
    asked = call.ask(OrderQuery)
    keyset = BY_LAST_CHANGE if asked.updated_after else NEWEST_TAGGED if asked.tag else NEWEST_FIRST
    found = keyset.narrow(_filter(asked, call.key), keyset.read_cursor(asked.cursor))
    places = list(found.values_list("id", *keyset.columns)[: asked.limit + 1])
    page, cursor = keyset.page(places, limit=asked.limit, place=lambda row: row[1:])
    documents = read_order_documents([row[0] for row in page], at=call.at)
    return answer_page([orjson.Fragment(document.json) for document in documents], cursor)


def _filter(asked: OrderQuery, key: ApiKey) -> QuerySet[Order]:
    exact = {
        "status": asked.status,
        "financial_status": asked.financial_status,
        "fulfillment_status": asked.fulfillment_status,
        "placed_at__gt": asked.placed_after,
        "placed_at__lt": asked.placed_before,
        "updated_at__gt": asked.updated_after,
        "email": asked.customer_email.lower(),
        "country": asked.country,
    }
    orders = Order.objects.filter(**{name: value for name, value in exact.items() if value})
    if asked.channel or key.channels:
        orders = orders.filter(channel__in=_visible_channels(asked.channel, key))
    if asked.tag:  # sorted by their last change the tag's own key has them in no order
        orders = orders.filter(tags__contains=[asked.tag]) if asked.updated_after else orders.tagged(asked.tag)
    if asked.held_for:
        orders = orders.filter(Exists(_open_holds(asked.held_for)))
    if asked.sku:
        orders = orders.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), variant__sku=asked.sku)))
    return orders.filter(_meant_by(asked.q)) if asked.q else orders


def _visible_channels(code: str, key: ApiKey) -> list[int]:
    """Ids, resolved beforehand: with a subquery in its place the planner leaves the index that has the order."""
    codes = [code] if code else key.channels
    seen = [each for each in codes if key.sees_channel(each)]
    return list(Channel.objects.filter(code__in=seen).values_list("id", flat=True))


def _open_holds(reason: str) -> QuerySet[Hold]:
    return Hold.objects.filter(order=OuterRef("pk"), reason=reason, closed_at=None)


def _meant_by(words: str) -> Q:
    return Q(number=words) | Q(external_id=words) | Q(external_number=words) | Q(email=words.lower())


def _present_event(event: EventRecord) -> dict[str, Any]:
    return {
        "id": event.pk,
        "type": event.type,
        "sequence": event.sequence,
        "by": event.by,
        "at": event.at,
        "facts": event.facts,
    }
