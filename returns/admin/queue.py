"""The review queue: one return after another, decided on by keys. The longest waiting comes first."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import actor_of, carry_out, dress, require
from oms.admin.buttons import Button, find_button
from returns.admin.buttons import BUTTONS
from returns.admin.filters import to_review
from returns.admin.return_page import describe_return
from returns.admin.seen import return_for_page, user_of
from returns.models import Return
from returns.queries.access import narrow_to_seen

DEEDS = ("approve", "photo", "refuse")
_NOT_YOURS = "Your role does not include deciding on returns."
EARLIER_SHOWN = 5


def review_next(request: HttpRequest) -> HttpResponse:
    """The first that waits."""
    require(request, "returns.decide_return", _NOT_YOURS)
    first = _waiting(request).first()
    if first is None:
        return _show_empty(request)
    return HttpResponseRedirect(_page_of(first.number))


def review(request: HttpRequest, number: str) -> HttpResponse:
    """One of them; deciding on it goes on to the next."""
    require(request, "returns.decide_return", _NOT_YOURS)
    found = return_for_page(request, number)
    following = find_next(request, found)
    forms_ = {name: dress(BUTTONS[name].form(prefix=name)) for name in DEEDS}
    if request.method == "POST":
        name = request.POST.get("deed", "")
        button = find_button({each: BUTTONS[each] for each in DEEDS}, name, request)
        form = forms_[name] = dress(button.form(request.POST, prefix=name))
        if form.is_valid() and _decide(request, button, found, form):
            return HttpResponseRedirect(_page_of(following.number) if following else _queue())
    elif found.status != Return.Status.REQUESTED:
        return HttpResponseRedirect(reverse("admin:returns_return_change", args=[found.number]))
    return _show(request, found, following, forms_)


def find_next(request: HttpRequest, found: Return) -> Return | None:
    """What came after it; behind the last one, the first again."""
    others = _waiting(request).exclude(pk=found.pk)
    later = Q(requested_at__gt=found.requested_at) | Q(requested_at=found.requested_at, pk__gt=found.pk)
    return others.filter(later).first() or others.first()


def _waiting(request: HttpRequest) -> QuerySet[Return]:
    return narrow_to_seen(to_review(Return.objects.all()), user_of(request)).order_by("requested_at", "id")


def _decide(request: HttpRequest, button: Button[Return], found: Return, form: forms.Form) -> bool:
    by, at = actor_of(request), timezone.now()
    return carry_out(request, lambda: button.act(found, form.cleaned_data, by, at), form=form)


def _show(request: HttpRequest, found: Return, following: Return | None, forms_: dict[str, forms.Form]) -> HttpResponse:
    others = Return.objects.filter(order__customer=found.order.customer_id).exclude(pk=found.pk)
    context = {
        **admin.site.each_context(request),
        **describe_return(request, found),
        **{f"{name}_form": form for name, form in forms_.items()},
        "title": f"Review {found.number}",
        "trail": [("Returns", reverse("admin:returns_return_changelist"))],
        "following": following,
        "waiting": _waiting(request).count(),
        "may_refuse": found.kind != Return.Kind.WITHDRAWAL,
        "earlier": _list_earlier(others) if found.order.customer_id else [],
    }
    status = 422 if any(form.is_bound and form.errors for form in forms_.values()) else 200
    return TemplateResponse(request, "returns/admin/review.html", context, status=status)


def _list_earlier(others: QuerySet[Return]) -> list[Any]:
    return list(others.select_related("order").order_by("-requested_at")[:EARLIER_SHOWN])


def _show_empty(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Review",
        "trail": [("Returns", reverse("admin:returns_return_changelist"))],
    }
    return TemplateResponse(request, "returns/admin/review_empty.html", context)


def _page_of(number: str) -> str:
    return reverse("admin:returns_return_review_one", args=[number])


def _queue() -> str:
    return reverse("admin:returns_return_review")
