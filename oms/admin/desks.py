"""What staff can do about each type of exception: the page of the thing, and the one or two verbs that solve it.

Apps bring their own; `config/wiring.py` alone says which. A verb is one call of an action that stands elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oms.admin.buttons import Button
from oms.models import ExceptionItem

Remedy = Button[ExceptionItem]


@dataclass(frozen=True)
class Desk:
    """Of one type: `page` is the address of the thing in trouble, `called` what people call it."""

    page: Callable[[ExceptionItem], str]
    called: Callable[[ExceptionItem], str]
    remedies: tuple[Remedy, ...] = ()

    def remedy(self, name: str) -> Remedy | None:
        return next((remedy for remedy in self.remedies if remedy.name == name), None)


_desks: dict[str, Desk] = {}


def connect(desks: Mapping[str, Desk]) -> None:
    """Say which desk each type of exception goes to."""
    _desks.clear()
    _desks.update(desks)


def find_desk(type_: str) -> Desk | None:
    """None for a type that the code no longer has."""
    return _desks.get(type_)
