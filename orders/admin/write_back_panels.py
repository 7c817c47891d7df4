"""What messages to other systems contribute to the dashboard and to the order page."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from orders.admin.write_back_words import say_differences, show_state
from orders.admin.write_backs import overdue
from orders.models import Order, WriteBack

SHOWN = 20


def show_overdue_write_backs(request: HttpRequest, subject: object) -> str:
    """The dashboard's card."""
    if not request.user.has_perm("orders.view_writeback"):
        return ""
    number = snapshot("write-backs", lambda: count_up_to(overdue(WriteBack.objects.all())))
    link = f"{reverse('admin:orders_writeback_changelist')}?view=overdue"
    note = "not acknowledged in time" if number else "every system is up to date"
    return show_figure(Figure("Write-backs overdue", say_number(number), link, note, "bad" if number else ""))


def show_write_backs(request: HttpRequest, subject: Order) -> str:
    """On the order page: which systems know of its changes. Nothing where none had to be told."""
    if not request.user.has_perm("orders.view_writeback"):
        return ""
    told = subject.write_backs.select_related("target").defer("body").order_by("-id")
    rows = [(message, show_state(message), message.last_error or say_differences(message)) for message in told[:SHOWN]]
    return render_to_string("orders/admin/order_write_backs.html", {"rows": rows}) if rows else ""
