"""The page of one exception: what is wrong, what solves it, who looks after it."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from oms.actions.reviewing_exceptions import review_type
from oms.actions.tending_exceptions import assign_exceptions, snooze_exceptions
from oms.admin.asking import actor_of, carry_out, require
from oms.admin.buttons import press_button
from oms.admin.desks import Remedy, find_desk
from oms.admin.exception_words import call_item, call_subject, say_deadline
from oms.exceptions import find_type, say_type
from oms.models import EventRecord, ExceptionItem, User

MAY_WORK = "oms.work_exception"
NOT_YOURS = "Your role does not include working on exceptions."
_HISTORY = 50


def show_item(request: HttpRequest, item_id: str) -> HttpResponse:
    item = item_for_staff(request, item_id)
    type_, now = find_type(item.type), timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": call_item(item),
        "trail": [("Exceptions", reverse("admin:oms_exceptionitem_changelist"))],
        "item": item,
        "kind": say_type(item.type),
        "about": call_subject(item),
        "page": page_of(item),
        "due": say_deadline(item, now=now),
        "late": item.closed_at is None and item.deadline < now,
        "snoozed": bool(item.snoozed_until and item.snoozed_until > now),
        "remedies": [remedy for remedy in _remedies(item) if remedy.is_shown(request, item)],
        "may_work": item.closed_at is None and request.user.has_perm(MAY_WORK),
        "may_dismiss": type_ is None or type_.dismissible,
        "mine": item.owner_id == request.user.pk,
        "others": _others_about(item),
        "next": _next_after(item),
        "history": EventRecord.objects.about("exception", str(item.pk))[:_HISTORY],
    }
    return TemplateResponse(request, "oms/admin/exception.html", context)


def press(request: HttpRequest, item_id: int, name: str) -> HttpResponse:
    """Take over, or wake up, at once; a remedy asks first, and afterwards one looks whether it helped."""
    item = item_for_staff(request, str(item_id))
    if name in ("take", "leave", "wake"):
        return _tend(request, item, name)
    desk = find_desk(item.type)
    remedy = desk.remedy(name) if desk else None
    if remedy is None or item.closed_at is not None:
        raise Http404("There is nothing of that kind to do here.")
    require(request, remedy.permission, f"Your role does not include this: {remedy.label.lower()}.")
    back = reverse("admin:oms_exceptionitem_change", args=[item.pk])
    answer = press_button(request, remedy, item, called=call_subject(item), back=back)
    if request.method == "POST" and answer.status_code == 302 and (type_ := find_type(item.type)):
        review_type(type_, keys=[item.key], at=timezone.now())
    return answer


def page_of(item: ExceptionItem) -> str:
    """The address of the thing in trouble, "" where there is none."""
    desk = find_desk(item.type)
    try:
        return desk.page(item) if desk else ""
    except NoReverseMatch:
        return ""


def item_for_staff(request: HttpRequest, item_id: str) -> ExceptionItem:
    require(request, "oms.view_exceptionitem", "Your role does not include reading exceptions.")
    known = ExceptionItem.objects.select_related("owner")
    item = known.filter(pk=item_id).first() if item_id.isascii() and item_id.isdigit() else None
    if item is None:
        raise Http404("There is no such exception.")
    return item


def _tend(request: HttpRequest, item: ExceptionItem, name: str) -> HttpResponse:
    require(request, MAY_WORK, NOT_YOURS)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    by, now = actor_of(request), timezone.now()
    assert isinstance(request.user, User), "the admin lets in nobody else"
    owner = request.user if name == "take" else None

    def act() -> str:
        if name == "wake":
            snooze_exceptions(ids=[item.pk], until=None, by=by, at=now)
            return "It waits again."
        assign_exceptions(ids=[item.pk], owner=owner, by=by, at=now)
        return "You look after it now." if owner else "Nobody looks after it now."

    if item.closed_at is None:
        carry_out(request, act)
    else:
        messages.info(request, "It is closed already.")
    return HttpResponseRedirect(reverse("admin:oms_exceptionitem_change", args=[item.pk]))


def _remedies(item: ExceptionItem) -> tuple[Remedy, ...]:
    desk = find_desk(item.type)
    return desk.remedies if desk and item.closed_at is None else ()


def _others_about(item: ExceptionItem) -> list[tuple[ExceptionItem, str]]:
    """What else waits about the same subject."""
    same = ExceptionItem.objects.open().filter(subject=item.subject, subject_kind=item.subject_kind)
    return [(other, say_type(other.type)) for other in same.exclude(pk=item.pk)[:10]]


def _next_after(item: ExceptionItem) -> dict[str, Any] | None:
    """What is due after it; after the last one, the first."""
    waiting = ExceptionItem.objects.waiting(timezone.now()).exclude(pk=item.pk).order_by("deadline", "id")
    later = waiting.filter(deadline__gte=item.deadline).exclude(deadline=item.deadline, id__lt=item.pk)
    found = later.first() or waiting.first()
    return (
        {"link": reverse("admin:oms_exceptionitem_change", args=[found.pk]), "said": call_item(found)}
        if found
        else None
    )
