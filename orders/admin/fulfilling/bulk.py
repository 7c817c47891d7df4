"""Accepting, rejecting and shipping many fulfillments."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from oms.admin.piecework import LIMIT, Verb, ask_and_do
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.admin.timeline_sending import WHY_REJECTED
from orders.models import Fulfillment

NOUNS = ("fulfillment", "fulfillments")

Request = Fulfillment.RequestStatus


class RejectForm(forms.Form):
    reason = forms.ChoiceField(choices=WHY_REJECTED)
    note = forms.CharField(max_length=255, required=False, help_text="Whoever routes it again reads this.")


@admin.action(description="Accept the selected", permissions=["work"])
def accept_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return ask_and_do(request, _read(queryset), ACCEPT)


@admin.action(description="Reject the selected", permissions=["reject"])
def reject_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return ask_and_do(request, _read(queryset), REJECT)


@admin.action(description="Ship the selected", permissions=["work"])
def ship_selected(page: Any, request: HttpRequest, queryset: QuerySet[Fulfillment]) -> HttpResponse | None:
    return ask_and_do(request, _read(queryset), SHIP)


def _read(queryset: QuerySet[Fulfillment]) -> list[Fulfillment]:
    return list(queryset.select_related("order", "warehouse").order_by("ship_by", "id")[: LIMIT + 1])


def refuse_ended(each: Fulfillment) -> str:
    return "" if each.status in Fulfillment.LIVE else f"is {each.get_status_display()}"


def _refuse_taken(each: Fulfillment) -> str:
    return refuse_ended(each) or ("is accepted already" if each.is_in_hand else "")


def _refuse_stopping(each: Fulfillment) -> str:
    stopping = each.request_status == Request.CANCELLATION_REQUESTED
    return refuse_ended(each) or ("is asked to stop: answer that first" if stopping else "")


def _name_warehouse(each: Fulfillment) -> str:
    return each.warehouse.code


ACCEPT: Verb[Fulfillment] = Verb(
    title="Accept fulfillments",
    done="accepted",
    nouns=NOUNS,
    about=_name_warehouse,
    consequence="The warehouse works on them from now on: changes have to be asked for.",
    act=lambda each, answer, by, at: accept_fulfillments(numbers=[each.number], by=by, at=at),
    many=lambda rows, by, at: accept_fulfillments(numbers=[each.number for each in rows], by=by, at=at),
    refuses=_refuse_taken,
)
REJECT: Verb[Fulfillment] = Verb(
    title="Reject fulfillments",
    done="rejected",
    nouns=NOUNS,
    about=_name_warehouse,
    consequence="They are routed again, to other warehouses.",
    act=lambda each, answer, by, at: reject_fulfillment(
        number=each.number, reason=answer["reason"], note=answer["note"], by=by, at=at
    ),
    refuses=_refuse_taken,
    form=RejectForm,
    tone="bad",
)
SHIP: Verb[Fulfillment] = Verb(
    title="Ship fulfillments",
    done="shipped",
    nouns=NOUNS,
    about=_name_warehouse,
    consequence="All that is still open of each leaves as one parcel, with the carrier and number of its label. Stock "
    "goes with it, and customers and channels are told.",
    act=lambda each, answer, by, at: ship_fulfillments([Dispatch(number=each.number)], by=by, at=at),
    many=lambda rows, by, at: ship_fulfillments([Dispatch(number=each.number) for each in rows], by=by, at=at),
    refuses=_refuse_stopping,
)
