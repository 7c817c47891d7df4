"""Deciding on returns: the questions, with sentences to begin from, and what they do."""

from datetime import datetime
from typing import Any

from django import forms

from oms.admin.piecework import Verb
from returns.actions.asking import ask_for_photo
from returns.actions.deciding import approve_return, refuse_return
from returns.admin.words import METHODS
from returns.choices import PhotoOf
from returns.models import Return

Status = Return.Status
NOUNS = ("return", "returns")

SENTENCES = (
    "The time to send it back ended before you asked for it.",
    "It was made to your order, so it cannot come back.",
    "For reasons of hygiene it cannot come back once its seal is broken.",
    "The photo shows that it was worn or washed.",
    "The photo shows a fault that is not of the making: please see the care label.",
    "We have sent this amount back already.",
)
"""Why a return is refused: where whoever decides begins from."""
TO_SHOW = {
    PhotoOf.FAULT: "The item and its fault",
    PhotoOf.LABEL: "Its label, with size and article number",
    PhotoOf.PARCEL: "The parcel as it arrived",
}


class ApproveForm(forms.Form):
    method = forms.ChoiceField(
        label="How it comes back",
        choices=[("", "As they asked"), *METHODS.items()],
        required=False,
        help_text="“They keep it” gives without goods.",
    )
    note = forms.CharField(max_length=255, required=False, help_text="Colleagues read it beside the decision.")


class RefuseForm(forms.Form):
    sentence = forms.ChoiceField(
        label="Begin from", choices=[("", "My own words"), *((said, said) for said in SENTENCES)], required=False
    )
    explanation = forms.CharField(
        label="In your own words",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads it, after the sentence chosen above.",
    )

    def clean(self) -> dict[str, Any]:
        answer: dict[str, Any] = super().clean() or {}
        said = f"{answer.get('sentence', '')} {answer.get('explanation', '')}".strip()
        if not said:
            raise forms.ValidationError("Say why: the customer reads it.")
        return answer | {"said": said}


class PhotoForm(forms.Form):
    show = forms.ChoiceField(label="What the photo should show", choices=list(TO_SHOW.items()))
    detail = forms.CharField(
        label="In your own words", max_length=300, required=False, help_text="The customer reads it as you write it."
    )


class ReasonForm(forms.Form):
    because = forms.CharField(label="Why", max_length=255, help_text="It stays with the return.")


def approve(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    method = answer["method"]
    keep_it = method == "KEEP_IT"
    approved = approve_return(
        number=each.number, method="" if keep_it else method, keep_it=keep_it, note=answer["note"], by=by, at=at
    )
    return f"Return {each.number} is approved: {METHODS.get(approved.method, approved.method)}."  # type: ignore[call-overload]


def refuse(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    refuse_return(number=each.number, explanation=answer["said"][:500], by=by, at=at)
    return f"Return {each.number} is declined, and the customer is told why."


def ask_photo(each: Return, answer: dict[str, Any], by: str, at: datetime) -> str:
    ask_for_photo(number=each.number, show=answer["show"], detail=answer["detail"], by=by, at=at)
    return f"The customer of {each.number} is asked for a photo."


def _refuse_decided(each: Return) -> str:
    return "" if each.status == Status.REQUESTED else f"is {each.get_status_display()}"


def _refuse_withdrawn(each: Return) -> str:
    if each.kind == Return.Kind.WITHDRAWAL:
        return "is a withdrawal from the contract: the law grants it"
    return _refuse_decided(each)


APPROVE = Verb[Return](
    title="Approve returns",
    done="approved",
    consequence="Labels are made, and the customers are told how to send them.",
    nouns=NOUNS,
    act=approve,
    refuses=_refuse_decided,
    form=ApproveForm,
)
REFUSE = Verb[Return](
    title="Refuse returns",
    done="refused",
    consequence="They end here; each customer is told why.",
    nouns=NOUNS,
    act=refuse,
    refuses=_refuse_withdrawn,
    form=RefuseForm,
    tone="bad",
)
