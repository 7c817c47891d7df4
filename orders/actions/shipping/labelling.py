"""Labels: one is wanted for each parcel, chosen among the carriers' offers; a worker buys it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models.functions import Coalesce

from oms import events
from oms.money import round_amount
from oms.transactions import transactional
from oms.writing import insert_rows
from orders.absences import FulfillmentNotFound
from orders.actions.shipping.discarding import discard_labels, discard_labels_back
from orders.actions.waking import wake_carriers
from orders.errors import LabelNotVoidable, LabelRefused
from orders.events import LabelFailed
from orders.models import CarrierAccount, Fulfillment, Label, Order, Shipment, TrackingEvent
from orders.policies.shipping.rates import Offer, RateTable
from orders.policies.shipping.shopping import Choice, Option, Promise, choose_option
from orders.queries.shipping.rates import read_rate_table
from orders.queries.shipping.wanted import Wanted, read_wanted
from orders.queries.shipping.wanted_back import WayBack, read_wanted_back
from orders.return_label_events import ReturnLabelFailed

State = Label.State

NOBODY = "No carrier takes this parcel."


def want_labels(numbers: Sequence[str], *, by: str, at: datetime) -> None:
    """Each of these fulfillments is to have a label, in the caller's transaction, under the locks of its orders.

    Who has one, or waits for one, is left alone. Where nobody takes the parcel that is on record too, with the reasons.
    """
    events.require_transaction("A label")
    _write_labels(read_wanted(numbers, at=at), by=by, at=at)


def want_labels_back(ways: Sequence[WayBack], *, by: str, at: datetime) -> None:
    """The same for what comes back: a return that has a label, or waits for one, is left alone."""
    events.require_transaction("A label")
    _write_labels(read_wanted_back(ways, at=at), by=by, at=at)


def _write_labels(wanted: Sequence[Wanted], *, by: str, at: datetime) -> None:
    if not wanted:
        return
    table, accounts = read_rate_table(), {account.code: account for account in CarrierAccount.objects.all()}
    asked = [account for account in accounts.values() if is_asked_live(account, table)]
    choices = [shop(each, table) for each in wanted]
    rows = [
        _row(each, choice, accounts, live=bool(asked), by=by, at=at)
        for each, choice in zip(wanted, choices, strict=True)
    ]
    keys = insert_rows({Label: rows})[Label]
    told = [
        _failed(each, key, row["last_error"], by=by, at=at)
        for each, key, row in zip(wanted, keys, rows, strict=True)
        if row["state"] == State.REFUSED
    ]
    events.publish(told)
    if len(told) < len(rows):
        wake_carriers()


def is_asked_live(account: CarrierAccount, table: RateTable) -> bool:
    """Its rates are asked for parcel by parcel: it has an API, and no rate table of its own."""
    return account.active and account.kind != CarrierAccount.Kind.HOUSE and not table.prices(account.code)


def shop(wanted: Wanted, table: RateTable) -> Choice:
    """The choice by our own rate tables. What routing has chosen is taken as long as it carries the parcel."""
    asked = wanted.warehouse_id, wanted.abroad, wanted.packed.grams, wanted.packed.measures
    offers = table.offers(*asked)
    refusals = [
        Option(account=each.account, service=each.code, name=each.name, express=each.express, why_not=why)
        for each, why in table.missing(*asked).items()
    ]
    promise = promise_of(wanted)
    choice = choose_option([*(_option(offer) for offer in offers), *refusals], promise)
    routed = next((_option(offer) for offer in offers if offer.service.id == wanted.service_id), None)
    return _take(routed, choice) if routed else choice


def promise_of(wanted: Wanted) -> Promise:
    return Promise(leaves=wanted.leaves, due=wanted.due, express=wanted.express, currency=settings.SHOP_CURRENCY)


@transactional
def void_label(*, label_id: int, reason: str, by: str, at: datetime) -> Label:
    """Give a label back; a worker tells its carrier. Twice is harmless.

    Raises:
        LabelNotVoidable: there is none, or the parcel has left with it.
    """
    label = _lock_label(label_id)
    if label.state in (State.VOIDING, State.VOIDED, State.WITHDRAWN):
        return label
    if label.state not in Label.LIVE:
        raise LabelNotVoidable(f"This label is {label.get_state_display()}.", label=label_id, state=label.state)
    _refuse_sent(label)
    _discard(label, by=by, at=at)
    Label.objects.filter(pk=label_id).update(reason=reason[:255])
    wake_carriers()
    label.refresh_from_db()
    return label


@transactional
def replace_label(*, label_id: int, reason: str, by: str, at: datetime) -> Label:
    """Give the label back, and have another one bought with what is known today: address, weight, rates.

    Raises:
        LabelNotVoidable: the parcel has left with it.
        LabelRefused: its fulfillment, or return, wants no label any more.
    """
    label = _lock_label(label_id)
    if label.state in Label.LIVE:
        _refuse_sent(label)
        _discard(label, by=by, at=at)
        Label.objects.filter(pk=label_id).update(reason=reason[:255])
    if label.rma:
        want_labels_back([_way_of(label)], by=by, at=at)
    else:
        want_labels([label.number], by=by, at=at)
    newest = Label.objects.filter(fulfillment=label.fulfillment_id, rma=label.rma).latest("id")
    if newest.pk == label.pk:
        raise LabelRefused(f"{label.number} wants no label.", reasons=[])
    wake_carriers()
    return newest


@transactional
def want_label(*, number: str, by: str, at: datetime) -> None:
    """Have a label bought for one fulfillment; where it has one, nothing happens.

    Raises:
        FulfillmentNotFound.
        FulfillmentOnHold, FulfillmentScheduled: it is not to be begun yet.
    """
    order = Fulfillment.objects.filter(number=number).values_list("order__number", flat=True).first()
    if order is None:
        raise FulfillmentNotFound(number)
    Order.objects.locked(order)
    Fulfillment.objects.locked(number).refuse_waiting(at=at)
    want_labels([number], by=by, at=at)


def describe_options(options: Sequence[Option], chosen: Option | None) -> list[dict[str, Any]]:
    """As `Label.rates` keeps them, the chosen one first."""
    ordered = sorted(options, key=lambda option: option is not chosen)
    return [
        {
            "account": option.account,
            "service": option.service,
            "name": option.name,
            "cost": None if option.cost is None else str(option.cost),
            "currency": option.currency,
            "days": option.days,
            "express": option.express,
            "chosen": option is chosen,
            "why_not": option.why_not,
        }
        for option in ordered
    ]


def say_why(options: Sequence[Option]) -> str:
    """Why nobody takes it, in one sentence each."""
    said = {"too_heavy": "too heavy", "no_rate": "no rate for this way and weight", "refused": "refused"}
    reasons = [f"{option.name}: {said.get(option.why_not, option.why_not)}" for option in options if option.why_not]
    return f"{NOBODY} {'; '.join(reasons)}." if reasons else f"{NOBODY} There is no carrier."


def _take(routed: Option, choice: Choice) -> Choice:
    """What routing chose has been promised; what would have been cheaper by now is kept as an alternative."""
    same = (routed.account, routed.service)
    options = tuple(
        replace(option, why_not="")
        if (option.account, option.service) == same
        else replace(option, why_not=option.why_not or "routed")
        for option in choice.options
    )
    chosen = next(option for option in options if (option.account, option.service) == same)
    return Choice(chosen, options)


def _option(offer: Offer) -> Option:
    service = offer.service
    return Option(
        account=service.account,
        service=service.code,
        name=service.name,
        cost=round_amount(offer.cost, settings.SHOP_CURRENCY),
        currency=settings.SHOP_CURRENCY,
        days=offer.days,
        express=service.express,
    )


def _row(
    wanted: Wanted,
    choice: Choice,
    accounts: Mapping[str, CarrierAccount],
    *,
    live: bool,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """A label's columns. With carriers that are yet to be asked, it is left to the worker who does."""
    chosen = None if live else choice.chosen
    lost = choice.chosen is None and not live
    return {
        "fulfillment_id": wanted.fulfillment_id,
        "order_id": wanted.order_id,
        "rma": "" if wanted.fulfillment_id else wanted.number,
        "key": str(uuid4()),
        "state": State.REFUSED if lost else State.WANTED,
        "account_id": accounts[chosen.account].pk if chosen else None,
        "service": chosen.service if chosen else "",
        "service_name": chosen.name if chosen else "",
        "parcel": _describe_parcel(wanted),
        "ship_from": wanted.ship_from,
        "ship_to": wanted.ship_to,
        "customs": wanted.customs,
        "rates": describe_options(choice.options, chosen),
        "cost": chosen.cost if chosen else None,
        "currency": chosen.currency if chosen else "",
        "days": chosen.days if chosen else None,
        "run_after": at,
        "last_error": say_why(choice.options) if lost else "",
        "wanted_at": at,
        "wanted_by": by,
    }


