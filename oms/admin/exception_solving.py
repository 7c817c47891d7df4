"""Solving many exceptions by one remedy, a few at a time; how far it has come is kept in the session."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.http import HttpRequest

from oms.actions.reviewing_exceptions import review_type
from oms.admin.asking import RACED
from oms.admin.desks import Remedy
from oms.errors import Raced, Refused
from oms.exceptions import find_type
from oms.models import ExceptionItem

AT_ONCE = 10
SHOWN = 20
_KEY = "solving exceptions"


@dataclass(frozen=True)
class Solving:
    """What is done to which, and how it went so far. `refused` are sentences, the first few of them."""

    type: str
    remedy: str
    answer: Mapping[str, str]
    left: Sequence[int]
    number: int
    done: int = 0
    refused: Sequence[str] = ()
    refusals: int = 0

    @property
    def percent(self) -> int:
        return 100 * (self.number - len(self.left)) // self.number if self.number else 100


def solve_some(solving: Solving, remedy: Remedy, *, by: str, at: datetime) -> Solving:
    """The next few, each in a transaction of its own, so that one refusal stops no other; then look what helped."""
    now, later = solving.left[:AT_ONCE], solving.left[AT_ONCE:]
    items = ExceptionItem.objects.open().filter(id__in=now, type=solving.type).order_by("deadline", "id")
    done, refused, keys = 0, [], []
    for item in items:
        keys.append(item.key)
        if not remedy.applies(item):
            refused.append(f"{item.subject}: this makes no sense here.")
            continue
        try:
            remedy.act(item, dict(solving.answer), by, at)
            done += 1
        except Refused as refusal:
            refused.append(f"{item.subject}: {refusal.message}")
        except Raced:
            refused.append(f"{item.subject}: {RACED}")
    if keys and (type_ := find_type(solving.type)):
        review_type(type_, keys=keys, at=at)
    return replace(
        solving,
        left=later,
        done=solving.done + done,
        refused=[*solving.refused, *refused][:SHOWN],
        refusals=solving.refusals + len(refused),
    )


def keep_solving(request: HttpRequest, solving: Solving) -> None:
    request.session[_KEY] = asdict(solving)


def recall_solving(request: HttpRequest) -> Solving | None:
    kept = request.session.get(_KEY)
    return Solving(**kept) if kept else None


def forget_solving(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
