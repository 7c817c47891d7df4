"""Words of a return in the reader's language: reasons, resolutions, ways back, and why something stays."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date, format_time
from django.utils import timezone
from django.utils.translation import get_language, gettext

from oms.portal.zones import babel_locale
from orders.models import Order
from returns.choices import Method, Resolution
from returns.models import ReturnReason
from returns.policies.languages import USUAL, choose_words


def name_reason(reason: ReturnReason) -> str:
    """As the operator wrote it for this language, else for its family, else in English."""
    return say_label(reason.labels) or reason.code


def say_label(labels: Mapping[str, str]) -> str:
    return choose_words(labels, get_language() or USUAL)


def name_resolution(resolution: str) -> str:
    return {
        Resolution.REFUND: gettext("Money back"),
        Resolution.STORE_CREDIT: gettext("Store credit"),
        Resolution.EXCHANGE: gettext("Exchange"),
        Resolution.REPLACEMENT: gettext("The same again"),
    }[Resolution(resolution)]


def explain_resolution(resolution: str) -> str:
    """What the customer gets, in one line."""
    return {
        Resolution.REFUND: gettext("The way you paid"),
        Resolution.STORE_CREDIT: gettext("To spend in our shop"),
        Resolution.EXCHANGE: gettext("Another size or color"),
        Resolution.REPLACEMENT: gettext("We send it once more, free of charge"),
    }[Resolution(resolution)]


def name_way(method: str) -> str:
    return {
        Method.PREPAID_LABEL: gettext("Print a label"),
        Method.QR_DROP_OFF: gettext("Show a QR code"),
        Method.IN_STORE: gettext("Bring it to a store"),
        Method.OWN_CARRIER: gettext("Send it yourself"),
        Method.KEEP_IT: gettext("Keep it"),
    }[Method(method)]


def explain_way(method: str) -> str:
    return {
        Method.PREPAID_LABEL: gettext("Stick our label on the parcel and hand it to the carrier."),
        Method.QR_DROP_OFF: gettext("Nothing to print: the shop scans the code on your phone and prints the label."),
        Method.IN_STORE: gettext("Show your return number at the till."),
        Method.OWN_CARRIER: gettext("With a carrier of your choice; you pay for it and tell us the tracking number."),
        Method.KEEP_IT: gettext("It does not have to come back."),
    }[Method(method)]


def explain_verdict(code: str, ended_on: date | None) -> str:
    """Why a line cannot come back, and since when."""
    if code == "window_closed" and ended_on:
        return gettext("It could be returned until %(day)s.") % {"day": say_date(ended_on)}
    return {
        "window_closed": gettext("The time for returning it is over."),
        "final_sale": gettext("It was sold for good: made for you, sealed for hygiene, or perishable."),
        "no_returns": gettext("It was sold without a right to return it."),
        "not_delivered": gettext("It has not reached you yet. Come back once it has."),
        "not_sent": gettext("It has not left us yet."),
        "none_left": gettext("It is part of another return already."),
        "no_goods": gettext("There is nothing of it to send back."),
        "gift_card": gettext("Gift cards cannot be returned."),
        "not_for_sale_on": gettext("It was not bought here. Ask the shop where you bought it."),
    }.get(code, gettext("It cannot be returned online. Write to us."))


def say_date(day: date) -> str:
    return format_date(day, "long", locale=babel_locale())


def say_exactly(at: datetime) -> str:
    """Day and time to the second, in the active zone."""
    local = timezone.localtime(at)
    time = format_time(local, "medium", locale=babel_locale(), tzinfo=local.tzinfo)
    pattern = str(babel_locale().datetime_formats["medium"])  # {1} is the day, {0} the time
    return pattern.replace("{1}", say_date(local.date())).replace("{0}", time)


def name_customer(order: Order) -> str:
    """Who bought it, as far as the order knows."""
    if order.customer and order.customer.name:
        return order.customer.name
    return order.shipping_address.name if order.shipping_address else ""