def _describe_parcel(wanted: Wanted) -> dict[str, Any]:
    """All that a worker needs to know of it besides the addresses."""
    packed = wanted.packed
    return {
        "grams": packed.grams,
        "measures": packed.measures,
        "guessed": packed.guessed,
        "handling": wanted.handling,
        "leaves": wanted.leaves,
        "due": wanted.due,
        "express": wanted.express,
        "warehouse": wanted.warehouse_id,
        "order": wanted.order,
        "fulfillment": wanted.number,
        "units": wanted.units,
    }


def _failed(wanted: Wanted, label_id: int, reason: str, *, by: str, at: datetime) -> events.Event:
    facts = {"warehouse": wanted.warehouse, "label": label_id, "reason": reason}
    if wanted.fulfillment_id is None:
        return ReturnLabelFailed(subject=wanted.order, by=by, at=at, facts={"return": wanted.number, **facts})
    return LabelFailed(subject=wanted.order, by=by, at=at, facts={"fulfillment": wanted.number, **facts})


def _lock_label(label_id: int) -> Label:
    """The order first, then the label.

    Raises:
        LabelNotVoidable: there is none.
    """
    whose = Coalesce("fulfillment__order__number", "order__number")
    number = Label.objects.filter(pk=label_id).values_list(whose, flat=True).first()
    if number is None:
        raise LabelNotVoidable("There is no such label.", label=label_id)
    Order.objects.locked(number)
    rows = Label.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("fulfillment", "order").get(pk=label_id)


def _discard(label: Label, *, by: str, at: datetime) -> None:
    if label.rma:
        discard_labels_back([label.rma], by=by, at=at)
    elif label.fulfillment_id:
        discard_labels([label.fulfillment_id], by=by, at=at)


def _way_of(label: Label) -> WayBack:
    units = {int(line): Decimal(quantity) for line, quantity in label.parcel["units"].items()}
    warehouse = label.parcel["warehouse"]
    return WayBack(rma=label.rma, order=label.its_order.number, warehouse=warehouse, units=units)


def _refuse_sent(label: Label) -> None:
    sent = Shipment.objects.filter(fulfillment=label.fulfillment_id, tracking_number=label.tracking_number)
    seen = TrackingEvent.objects.filter(label=label)
    if label.tracking_number and (seen if label.rma else sent).exists():
        raise LabelNotVoidable(f"A parcel has left with label {label.tracking_number}.", label=label.pk)
