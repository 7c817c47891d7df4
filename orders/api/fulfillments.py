"""What a warehouse or 3PL sees and does: `/fulfillments…`. A key sees its own warehouses and channels."""

import base64
from collections.abc import Sequence
from decimal import Decimal

import orjson
from django.db.models import QuerySet

from oms.api.calls import ApiCall
from oms.api.pagination import Keyset, answer_page
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.models import ApiKey
from oms.models.api_key import Scope
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.fulfilling.holding_back import hold_fulfillment, release_hold
from orders.actions.fulfilling.picking import report_short
from orders.actions.fulfilling.scheduling import open_fulfillment, schedule_fulfillment
from orders.actions.fulfilling.stopping import answer_stop, request_stop
from orders.actions.shipping.intercepting import ask_intercept
from orders.actions.shipping.labelling import void_label, want_label
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_report
from orders.api.access import fulfillment_for_partner, require_fulfillment, require_shipment
from orders.api.fulfillment_shapes import (
    AcceptanceBody,
    FulfillmentHoldBody,
    FulfillmentPage,
    FulfillmentQuery,
    FulfillmentShape,
    InterceptBody,
    InterceptShape,
    LabelBody,
    LabelDocumentShape,
    RejectionBody,
    ScheduleBody,
    ShipmentBody,
    ShipmentShape,
    ShortBody,
    StopAnswerBody,
    StopBody,
    TrackingEventBody,
    UnitsBody,
)
from orders.models import Fulfillment, Order
from orders.queries.fulfilling.documents import (
    query_fulfillment_document,
    query_shipment_document,
    read_fulfillment_documents,
)
from orders.queries.fulfilling.labels import label_of, live_label_id

OLDEST_FIRST = Keyset("fulfillments", {"id": int})
ENDED = "`fulfillment_ended`: it is closed, or was taken back."
WAITS = "`fulfillment_on_hold`, `fulfillment_scheduled`: it is not to be begun yet."


class FulfillmentsView(ApiView):
    scopes = {"GET": Scope.FULFILLMENTS_WRITE}

    @describe("List fulfillments", query=FulfillmentQuery, gives={200: FulfillmentPage})
    def get(self, call: ApiCall) -> Answer:
        """Only work that is routed and that nothing holds; what was accepted stays in sight. What is SCHEDULED or
        ON_HOLD is listed where its `status` is asked for.
        """
        asked = call.ask(FulfillmentQuery)
        found = OLDEST_FIRST.narrow(_filter(asked, call.key), OLDEST_FIRST.read_cursor(asked.cursor))
        places = list(found.values_list("id", flat=True)[: asked.limit + 1])
        page, cursor = OLDEST_FIRST.page(places, limit=asked.limit, place=lambda key: [key])
        documents = read_fulfillment_documents(page)
        return Answer(answer_page([orjson.Fragment(document.json) for document in documents], cursor))


class FulfillmentView(ApiView):
    scopes = {"GET": Scope.FULFILLMENTS_WRITE}

    @describe("Read a fulfillment", gives={200: FulfillmentShape})
    def get(self, call: ApiCall, number: str) -> Answer:
        document = fulfillment_for_partner(call.key, number)
        return Answer(orjson.Fragment(document.json), version=document.version)


class _WarehouseAct(ApiView):
    """Each act answers with the fulfillment as it is afterwards."""

    scopes = {"POST": Scope.FULFILLMENTS_WRITE}
    needs_key = True

    def _show(self, number: str, status: int = 200) -> Answer:
        return Answer(query_fulfillment_document(number), status)


