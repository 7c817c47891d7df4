"""Before a return is sent: what may save it, a person among it; and the button of whoever keeps the thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from oms.portal.pages import show_page
from orders.models import Order
from orders.portal.access import for_customer
from returns.actions.advising import note_advice_shown, note_kept
from returns.portal.drafts import ReturnDraft, drop_draft, read_draft, write_draft
from returns.portal.wanted import Wanted
from returns.queries.advice import Asked, find_advice
from returns.wording.words import say_label


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice about one line."""

    line: int
    title: str
    said: str
    link: str


def list_hints(order: Order, draft: ReturnDraft, wanted: Sequence[Wanted], *, at: datetime) -> list[Hint]:
    """What fits the items of the draft; that they were shown is noted, those of the sizes as well."""
    lines = order.lines.select_related("variant__product").filter(pk__in=draft.items)
    found = find_advice([Asked(line, draft.items[line.pk].reason) for line in lines])
    titles = {each.item.id: each.item.title for each in wanted}
    shown: list[tuple[int, int | None]] = [(each.item.id, None) for each in wanted if each.advice]
    shown += [(line, advice.pk) for line, several in found.items() for advice in several]
    if shown:
        note_advice_shown(shown=shown, at=at)
    return [
        Hint(line, titles.get(line, ""), say_label(advice.texts), advice.link)
        for line, several in found.items()
        for advice in several
    ]


@require_POST
@for_customer
def keep_item(request: HttpRequest, order: Order, line: int) -> HttpResponse:
    """They keep it: it leaves the draft; with the last one the return is over before it began."""
    draft = read_draft(request, order)
    if draft.items.pop(line, None):
        note_kept(line=line, at=timezone.now())
        write_draft(request, order, draft)
    if draft.items:
        return HttpResponseRedirect(reverse("returns:resolution", args=[order.number]))
    drop_draft(request, order)
    return show_page(request, "returns/portal/kept.html", {"order": order}, country=order.country)
