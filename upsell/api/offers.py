"""`/orders/{number}/offers`: what is offered with an order, and taking it."""

from typing import Any, Literal

from oms.api.calls import ApiCall
from oms.api.preconditions import read_version
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import Body
from oms.models import ApiKey
from oms.models.api_key import Scope
from orders.absences import OrderNotFound
from orders.api.access import actor_of, order_for_partner
from orders.api.editing import present_edit
from orders.models import Order
from upsell.actions.accepting import accept_offer
from upsell.actions.offering import Offered, offer_to
from upsell.actions.refusing import refuse_offer
from upsell.api.shapes import AcceptanceShape, OfferShape, OffersShape, PlacementWord
from upsell.queries.access import offer_for_partner
from upsell.queries.gap import Gap
from upsell.queries.offer_documents import describe_all, money, read_offer_documents

REFUSALS = {
    409: "`offer_ended` (`because`: `window_closed`, `refused`, `withdrawn`, `waits_for_payment`), `offer_taken`, "
    "`enough_accepted`, `stock_short`, `edit_open`: another change waits; `edit_not_allowed`, …",
    412: "`version_stale`: the order has changed since you read it.",
}


class OffersQuery(Body):
    """Where it is shown."""

    placement: PlacementWord = "API"


class AcceptanceBody(Body):
    """Where it was accepted."""

    placement: PlacementWord = "API"


class RefusalBody(Body):
    """`PRODUCT`: not this one. `KIND`: nothing of its category. `ALL`: no offers at all."""

    scope: Literal["PRODUCT", "KIND", "ALL"] = "PRODUCT"


class OffersView(ApiView):
    scopes = {"GET": Scope.OFFERS_WRITE}

    @describe("List what is offered with an order", query=OffersQuery, gives={200: OffersShape})
    def get(self, call: ApiCall, number: str) -> Answer:
        """Best first, and what is missing to free shipping. Asking counts as showing: ask when you show it. Nothing is
        offered once the edit window is closed, to orders of a holdout, or while a change waits."""
        placement = call.ask(OffersQuery).placement
        order = _find_order(call.key, number)
        return Answer(_present(order, offer_to(order=order, placement=placement, by=call.by, at=call.at)))


class AcceptanceView(ApiView):
    scopes = {"POST": Scope.OFFERS_WRITE}
    needs_key = True

    @describe(
        "Accept an offer",
        takes=AcceptanceBody,
        gives={201: AcceptanceShape, 202: AcceptanceShape},
        refuses=REFUSALS,
    )
    def post(self, call: ApiCall, offer_id: int) -> Answer:
        """All of it goes on the order, into the same parcel. 201: done. 202: it waits for its payment or for approval,
        with its stock promised; given up, it can be accepted again while the edit window is open.

        `If-Match` with the order's version refuses where the order has changed in the meantime.
        """
        placement = call.read(AcceptanceBody).placement
        offer = offer_for_partner(call.key, offer_id)
        edit = accept_offer(
            offer_id=offer.pk,
            placement=placement,
            actor=actor_of(call.key),
            by=call.by,
            at=call.at,
            version=read_version(call.http),
        )
        shown = {"offer": read_offer_documents([offer.pk])[offer.pk], "edit": present_edit(edit)}
        return Answer(shown, 202 if edit.is_open else 201)


class RefusalView(ApiView):
    scopes = {"POST": Scope.OFFERS_WRITE}
    needs_key = True

    @describe(
        "Refuse an offer",
        takes=RefusalBody,
        gives={200: OfferShape},
        refuses={409: "`offer_taken`: it is on the order, or waits for its payment."},
    )
    def post(self, call: ApiCall, offer_id: int) -> Answer:
        """Neither it nor what else is meant is offered to this customer again. Refusing twice is harmless."""
        scope = call.read(RefusalBody).scope
        offer = offer_for_partner(call.key, offer_id)
        refuse_offer(offer_id=offer.pk, scope=scope, by=call.by, at=call.at)
        return Answer(read_offer_documents([offer.pk])[offer.pk])


def _find_order(key: ApiKey, number: str) -> Order:
    """A key that is limited to warehouses knows parcels, not orders."""
    if key.warehouses:
        raise OrderNotFound(number)
    return order_for_partner(key, number)


def _present(order: Order, offered: Offered) -> dict[str, Any]:
    return {
        "results": describe_all(offered.offers),
        "next_cursor": None,
        "gap": _present_gap(offered.gap, order.currency) if offered.gap else None,
        "until": offered.until if offered.offers or offered.gap else None,
        "words": dict(offered.words),
    }


def _present_gap(gap: Gap, currency: str) -> dict[str, Any]:
    amounts = {"threshold": gap.threshold, "reached": gap.reached, "missing": gap.missing, "shipping": gap.shipping}
    return {name: money(amount, currency) for name, amount in amounts.items()} | {"method": gap.method}
