"""A customer's store credit: what there is, until when, how it came and went; its code, and paying with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from oms.errors import Refused
from oms.portal.pages import show_page, show_refusal
from orders.models import Checkout, Order
from orders.portal.access import for_customer
from returns.actions.credit.paying import find_question, pay_with_credit
from returns.models import CreditAccount, CreditEntry
from returns.portal.credit_sayings import SAYINGS
from returns.queries.credit.codes import spell_code
from returns.queries.credit.owners import accounts_by_order
from returns.queries.credit.standings import Standing, read_standings

SHOWN = 50
"""So many movements; who wants all of them asks us."""

Kind = CreditEntry.Kind


@dataclass(frozen=True, slots=True)
class Movement:
    said: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Purse:
    """One account as its owner sees it. `payable`: what they are asked for and could pay with it."""

    standing: Standing
    movements: Sequence[Movement]
    payable: Checkout | None
    code: str = ""


@require_safe
@for_customer
def show_credit(request: HttpRequest, order: Order) -> HttpResponse:
    return _show(request, order)


@require_POST
@for_customer
def show_code(request: HttpRequest, order: Order) -> HttpResponse:
    """The code is shown when asked for, and stands on no page before."""
    return _show(request, order, coded=request.POST.get("account", ""))


@require_POST
@for_customer
def pay(request: HttpRequest, order: Order) -> HttpResponse:
    at, back = timezone.now(), reverse("credit:credit", args=[order.number])
    theirs = {account.key for account in accounts_by_order(order)}
    key = request.POST.get("account", "")
    if key not in theirs:
        return HttpResponseRedirect(back)
    try:
        pay_with_credit(number=order.number, account_key=key, by="customer", at=at)
    except Refused as refusal:
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(reverse("portal:order", args=[order.number]))


def _show(request: HttpRequest, order: Order, *, coded: str = "") -> HttpResponse:
    accounts = accounts_by_order(order)
    standings = read_standings(accounts, at=timezone.now())
    asked = find_question(order)
    purses = [
        Purse(
            standing=standings[account.pk],
            movements=_read_movements(account),
            payable=asked if asked and _could_pay(standings[account.pk], asked) else None,
            code=spell_code(account) if account.key == coded else "",
        )
        for account in accounts
    ]
    return show_page(request, "returns/portal/credit.html", {"order": order, "purses": purses}, country=order.country)


def _could_pay(standing: Standing, asked: Checkout) -> bool:
    account = standing.account
    fits = account.currency == asked.currency and account.frozen_at is None
    return fits and standing.available >= asked.amount


def _read_movements(account: CreditAccount) -> list[Movement]:
    """The newest first; what happened at one time to several lots is one movement. That an advance was earned changes
    nothing for its owner."""
    entries = CreditEntry.objects.filter(account=account).exclude(kind=Kind.EARN).order_by("-id")
    movements: dict[str, Movement] = {}
    for entry in entries[:SHOWN]:
        before = movements.get(entry.key)
        amount = entry.liability_base + entry.liability_bonus + (before.amount if before else 0)
        movements[entry.key] = Movement(_say(entry), amount, entry.at)
    return list(movements.values())


def _say(entry: CreditEntry) -> str:
    return {
        Kind.ISSUE: _say_source(entry.reference),
        Kind.CAPTURE: gettext("You paid with it"),
        Kind.REVERSE: gettext("Back for goods that you had paid with it"),
        Kind.EXPIRE: gettext("It ran out"),
        Kind.CLAW_BACK: gettext("Taken back: the goods did not come"),
        Kind.SETTLE: gettext("Offset against what you owed us"),
        Kind.PAY_OUT: gettext("Paid out to you"),
        Kind.WRITE_OFF: gettext("We have let go what you owed us"),
        Kind.MOVE: gettext("Moved to your account in the shop where you bought"),
        Kind.MOVE_BACK: gettext("Back from the shop where you bought"),
    }[Kind(entry.kind)]


def _say_source(source: str) -> str:
    kind, _, name = source.partition(":")
    if kind == "return":
        return gettext("For your return %(number)s") % {"number": name}
    return gettext("A gift from us")
