"""JSON pointers (RFC 6901): which place of a body is meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from oms.errors import FieldError

MOST_ERRORS = 100


def pointer_to(path: Iterable[str | int]) -> str:
    """("lines", 0, "a/b") is written /lines/0/a~1b."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def pointer_into(document: Any, location: Sequence[str | int], *, missing: bool) -> str:
    """The pointer for a pydantic location: what names no place of the document (a union's tag) is left out.

    `missing`: the last step is a field that ought to be there.
    """
    path: list[str | int] = []
    for place, step in enumerate(location):
        there = (isinstance(document, Mapping) and step in document) or (
            isinstance(document, list | tuple) and isinstance(step, int) and step < len(document)
        )
        if there:
            document = document[step]
        elif not (missing and place == len(location) - 1):
            continue
        path.append(step)
    return pointer_to(path)


def pointer_errors(error: ValidationError, document: Any, *, within: Sequence[str | int] = ()) -> list[FieldError]:
    """The wrong places of the document, as JSON pointers (RFC 6901), 100 at most; `within`: where it stands itself."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    above = pointer_to(within)
    return [
        FieldError(
            above + pointer_into(document, each["loc"], missing=each["type"] == "missing"), each["type"], each["msg"]
        )
        for each in found[:MOST_ERRORS]
    ]
