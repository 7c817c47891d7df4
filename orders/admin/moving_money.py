"""A panel on the order page: who is asked to pay, and what is on its way back."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from orders.models import Checkout, Order, Repayment

CHECKOUT_TONES = {"REQUESTED": "warm", "OPEN": "cool", "PAID": "good", "FAILED": "bad"}
REPAYMENT_TONES = {"WAITING": "cool", "PENDING": "cool", "BY_HAND": "warm", "DONE": "good", "FAILED": "bad"}


def show_moving_money(request: HttpRequest, subject: Order) -> str:
    if not request.user.has_perm("orders.view_repayment"):
        return ""
    checkouts = list(subject.checkouts.order_by("id"))
    repayments = list(subject.repayments.order_by("id"))
    if not checkouts and not repayments:
        return ""
    context: dict[str, Any] = {
        "checkouts": [(checkout, CHECKOUT_TONES.get(checkout.state, "mute")) for checkout in checkouts],
        "repayments": [(repayment, REPAYMENT_TONES.get(repayment.state, "mute")) for repayment in repayments],
        "live": Checkout.LIVE,
        "for_a_person": (Repayment.State.BY_HAND, Repayment.State.FAILED),
    }
    return render_to_string("orders/admin/moving_money.html", context, request=request)
