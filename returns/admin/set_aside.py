"""Goods that were repaired, refurbished or kept apart: sold after all, or given up."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from oms.admin.asking import Question, actor_of, ask, require
from returns.actions.disposing import finish_set_aside
from returns.admin.buttons import page_of
from returns.admin.receiving.finding import NOT_YOURS
from returns.admin.seen import return_for_page
from returns.admin.words import name_item
from returns.models import ReturnItem
from returns.policies.dispositions import LATER, SET_ASIDE

_CHOICES = [(str(word), str(word).replace("_", " ").capitalize()) for word in LATER]


class FinishForm(forms.Form):
    disposition = forms.ChoiceField(label="It becomes", choices=_CHOICES)
    grade = forms.ChoiceField(choices=[("", "As before"), *ReturnItem.Grade.choices], required=False)


def finish(request: HttpRequest, number: str, item_id: int) -> HttpResponse:
    require(request, "returns.receive_return", NOT_YOURS)
    found = return_for_page(request, number)
    item = found.items.select_related("line", "variant").filter(pk=item_id, disposition__in=SET_ASIDE).first()
    if item is None:
        raise Http404("Nothing of that kind was set aside.")
    named = name_item(item)
    question = Question(
        title=f"{named} of {found.number}",
        consequence="It stands apart. Sold means that stock has it again at once; given away or scrapped: it is gone.",
        submit="Say so",
        back=page_of(found.number),
        form=FinishForm,
    )

    def act(answer: dict[str, Any]) -> str:
        finish_set_aside(
            number=found.number,
            item_id=item_id,
            disposition=answer["disposition"],
            grade=answer["grade"],
            by=actor_of(request),
            at=timezone.now(),
        )
        return f"{named}: {answer['disposition'].replace('_', ' ').lower()}."

    return ask(request, question, act)
