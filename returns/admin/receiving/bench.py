"""The bench where a return is opened: what is in the parcel, then what state it is in and what becomes of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from oms.admin.asking import require
from returns.admin.receiving.finding import NOT_YOURS
from returns.admin.return_page import ShownItem, describe_return
from returns.admin.seen import return_for_page
from returns.admin.words import UNMET
from returns.choices import Condition, Disposition
from returns.models import Return, ReturnItem
from returns.policies.dispositions import PROPOSED

Reception, Acceptance = ReturnItem.Reception, ReturnItem.Acceptance

AWAITED = (Reception.AWAITING, Reception.IN_TRANSIT, Reception.LOST)
DESPITE = "DESPITE"
"""Said for: accepted, whatever conditions it does not meet."""
_DISPOSITIONS = [(each.value, each.value.replace("_", " ").capitalize()) for each in Disposition]


@dataclass(frozen=True)
class BenchItem:
    """One item on the bench, and the codes it answers to."""

    shown: ShownItem
    codes: str
    may_decide: bool

    @property
    def item(self) -> ReturnItem:
        return self.shown.item

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Whether it is taken back. What nobody announced is nobody's return: it goes its way, and nothing is given."""
        ask = (Acceptance.NEEDS_PERSON.value, "Somebody else must say")
        if self.item.reception == Reception.SURPLUS:
            return [(Acceptance.REJECTED.value, "Nothing is given for it"), ask]
        back = (Acceptance.REJECTED.value, "No, it goes back to them")
        despite = [(DESPITE, "Yes, although it is not as the terms ask")] if self.may_decide and self.asked else []
        return [(Acceptance.ACCEPTED.value, "Yes"), *despite, back, ask]

    @property
    def asked(self) -> list[tuple[str, str, bool]]:
        """What the terms ask of its state: the word, what is wrong where it is not met, and whether that was seen."""
        return [(word, UNMET[Condition(word)], word in self.item.unmet) for word in self.item.conditions]


def show_bench(request: HttpRequest, number: str) -> HttpResponse:
    require(request, "returns.receive_return", NOT_YOURS)
    found = return_for_page(request, number)
    context = {
        **admin.site.each_context(request),
        **describe_bench(request, found),
        "title": f"Receive {found.number}",
        "trail": [
            ("Returns", reverse("admin:returns_return_changelist")),
            ("Receive", reverse("admin:returns_return_receive")),
        ],
    }
    return TemplateResponse(request, "returns/admin/bench.html", context)


def describe_bench(request: HttpRequest, found: Return) -> dict[str, Any]:
    described = describe_return(request, found)
    may_decide = may_take_despite(request)
    items = [BenchItem(shown, _codes(shown.item), may_decide) for shown in described["items"]]
    awaited = [each for each in items if each.item.reception in AWAITED and each.item.needs_goods]
    inspecting = [each for each in items if _is_to_inspect(each.item)]
    return described | {
        "awaited": awaited,
        "inspecting": inspecting,
        "done": [each for each in items if each not in awaited and each not in inspecting],
        "dispositions": _DISPOSITIONS,
        "grades": ReturnItem.Grade.choices,
        "proposed": {grade: str(each) for grade, each in PROPOSED.items()},
        "works": found.status in (Return.Status.OPEN, Return.Status.CLOSED),
        "at": timezone.now(),
    }


def may_take_despite(request: HttpRequest) -> bool:
    return request.user.has_perm("returns.decide_return")


def _is_to_inspect(item: ReturnItem) -> bool:
    """Surplus is looked at as well, and what was given for in advance; what is decided is not looked at again."""
    if item.reception == Reception.SURPLUS:
        return not item.disposition and item.acceptance != Acceptance.REJECTED
    undecided = item.acceptance in (Acceptance.PENDING, Acceptance.NEEDS_PERSON)
    given_before = item.settlement_id is not None and item.inspected_at is None
    return item.reception == Reception.RECEIVED and (undecided or given_before)


def _codes(item: ReturnItem) -> str:
    """What a scanner may read of it, in capitals, with blanks between."""
    variant = item.variant or (item.line.variant if item.line else None)
    named = [item.line.sku if item.line else "", variant.sku if variant else "", variant.barcode if variant else ""]
    return " ".join(dict.fromkeys(each.upper() for each in named if each))
