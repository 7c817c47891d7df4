"""The last days of warehouse work: what was released is routed at once; some of it waits, some is packed, some is on
its way, and every trouble of that way has happened to one parcel.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Max

from config.demo.living import Act
from oms.models import EventRecord
from orders.actions.fulfilling.accepting import accept_fulfillments, reject_fulfillment
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.fulfilling.picking import pick_units, report_short
from orders.actions.fulfilling.stopping import request_stop
from orders.actions.routing.waving import route_these
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Fulfillment, Order, Shipment
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.problem import Wave
from orders.policies.routing.together import route_together
from orders.policies.shipping.s10 import write_number

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROUTED_AFTER = timedelta(seconds=5)
WAVE = 20 * MINUTE
"""Orders that were released within so long are routed together."""
PACKER = "staff:wei"

Status = Shipment.Status
Deed = Callable[[Fulfillment, datetime], None]
"""What is done with a fulfillment; never anything after the moment that is now."""


def list_parcel_acts(*, now: datetime) -> Iterator[Act]:
    """All at the end: what has left by then was sent by its channel's own warehouse."""
    yield Act(now, _route)
    yield Act(now, partial(_work, now=now))


def _route(now: datetime) -> None:
    """Wave by wave, each just after the last thing that happened to its orders."""
    released = Order.objects.filter(status=Order.Status.RELEASED, routed_at=None, test=False)
    numbers = list(released.values_list("number", flat=True))
    told = EventRecord.objects.filter(subject_kind="order", subject__in=numbers).values("subject")
    ready = sorted(told.annotate(last=Max("at")).values_list("last", "subject"))
    for ready_at, wave in _gather(ready):
        route_these(wave, solve=_solve, by="system", at=min(ready_at + ROUTED_AFTER, now))


def _gather(ready: Sequence[tuple[datetime, str]]) -> Iterator[tuple[datetime, list[str]]]:
    """Those that were ready within the span of a wave, and when the last of them was."""
    wave: list[tuple[datetime, str]] = []
    for each in ready:
        if wave and each[0] - wave[0][0] > WAVE:
            yield wave[-1][0], [number for _, number in wave]
            wave = []
        wave.append(each)
    if wave:
        yield wave[-1][0], [number for _, number in wave]


def _solve(wave: Wave) -> Choice:
    return choose_plan(wave, seconds=5, together=route_together)


def _work(at: datetime, *, now: datetime) -> None:
    """The oldest have left, the newest are still to be picked; so are all of an order that was split, for what happens
    to one of its parcels happens to the order.
    """
    begun = Order.FulfillmentStatus.PARTIALLY_FULFILLED  # by its channel; the rest of it still waits
    live = (
        Fulfillment.objects.live()
        .exclude(order__fulfillment_status=begun)
        .select_related("order", "address", "warehouse", "service__account")
    )
    parcels = Counter(live.values_list("order_id", flat=True))
    found = [each for each in live.order_by("made_at", "id") if parcels[each.order_id] == 1]
    for each, deed in zip(found, allot_deeds(len(found)), strict=False):
        deed(each, now)


def _send(each: Fulfillment, at: datetime) -> Shipment:
    serial = 40_260_000 + each.pk * 7
    country = each.warehouse.country
    dispatch = Dispatch(
        number=each.number,
        carrier=each.service.account.name if each.service else "",
        service=each.service.name if each.service else "Parcel",
        tracking_number=write_number("CP", serial % 100_000_000, country),
        weight_grams=each.weight_grams,
    )
    (parcel,) = ship_fulfillments([dispatch], by=PACKER, at=at)
    return parcel


def _ago(each: Fulfillment, now: datetime, minutes: int) -> datetime:
    """So long ago, but not before somebody was asked to send it."""
    return max(now - minutes * MINUTE, each.made_at + (now - each.made_at) / 10)


def _pack(each: Fulfillment, at: datetime) -> None:
    accept_fulfillments(numbers=[each.number], by=PACKER, at=at)
    units = {line.pk: line.open_quantity for line in each.lines.order_by("id")}
    pick_units(number=each.number, units=units, by=PACKER, at=at)


def _track(parcel: Shipment, now: datetime, *seen: tuple[str, timedelta, str, str]) -> None:
    """`seen`: status, how long after it left, where, what was said. What lies ahead has not been seen."""
    for status, after, place, description in seen:
        at = min(parcel.shipped_at + after, now)
        report = Report(shipment=parcel.number, status=status, at=at, place=place, description=description)
        record_tracking([report], by="carrier:house", at=at)


