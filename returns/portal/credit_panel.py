"""On the order's page: that there is store credit, where there is some."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from orders.models import Order
from returns.queries.credit.owners import accounts_by_order
from returns.queries.credit.standings import read_standings


def show_credit_of_owner(request: HttpRequest, order: Order) -> str:
    accounts = accounts_by_order(order)
    if not accounts:
        return ""
    standings = read_standings(accounts, at=timezone.now()).values()
    having = [standing for standing in standings if standing.account.balance or standing.account.receivable]
    context = {"order": order, "standings": having}
    return render_to_string("returns/portal/credit_panel.html", context, request) if having else ""
