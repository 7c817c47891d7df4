"""Which row of the permission table decides: for one actor and one amount, each operation at each stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from oms.admin.asking import dress
from oms.currencies import MINOR_UNITS
from orders.actions.edits.permitting import describe_permission
from orders.models import EditPermission
from orders.policies.edits.permission_words import WHO, say_permission
from orders.policies.edits.permissions import Attempt, Permission, find_row

ACTORS = [(code, WHO[code]) for code in ("CUSTOMER", "STAFF", "API", "BOT")]
STAGES = [stage for stage in EditPermission.Stage if stage != EditPermission.Stage.ANY]
COMMON = ("EUR", "USD", "GBP", "CNY")


class PreviewForm(forms.Form):
    actor = forms.ChoiceField(label="Who", choices=ACTORS)
    rise = forms.DecimalField(label="It raises the order by", max_digits=12, decimal_places=4)
    currency = forms.ChoiceField(
        choices=[(code, code) for code in (*COMMON, *(code for code in sorted(MINOR_UNITS) if code not in COMMON))]
    )
    abroad = forms.BooleanField(label="To another country", required=False)


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, and what it would cost more. `said`: somebody has asked already."""

    form: forms.Form
    actor: str
    rise: Decimal
    currency: str
    abroad: bool
    said: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A verdict and the row that it came from, None where no row fits."""

    verdict: str
    said: str
    row: EditPermission | None
    place: int
    sentence: str
    stage: str


def read_question(sent: QueryDict) -> Question:
    """What the address asks, else a customer for whom nothing costs more."""
    asked = "actor" in sent
    standard = {"actor": "CUSTOMER", "rise": "0", "currency": "EUR"}
    form = PreviewForm(sent if asked else None, initial=standard)
    dress(form)
    nothing: dict[str, Any] = {**standard, "rise": Decimal(0), "abroad": False}
    answer = form.cleaned_data if asked and form.is_valid() else nothing
    return Question(form, answer["actor"], answer["rise"], answer["currency"], answer["abroad"], asked)


def read_matrix(question: Question) -> dict[str, Any]:
    """The stages as columns, the operations as rows."""
    rows = list(EditPermission.objects.order_by("position", "id"))
    values = [value_of(row) for row in rows]
    labels = dict(EditPermission.Verdict.choices)
    matrix = []
    for operation, name in EditPermission.OPERATIONS:
        if operation == "ANY" or (question.abroad and operation != "change_address"):
            continue
        cells = []
        for stage in STAGES:
            place = find_row(operation, _attempt(question, operation, stage), values)
            row = rows[place] if place is not None else None
            verdict = row.verdict if row else EditPermission.Verdict.REFUSE
            sentence = say_permission(values[place]) if place is not None else "No row fits: refused."
            cells.append(Cell(verdict, labels[verdict], row, (place or 0) + 1, sentence, stage.label))
        matrix.append((name, cells))
    return {"stages": [stage.label for stage in STAGES], "matrix": matrix}


def value_of(row: EditPermission | Mapping[str, Any]) -> Permission:
    """The row as policies know it, from the table or from an event."""
    told: Mapping[str, Any] = row if isinstance(row, Mapping) else describe_permission(row)
    limits = told["limits"]
    amounts = {currency: Decimal(str(amount)) for currency, amount in limits.items()} if limits is not None else None
    return Permission(**{**told, "limits": amounts})


def _attempt(question: Question, operation: str, stage: str) -> Attempt:
    return Attempt(
        actor=question.actor,
        operations=[operation],
        stage=stage,
        to_another_country=question.abroad,
        rise=question.rise,
        currency=question.currency,
    )
