"""What changes of orders contribute to the dashboard and to the page of an order."""

from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.templatetags.showing import say_when
from orders.admin.deadlines import NEAR, show_deadline
from orders.admin.edit_words import tell_edits
from orders.models import Checkout, Edit, Order

SHOWN = 12


def list_approvals() -> QuerySet:
    """Changes that wait for us."""
    return Edit.objects.filter(state=Edit.State.AWAITING_APPROVAL)


def show_approvals(request: HttpRequest, subject: object) -> str:
    if not request.user.has_perm("orders.view_edit"):
        return ""
    number, deadline = snapshot("approvals", _read_approvals)
    now = timezone.now()
    hurry = deadline is not None and deadline - now < NEAR
    note = f"the next runs out {say_when(deadline, now=now)}" if deadline else "no change waits for us"
    link = f"{reverse('admin:orders_edit_changelist')}?view=approval"
    return show_figure(
        Figure("To decide", say_number(number), link, note, "bad" if hurry else "warm" if number else "")
    )


def _read_approvals() -> tuple[int, datetime | None]:
    waiting = Edit.objects.filter(state=Edit.State.AWAITING_APPROVAL)
    next_one = waiting.order_by("deadline").values_list("deadline", flat=True).first()
    return count_up_to(waiting), next_one


def show_changes(request: HttpRequest, subject: Order) -> str:
    """On an order's page: the change that waits, and those that came before."""
    edits = list(subject.edits.order_by("-id")[: SHOWN + 1]) if request.user.has_perm("orders.view_edit") else []
    if not edits:
        return ""
    prefetch_related_objects([subject], "lines")
    for edit in edits:
        edit.order = subject
    words = tell_edits(edits)
    waiting = next((edit for edit in edits if edit.is_open), None)
    context = {
        "order": subject,
        "waiting": waiting,
        "waiting_words": words[waiting.pk] if waiting else [],
        "deadline": show_deadline(waiting.deadline, at=timezone.now()) if waiting else "",
        "checkout": waiting.checkouts.filter(state__in=Checkout.LIVE).first() if waiting else None,
        "history": [(edit, words[edit.pk]) for edit in edits[:SHOWN] if edit != waiting],
        "more": len(edits) > SHOWN,
        "may_withdraw": request.user.has_perm("orders.edit_order"),
        "may_decide": request.user.has_perm("orders.decide_edit"),
    }
    return render_to_string("orders/admin/order_changes.html", context)
