"""The page between changing the rules and keeping the change: what it would do to recent orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from oms.admin.arranging import sent_again
from orders.policies.windows.dead_rules import find_dead_rules
from orders.queries.windows.previews import Preview, preview_rules, say_window
from orders.queries.windows.rules import Document, as_edition


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as the table shows it."""

    preview: Preview
    now: str
    then: str


def show_preview(
    request: HttpRequest, proposed: Document, *, title: str, trail: Sequence[tuple[str, str]]
) -> HttpResponse:
    """What the list would do as proposed. The page carries what was sent, so that it can be kept from there."""
    previews = preview_rules(proposed, at=timezone.now())
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": title,
        "trail": trail,
        "rows": show_rows(previews),
        "changed": sum(preview.changes for preview in previews),
        "findings": find_dead_rules(as_edition(proposed)),
        "sent": sent_again(request),
    }
    return TemplateResponse(request, "orders/admin/window_preview.html", context)


def show_rows(previews: Iterable[Preview]) -> list[Shown]:
    """Those that change first, the newest of them first."""
    rows = [
        Shown(preview, say_window(preview.now, preview.placed_at), say_window(preview.then, preview.placed_at))
        for preview in previews
    ]
    return sorted(rows, key=lambda row: not row.preview.changes)