def _leave(each: Fulfillment, now: datetime, *, share: int) -> Shipment:
    """It was packed and sent a part of the way from its routing to now: `share` per cent."""
    span = now - each.made_at
    sent_at = each.made_at + span * share / 100
    _pack(each, sent_at - min(span * share / 200, HOUR))
    return _send(each, sent_at)


def deliver(each: Fulfillment, now: datetime) -> None:
    parcel = _leave(each, now, share=20)
    left = now - parcel.shipped_at
    town = each.address.city if each.address else ""
    _track(
        parcel,
        now,
        (Status.IN_TRANSIT, left * 2 / 10, each.warehouse.city, "Sorted"),
        (Status.OUT_FOR_DELIVERY, left * 7 / 10, town, ""),
        (Status.DELIVERED, left * 9 / 10, town, "Handed to a neighbour"),
    )


def delay(each: Fulfillment, now: datetime) -> None:
    parcel = _leave(each, now, share=25)
    left = now - parcel.shipped_at
    _track(
        parcel,
        now,
        (Status.IN_TRANSIT, left * 2 / 10, each.warehouse.city, "Sorted"),
        (Status.DELAYED, left * 8 / 10, "", "The lorry has broken down"),
    )


def miss(each: Fulfillment, now: datetime) -> None:
    """The parcel comes back: nobody was there, twice."""
    parcel = _leave(each, now, share=15)
    left, town = now - parcel.shipped_at, each.address.city if each.address else ""
    _track(
        parcel,
        now,
        (Status.OUT_FOR_DELIVERY, left * 4 / 10, town, ""),
        (Status.ATTEMPTED_DELIVERY, left * 5 / 10, town, "Nobody was there"),
        (Status.RETURNED, left * 9 / 10, town, "Address not found"),
    )


def send(each: Fulfillment, now: datetime) -> None:
    parcel = _leave(each, now, share=60)
    _track(parcel, now, (Status.IN_TRANSIT, (now - parcel.shipped_at) / 2, each.warehouse.city, "Sorted"))


def pack(each: Fulfillment, now: datetime) -> None:
    _pack(each, _ago(each, now, 40))


def begin(each: Fulfillment, now: datetime) -> None:
    """One unit is in the box."""
    first = each.lines.order_by("id")[0]
    pick_units(number=each.number, units={first.pk: Decimal(1)}, by=PACKER, at=_ago(each, now, 4))


def fall_short(each: Fulfillment, now: datetime) -> None:
    """The bin was empty; what there is goes, the rest is looked for elsewhere."""
    at = _ago(each, now, 35)
    accept_fulfillments(numbers=[each.number], by=PACKER, at=at)
    last = each.lines.order_by("-id")[0]
    report_short(number=each.number, units={last.pk: Decimal(1)}, note="The bin was empty", by=PACKER, at=at)


def reject(each: Fulfillment, now: datetime) -> None:
    at = _ago(each, now, 50)
    reject_fulfillment(number=each.number, reason="too_busy", note="Stocktaking until Monday", by=PACKER, at=at)
    route_these([each.order.number], solve=_solve, by="system", at=at + ROUTED_AFTER)


def strand(each: Fulfillment, now: datetime) -> None:
    """One warehouse after the other will not send it, until there is none left to ask."""
    at, order = _ago(each, now, 70), each.order
    while asked := order.fulfillments.live().first():
        note = "Nobody collects it for that address"
        reject_fulfillment(number=asked.number, reason="cannot_ship_there", note=note, by=PACKER, at=at)
        at += (now - at) / 4
        route_these([order.number], solve=_solve, by="system", at=at)


def ask_to_stop(each: Fulfillment, now: datetime) -> None:
    at = _ago(each, now, 90)
    _pack(each, at)
    request_stop(number=each.number, reason="The customer ordered twice", by="staff:jonas", at=at + (now - at) * 3 / 4)


OLDEST: Sequence[Deed] = (deliver, deliver, send, deliver, send, delay, deliver, send, send)
ONCE: Sequence[Deed] = (deliver, delay, miss, send, fall_short, ask_to_stop, strand, reject, pack, begin)
NEWER: Sequence[Deed] = (pack, pack, begin, pack)
FEW = 16


def allot_deeds(number: int) -> Sequence[Deed]:
    """What is done with so many fulfillments, the oldest first; the last of them wait to be picked."""
    return ONCE[: max(0, number - 1)] if number < FEW else (*OLDEST, *ONCE, *NEWER)
