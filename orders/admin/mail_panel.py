"""What the customer of an order was told by mail, on the order's page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from oms.models import Message
from orders.models import Order

SHOWN = 30


def show_mails(request: HttpRequest, subject: Order) -> str:
    """Newest first; nothing where nobody was told anything."""
    if not request.user.has_perm("oms.view_message"):
        return ""
    mails = list(Message.objects.about("order", subject.number).defer("html", "text")[:SHOWN])
    return render_to_string("orders/admin/order_mails.html", {"mails": mails}) if mails else ""