class AcceptanceView(_WarehouseAct):
    @describe(
        "Accept a fulfillment",
        takes=AcceptanceBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `order_still_held`: the order was held again. {WAITS}"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """From now on the order is in your hands, and changes are asked for. Accepting twice is harmless."""
        call.read(AcceptanceBody)
        require_fulfillment(call.key, number)
        accept_fulfillments(numbers=[number], by=call.by, at=call.at)
        return self._show(number)


class RejectionView(_WarehouseAct):
    @describe(
        "Reject a fulfillment",
        takes=RejectionBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `fulfillment_accepted`: too late; report what is short."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """It is routed to another warehouse, never again to this one. Rejecting twice is harmless."""
        body = call.read(RejectionBody)
        require_fulfillment(call.key, number)
        reject_fulfillment(number=number, reason=body.reason, note=body.note, by=call.by, at=call.at)
        return self._show(number)


class ShipmentView(_WarehouseAct):
    @describe(
        "Ship a parcel",
        takes=ShipmentBody,
        gives={201: FulfillmentShape},
        refuses={
            409: f"{ENDED} `not_that_many`: more units than are left; `order_still_held`. {WAITS}",
        },
        example={"carrier": "DHL", "tracking_number": "00340434161094022115"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """The goods leave: stock, channel and customer are told. Shipping accepts what was not accepted yet."""
        body = call.read(ShipmentBody)
        require_fulfillment(call.key, number)
        dispatch = Dispatch(
            number=number,
            units=None if body.lines is None else _units(body.lines),
            carrier=body.carrier,
            service=body.service,
            tracking_number=body.tracking_number,
            tracking_url=body.tracking_url,
            weight_grams=body.weight_grams,
        )
        ship_fulfillments([dispatch], by=call.by, at=call.at)
        return self._show(number, 201)


class FulfillmentHoldView(_WarehouseAct):
    """Shopify: fulfillmentOrderHold and fulfillmentOrderReleaseHold."""

    scopes = {"POST": Scope.FULFILLMENTS_WRITE, "DELETE": Scope.FULFILLMENTS_WRITE}

    @describe(
        "Hold a fulfillment",
        takes=FulfillmentHoldBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `fulfillment_accepted`: too late; ask for cancellation."},
        example={"reason": "INCORRECT_ADDRESS", "reason_notes": "The customer is asked."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """It becomes ON_HOLD: nobody can accept, pick or ship it. Holding it again says why anew."""
        body = call.read(FulfillmentHoldBody)
        require_fulfillment(call.key, number)
        hold_fulfillment(number=number, reason=body.reason, note=body.reason_notes, by=call.by, at=call.at)
        return self._show(number)

    @describe("Release the hold", gives={200: FulfillmentShape}, refuses={409: ENDED})
    def delete(self, call: ApiCall, number: str) -> Answer:
        """It is OPEN again, or SCHEDULED where it is for later. Releasing what nobody holds is harmless."""
        require_fulfillment(call.key, number)
        release_hold(number=number, by=call.by, at=call.at)
        return self._show(number)


class ScheduleView(_WarehouseAct):
    """Shopify: fulfillmentOrderReschedule and fulfillmentOrderOpen."""

    scopes = {"POST": Scope.FULFILLMENTS_WRITE, "DELETE": Scope.FULFILLMENTS_WRITE}

    @describe(
        "Schedule a fulfillment",
        takes=ScheduleBody,
        gives={200: FulfillmentShape},
        refuses={
            409: f"{ENDED} `fulfillment_accepted`: too late. `fulfillment_on_hold`: release the hold first.",
            422: "`in_the_past`: that moment is over.",
        },
        example={"fulfill_at": "2026-12-01T08:00:00Z"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """It becomes SCHEDULED, and OPEN by itself when it is due. A label that was bought goes back meanwhile."""
        body = call.read(ScheduleBody)
        require_fulfillment(call.key, number)
        schedule_fulfillment(number=number, until=body.fulfill_at, by=call.by, at=call.at)
        return self._show(number)

    @describe(
        "Open a scheduled fulfillment",
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `fulfillment_on_hold`: release the hold first."},
    )
    def delete(self, call: ApiCall, number: str) -> Answer:
        """It waits no longer. Opening what is open is harmless."""
        require_fulfillment(call.key, number)
        open_fulfillment(number=number, by=call.by, at=call.at)
        return self._show(number)


class ShortView(_WarehouseAct):
    @describe(
        "Report units that are not there",
        takes=ShortBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `not_that_many`; `order_still_held`. {WAITS}"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """The shelf is counted down; the units are sent from elsewhere, or the order waits for stock."""
        body = call.read(ShortBody)
        require_fulfillment(call.key, number)
        report_short(number=number, units=_units(body.lines), note=body.note, by=call.by, at=call.at)
        return self._show(number)


class StopView(_WarehouseAct):
    @describe(
        "Ask the warehouse to stop",
        takes=StopBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `fulfillment_not_accepted`: nobody works on it; cancel or edit the order."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """Asking twice is harmless. What is stopped is routed again, unless the order is to be cancelled."""
        body = call.read(StopBody)
        require_fulfillment(call.key, number)
        request_stop(number=number, reason=body.reason, by=call.by, at=call.at)
        return self._show(number)


class StopAnswerView(_WarehouseAct):
    @describe(
        "Answer a cancellation request",
        takes=StopAnswerBody,
        gives={200: FulfillmentShape},
        refuses={409: f"{ENDED} `cancellation_not_requested`."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """The same answer twice is harmless; shipping instead is a no."""
        body = call.read(StopAnswerBody)
        require_fulfillment(call.key, number)
        answer_stop(number=number, accepted=body.accepted, note=body.note, by=call.by, at=call.at)
        return self._show(number)


class LabelView(_WarehouseAct):
    scopes = {
        "GET": Scope.FULFILLMENTS_WRITE,
        "POST": Scope.FULFILLMENTS_WRITE,
        "DELETE": Scope.FULFILLMENTS_WRITE,
    }

    @describe(
        "Read the label",
        gives={200: LabelDocumentShape},
        refuses={404: "`label_not_found`: none was bought, or it was given back."},
    )
    def get(self, call: ApiCall, number: str) -> Answer:
        """What the carrier gave us to print, in base64."""
        require_fulfillment(call.key, number)
        label = label_of(number)
        content = base64.b64encode(label.document.content).decode()
        return Answer(
            {
                "tracking_number": label.tracking_number,
                "media_type": label.document.media_type,
                "content": content,
            }
        )

    @describe(
        "Have a label bought",
        takes=LabelBody,
        gives={202: FulfillmentShape},
        refuses={409: f"`label_refused`: no carrier takes it. {WAITS}"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """A worker buys it, once: read the fulfillment, or listen for `label.bought`. Asking twice is harmless."""
        call.read(LabelBody)
        require_fulfillment(call.key, number)
        want_label(number=number, by=call.by, at=call.at)
        return self._show(number, 202)

    @describe(
        "Give the label back",
        gives={202: FulfillmentShape},
        refuses={409: "`label_not_voidable`: the parcel has left with it.", 404: "`label_not_found`."},
    )
    def delete(self, call: ApiCall, number: str) -> Answer:
        """A worker tells the carrier."""
        require_fulfillment(call.key, number)
        void_label(label_id=live_label_id(number), reason="by the warehouse", by=call.by, at=call.at)
        return self._show(number, 202)


class TrackingEventsView(ApiView):
    scopes = {"POST": Scope.FULFILLMENTS_WRITE}
    needs_key = True

    @describe(
        "Report where a parcel is",
        takes=TrackingEventBody,
        gives={201: ShipmentShape, 200: ShipmentShape},
        refuses={409: "`tracking_conflict`: this event was reported before, with other words."},
        example={"status": "IN_TRANSIT", "at": "2026-11-22T09:30:00Z", "place": "Leipzig"},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """In any order and any number of times: where the parcel is follows from all reports. 200: it was known."""
        body = call.read(TrackingEventBody)
        require_shipment(call.key, number)
        new = record_report(Report(shipment=number, **dict(body)), by=call.by, at=call.at)
        return Answer(query_shipment_document(number), 201 if new else 200)


class InterceptsView(ApiView):
    scopes = {"POST": Scope.EDITS_WRITE}
    needs_key = True

    @describe(
        "Send a parcel that has left elsewhere",
        takes=InterceptBody,
        gives={202: InterceptShape},
        refuses={409: "`intercept_impossible`: `reason` says why (too_late, another_country, switched_off)."},
    )
    def post(self, call: ApiCall, number: str) -> Answer:
        """Staff ask the carrier; `shipment.intercept_answered` in the order's timeline says what came of it."""
        body = call.read(InterceptBody)
        require_shipment(call.key, number)
        asked = ask_intercept(number=number, address=body.address.model_dump(), by=call.by, at=call.at)
        shown = {"shipment": number, "state": asked.state, "address": body.address.model_dump()}
        return Answer(shown | {"asked_at": asked.asked_at}, 202)


def _units(lines: Sequence[UnitsBody]) -> dict[int, Decimal]:
    """A line that is named twice is meant twice."""
    units: dict[int, Decimal] = {}
    for line in lines:
        units[line.line] = units.get(line.line, Decimal(0)) + line.quantity
    return units


def _filter(asked: FulfillmentQuery, key: ApiKey) -> QuerySet[Fulfillment]:
    exact = {
        "warehouse__code": asked.warehouse,
        "status": asked.status,
        "request_status": asked.request_status,
        "order__number": asked.order,
        "made_at__gt": asked.made_after,
    }
    found = Fulfillment.objects.filter(**{name: value for name, value in exact.items() if value})
    if key.warehouses:
        found = found.filter(warehouse__code__in=key.warehouses)
    if key.channels:
        found = found.filter(order__channel__code__in=key.channels)
    if asked.status is None:
        found = found.exclude(status__in=[Fulfillment.Status.ON_HOLD, Fulfillment.Status.SCHEDULED])
    return found.exclude(status=Fulfillment.Status.OPEN, order__status=Order.Status.HELD)
