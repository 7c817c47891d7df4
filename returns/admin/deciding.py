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
from returns.wording.refusals import list_sentences, say_in, say_to

Status = Return.Status
NOUNS = ("return", "returns")

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
        label="Begin from",
        choices=lambda: [("", "My own words"), *list_sentences()],
        required=False,
        help_text="Each customer reads it in their own language.",
    )
    explanation = forms.CharField(
        label="In your own words",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The customer reads it as you write it, after the sentence chosen above.",
    )

    def clean(self) -> dict[str, Any]:
        answer: dict[str, Any] = super().clean() or {}
        if not answer.get("sentence") and not answer.get("explanation"):
            raise forms.ValidationError("Say why: the customer reads it.")
        return answer


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
    """In the customer's language; colleagues read the sentence beside it in English."""
    code = answer["sentence"]
    said = f"{say_to(code, each.locale)} {answer['explanation']}".strip()
    noted = say_in(code, "en") if code else ""
    refuse_return(number=each.number, explanation=said[:500], note=noted, by=by, at=at)
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
