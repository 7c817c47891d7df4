"""Letters about parcels: on their way, late, there, or not deliverable."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from oms.mailing import Goods, Letter
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_day, say_moment, units
from orders.models import Order, Shipment
from orders.wording.letters.parts import describe_goods, link_note, see_order

Facts = Mapping[str, Any]


def write_sent(order: Order, facts: Facts) -> Letter:
    """`facts`: of ShipmentSent. The order comes with its lines and their variants."""
    rest = bool(facts.get("rest"))
    number, url = str(facts.get("tracking_number") or ""), str(facts.get("tracking_url") or "")
    carrier, expected_at = _name_carrier(facts), read_moment(facts.get("expected_at"))
    figures = [(gettext("Carrier"), carrier), (gettext("Tracking number"), number)]
    if expected_at:
        figures.append((gettext("Expected"), say_day(expected_at)))
    names = {"number": order.number}
    return Letter(
        subject=(
            gettext("Part of order %(number)s is on its way") if rest else gettext("Order %(number)s is on its way")
        )
        % names,
        headline=gettext("Your parcel is on its way"),
        preview=_say_expected(expected_at),
        paragraphs=[
            gettext("This part of order %(number)s has left us. The rest follows in another parcel; we write again.")
            % names
            if rest
            else gettext("Order %(number)s has left us.") % names,
        ],
        goods=_list_contents(order, facts.get("lines") or ()),
        figures=[(name, said) for name, said in figures if said],
        deed=_track(url) or see_order(order),
        aside=see_order(order) if _track(url) else None,
        closing=[link_note()],
    )


def write_delayed(order: Order, shipment: Shipment, facts: Facts, at: datetime) -> Letter:
    """`facts`: of ShipmentDelayed, which was said at that moment. A day that is past by then is no news."""
    expected_at = read_moment(facts.get("expected_at"))
    why = (
        gettext("It should have been with you by now, and it is not.")
        if facts.get("because") == "overdue"
        else gettext("The carrier tells us that it takes longer than planned.")
    )
    then = (
        gettext("It should now reach you on %(day)s.") % {"day": say_day(expected_at)}
        if expected_at and expected_at > at
        else gettext("A new day is not known yet. We keep an eye on it.")
    )
    return Letter(
        subject=gettext("Your parcel comes later: order %(number)s") % {"number": order.number},
        headline=gettext("Your parcel is late. We are sorry."),
        preview=then,
        paragraphs=[why, then, gettext("There is nothing you need to do.")],
        figures=name_parcel(shipment),
        **offer_ways(order, shipment),
    )


def write_delivered(order: Order, shipment: Shipment, *, rest: bool) -> Letter:
    there = {"at": say_moment(shipment.delivered_at), "zone": name_zone()} if shipment.delivered_at else None
    paragraphs = [gettext("It was handed over on %(at)s (%(zone)s).") % there] if there else []
    if rest:
        paragraphs.append(gettext("The rest of your order follows in another parcel."))
    return Letter(
        subject=gettext("Your parcel has arrived: order %(number)s") % {"number": order.number},
        headline=gettext("Your parcel has arrived"),
        paragraphs=[*paragraphs, gettext("We hope you like what is in it.")],
        goods=_list_packed(shipment),
        figures=name_parcel(shipment),
        deed=see_order(order),
        closing=[
            gettext(
                "It is not there? Ask your neighbours and look for a note first, then write to us. The same if"
                " something is missing or broken."
            ),
            link_note(),
        ],
    )


def write_failed(order: Order, shipment: Shipment, facts: Facts) -> Letter:
    """`facts`: of ShipmentFailed."""
    returning = facts.get("status") == Shipment.Status.RETURNED
    said = str(facts.get("description") or "") or _find_words(shipment, str(facts.get("status") or ""))
    what = (
        gettext("It could not be handed over and is on its way back to us.")
        if returning
        else gettext("The carrier could not hand it over.")
    )
    todo = (
        gettext(
            "Tell us the right address, or that you do not want it any more: we send it again or give your money back."
        )
        if returning
        else gettext(
            "Look whether the carrier offers another day or a place to pick it up. If the address is wrong, or"
            " nothing helps, write to us."
        )
    )
    return Letter(
        subject=gettext("Your parcel could not be delivered: order %(number)s") % {"number": order.number},
        headline=gettext("Your parcel is coming back") if returning else gettext("Your parcel could not be delivered"),
        preview=what,
        paragraphs=[what, *([gettext("The carrier says: “%(words)s”") % {"words": said}] if said else []), todo],
        figures=name_parcel(shipment),
        **offer_ways(order, shipment),
    )


def write_not_stopped(order: Order) -> Letter:
    """The warehouse was asked to stop for a customer who wanted to cancel, and could not."""
    return Letter(
        subject=gettext("Order %(number)s could not be stopped any more") % {"number": order.number},
        headline=gettext("We could not stop your order"),
        paragraphs=[
            gettext("You asked us to cancel it, but it was packed already. It will be sent as you ordered it."),
            gettext("You do not want it? Do not open the parcel, and write to us."),
        ],
        deed=see_order(order),
        closing=[link_note()],
    )


def name_parcel(shipment: Shipment) -> list[tuple[str, str]]:
    figures = [(gettext("Carrier"), shipment.carrier), (gettext("Tracking number"), shipment.tracking_number)]
    return [(name, said) for name, said in figures if said]


def offer_ways(order: Order, shipment: Shipment) -> dict[str, Any]:
    """Where to look further."""
    track = _track(shipment.tracking_url)
    return {
        "deed": track or see_order(order),
        "aside": see_order(order) if track else None,
        "closing": [link_note()],
    }


def read_moment(said: object) -> datetime | None:
    """A moment of an event's facts."""
    try:
        return parse_datetime(str(said)) if said else None
    except ValueError:
        return None


def _find_words(shipment: Shipment, status: str) -> str:
    """What the carrier last said of it."""
    report = shipment.tracking_events.filter(status=status).order_by("-at", "-id").first()
    return report.description if report else ""


def _say_expected(expected_at: datetime | None) -> str:
    return gettext("It should reach you on %(day)s.") % {"day": say_day(expected_at)} if expected_at else ""


def _name_carrier(facts: Facts) -> str:
    carrier, service = str(facts.get("carrier") or ""), str(facts.get("service") or "")
    return f"{carrier}, {service}" if carrier and service and service != carrier else carrier or service


def _track(url: str) -> tuple[str, str] | None:
    """The carrier's page; an address that is none of the web's is no link."""
    return (gettext("Track your parcel"), url) if urlsplit(url).scheme in ("http", "https") else None


def _list_contents(order: Order, told: Sequence[Facts]) -> list[Goods]:
    lines = {line.pk: line for line in order.lines.all()}
    goods = []
    for each in told:
        line, quantity = lines.get(each.get("line") or 0), Decimal(str(each.get("quantity") or 1))
        title = str(each.get("title") or each.get("sku") or "")
        goods.append(describe_goods(line, quantity) if line else Goods(units(quantity), title))
    return goods


def _list_packed(shipment: Shipment) -> list[Goods]:
    packed = shipment.lines.select_related("fulfillment_line__order_line__variant")
    return [describe_goods(each.fulfillment_line.order_line, each.quantity) for each in packed]
