"""The door: what was scanned is looked for; what is here and was not inspected is shown, and what is on its way."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import require
from returns.admin.filters import on_the_way, to_inspect
from returns.admin.search import find_named
from returns.admin.seen import user_of
from returns.admin.words import ARRIVE_LATE, INSPECT_LATE, say_goods, show_age
from returns.models import Return, ReturnNode
from returns.queries.access import narrow_to_seen

NOT_YOURS = "Your role does not include receiving returns."
SHOWN = 12


def show_door(request: HttpRequest) -> HttpResponse:
    """With `code`: to the one return that is called so. Without: what is here, and what comes."""
    require(request, "returns.receive_return", NOT_YOURS)
    code = request.GET.get("code", "").strip().replace("\x00", "")[:120]
    found = look_up(request, code) if code else []
    if len(found) == 1:
        return HttpResponseRedirect(bench_of(found[0].number))
    at = timezone.now()
    seen = narrow_to_seen(Return.objects.all(), user_of(request))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Receive",
        "trail": [("Returns", reverse("admin:returns_return_changelist"))],
        "code": code,
        "several": [(each, say_goods(each.items.all(), most=3)) for each in found],
        "unknown": bool(code) and not found,
        "here": _show(to_inspect(seen).order_by("received_at", "id"), "received_at", late=INSPECT_LATE, at=at),
        "coming": _show(on_the_way(seen).order_by("moved_at", "id"), "moved_at", late=ARRIVE_LATE, at=at),
    }
    return TemplateResponse(request, "returns/admin/door.html", context)


def look_up(request: HttpRequest, code: str) -> list[Return]:
    """The returns that are called so, as far as this person sees them: open ones before others."""
    seen = narrow_to_seen(Return.objects.filter(pk__in=find_named(code)), user_of(request))
    found = list(seen.select_related("order").prefetch_related("items__line", "items__variant")[:SHOWN])
    living = [each for each in found if each.status == Return.Status.OPEN]
    return living if len(living) == 1 else found


def own_node(request: HttpRequest) -> ReturnNode | None:
    """Where a partner's people stand; of everybody else it is not known."""
    places = user_of(request).warehouses
    return ReturnNode.objects.filter(warehouse__code__in=places).first() if places else None


def bench_of(number: str) -> str:
    return reverse("admin:returns_return_bench", args=[number])


def _show(returns: QuerySet[Return], since: str, *, late: timedelta, at: datetime) -> list[tuple[Return, str, Any]]:
    rows = returns.select_related("node__warehouse")
    rows = rows.prefetch_related("items__line", "items__variant")
    return [
        (each, say_goods(each.items.all()), show_age(getattr(each, since), late=late, at=at)) for each in rows[:SHOWN]
    ]
