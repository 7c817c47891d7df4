"""The dashboard's figures of store credit: what we owe, and how it has grown."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from oms.admin.figures import Figure, show_figure, snapshot
from oms.admin.plots import plot_stacks
from oms.money import Money, round_amount
from returns.models import CreditAccount, CreditEntry

WEEKS = 13

Series = Sequence[tuple[str, Sequence[Decimal]]]


def show_credit_owed(request: HttpRequest, subject: object) -> str:
    """In the shop's currency; the list has the others."""
    if not request.user.has_perm("returns.view_creditaccount"):
        return ""
    currency = settings.SHOP_CURRENCY
    owed = snapshot("credit-owed", lambda: _sum_owed(currency))
    link = reverse("admin:returns_creditaccount_changelist")
    return show_figure(Figure("Store credit", str(Money(owed, currency)), link, "that we owe, bonus included"))


def show_credit_over_time(request: HttpRequest, subject: object) -> str:
    """Base and bonus at the end of each week."""
    if not request.user.has_perm("returns.view_creditaccount"):
        return ""
    currency = settings.SHOP_CURRENCY
    days, series = snapshot("credit-weeks", lambda: read_liability(currency, timezone.now()))
    said = [format_date(day, "j M") for day in days]
    rows = [(said[place], [figures[place] for _, figures in series]) for place in range(len(days))][::-1]
    context = {
        "weeks": WEEKS,
        "currency": currency,
        "series": series,
        "rows": rows,
        "any": any(figure for _, figures in series for figure in figures),
        "plot": plot_stacks(said, series),
    } | snapshot("credit-losses", lambda: read_losses(currency, days[0]))
    return render_to_string("returns/admin/credit_over_time.html", context)


def read_liability(currency: str, at: datetime) -> tuple[list[date], Series]:
    """The ledger's own sums: what stood at the end of each of the last weeks, today included."""
    today = timezone.localdate(at)
    days = [today - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    base, bonus = _sum_until(currency, days[0])
    moved = CreditEntry.objects.filter(currency=currency, at__date__gt=days[0]).values_list("at__date")
    by_day = list(moved.annotate(base=Sum("liability_base"), bonus=Sum("liability_bonus")).order_by("at__date"))
    bases, bonuses = [base], [bonus]
    for before, day in pairwise(days):
        week = [(more, extra) for moment, more, extra in by_day if before < moment <= day]
        bases.append(bases[-1] + sum((more for more, _ in week), Decimal(0)))
        bonuses.append(bonuses[-1] + sum((extra for _, extra in week), Decimal(0)))
    rounded = [[round_amount(figure, currency) for figure in figures] for figures in (bases, bonuses)]
    return days, [("Base", rounded[0]), ("Bonus", rounded[1])]


def read_losses(currency: str, since: date) -> dict[str, Money]:
    """What is out now for goods that are not back, what customers owe us of advances that were never earned, and what
    of that was forgiven since that day."""
    owed = CreditAccount.objects.filter(currency=currency).aggregate(sum=Sum("receivable"))["sum"]
    written_off = CreditEntry.objects.filter(kind=CreditEntry.Kind.WRITE_OFF, currency=currency, at__date__gt=since)
    forgiven = written_off.aggregate(sum=Sum("receivable"))["sum"]
    advanced = CreditEntry.objects.filter(lot__earned=False, currency=currency).aggregate(sum=-Sum("advanced"))["sum"]
    amounts = {
        "owed": owed or Decimal(0),
        "forgiven": forgiven or Decimal(0),
        "advanced": advanced or Decimal(0),
    }
    return {name: Money(amount, currency) for name, amount in amounts.items()}


def _sum_until(currency: str, day: date) -> tuple[Decimal, Decimal]:
    sums = CreditEntry.objects.filter(currency=currency, at__date__lte=day).aggregate(
        base=Sum("liability_base"), bonus=Sum("liability_bonus")
    )
    return sums["base"] or Decimal(0), sums["bonus"] or Decimal(0)


def _sum_owed(currency: str) -> Decimal:
    sums = CreditAccount.objects.filter(currency=currency).aggregate(base=Sum("base"), bonus=Sum("bonus"))
    return round_amount((sums["base"] or Decimal(0)) + (sums["bonus"] or Decimal(0)), currency)
