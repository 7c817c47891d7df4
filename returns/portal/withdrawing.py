"""Withdrawing from the contract without a reason: "withdraw from contract here", then "confirm withdrawal".

Directive 2011/83/EU, article 11a (as of Directive (EU) 2023/2673): the statement names the customer, the contract, and
where the acknowledgement goes; that goes out at once with its content, date and time, on a durable medium.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oms.errors import Refused
from oms.portal.pages import show_page, show_refusal
from oms.quantities import plain
from orders.models import Order
from orders.portal.access import for_customer
from orders.portal.items import Item, list_items
from orders.portal.offers import read_units
from returns.actions.withdrawing import withdraw_from_contract
from returns.models import Return
from returns.policies.quotes import LineQuote
from returns.policies.wishes import ReturnWish
from returns.portal.drafts import find_done, note_done
from returns.portal.sayings import SAYINGS
from returns.queries.quoting import quote_return
from returns.queries.unsent import read_unsent
from returns.wording.letters.withdrawing import say_what_now
from returns.wording.words import explain_verdict, name_customer

BY = "customer"
_SALT = "returns.portal.withdrawal"
_CONFIRM_WITHIN = 24 * 3600


@dataclass(frozen=True, slots=True)
class Good:
    """A line of the contract. `why`: why it cannot be withdrawn from, "" where it can."""

    item: Item
    left: Decimal
    why: str

    @property
    def counts(self) -> list[int]:
        whole = self.left == int(self.left) and self.left <= 20
        return list(range(1, int(self.left) + 1)) if whole else []


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def state_withdrawal(request: HttpRequest, order: Order) -> HttpResponse:
    """Which goods; all of them unless fewer are chosen. POST shows the statement that is then confirmed."""
    goods = list_goods(order)
    due = [good for good in goods if not good.why]
    if request.method != "POST" or not due:
        return _ask(request, order, goods)
    chosen = _read_chosen(request, due)
    if not chosen:
        return _ask(request, order, goods, error=gettext("Choose at least one item."), status=422)
    sealed = signing.dumps([order.number, chosen, timezone.now().isoformat()], salt=_SALT)
    stated = [(good.item, Decimal(chosen[str(good.item.id)])) for good in due if str(good.item.id) in chosen]
    context: dict[str, Any] = {"order": order, "stated": stated, "sealed": sealed, "name": name_customer(order)}
    return show_page(request, "returns/portal/withdrawal_confirm.html", context, country=order.country)


@require_POST
@for_customer
def confirm_withdrawal(request: HttpRequest, order: Order) -> HttpResponse:
    """Exactly what was stated, once: the same form again leads to the same withdrawal."""
    sealed = request.POST.get("sealed", "")
    try:
        number, chosen, _ = signing.loads(sealed, salt=_SALT, max_age=_CONFIRM_WITHIN)
    except signing.BadSignature:
        return HttpResponseRedirect(reverse("returns:withdrawal", args=[order.number]))
    if number != order.number:
        return HttpResponseRedirect(reverse("returns:withdrawal", args=[order.number]))
    if done := find_done(request, sealed[-40:]):
        return HttpResponseRedirect(reverse("returns:return", args=[order.number, done]))

    units = {int(line): Decimal(each) for line, each in chosen.items()}
    try:
        made = withdraw_from_contract(number=order.number, units=units, form=sealed[-40:], by=BY, at=timezone.now())
    except Refused as refusal:
        back = reverse("returns:withdrawal", args=[order.number])
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    if made.of is None or made.unsent is not None:
        return HttpResponseRedirect(reverse("returns:declared", args=[order.number]))
    note_done(request, sealed[-40:], made.of.number)
    return HttpResponseRedirect(reverse("returns:return", args=[order.number, made.of.number]) + "?new=1")


@require_safe
@for_customer
def show_declared(request: HttpRequest, order: Order) -> HttpResponse:
    """What was declared of goods that had not left, and what became of it."""
    declared = list(order.withdrawals.select_related("of"))
    if not declared:
        return HttpResponseRedirect(reverse("returns:withdrawal", args=[order.number]))
    items = {item.id: item for item in list_items(order)}
    shown = [
        (each, say_what_now(each), [(items[said["line"]], Decimal(said["quantity"])) for said in each.items])
        for each in declared
    ]
    context = {"order": order, "declared": shown}
    return show_page(request, "returns/portal/withdrawal_declared.html", context, country=order.country)


def list_goods(order: Order) -> list[Good]:
    """By the law's own period, whatever the shop's terms say."""
    nothing_yet = ReturnWish(items=(), kind=Return.Kind.WITHDRAWAL)
    at = timezone.now()
    quoted = {line.line: line for line in quote_return(order, nothing_yet, at=at).lines}
    unsent = read_unsent(order, at=at)
    return [
        _describe(item, quoted[item.id], unsent.get(item.id, Decimal(0)))
        for item in list_items(order)
        if item.id in quoted and item.kept > 0
    ]


def _describe(item: Item, quote: LineQuote, unsent: Decimal) -> Good:
    """What has left as far as the law's period runs, what has not in any case."""
    left = (quote.left if quote.eligible else Decimal(0)) + unsent
    return Good(item, left, "" if left else explain_verdict(quote.code, quote.ended_on))


def _read_chosen(request: HttpRequest, due: Sequence[Good]) -> dict[str, str]:
    """Units by line, as text."""
    chosen = {}
    for good in due:
        if f"pick-{good.item.id}" in request.POST:
            typed = request.POST.get(f"quantity-{good.item.id}", str(plain(good.left)))
            units = read_units(typed, divisible=good.left != int(good.left))
            chosen[str(good.item.id)] = str(plain(min(units or good.left, good.left)))
    return chosen


def _ask(
    request: HttpRequest, order: Order, goods: Sequence[Good], *, error: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "order": order,
        "name": name_customer(order),
        "due": [good for good in goods if not good.why],
        "staying": [good for good in goods if good.why],
        "error": error,
    }
    return show_page(request, "returns/portal/withdrawal.html", context, country=order.country, status=status)
