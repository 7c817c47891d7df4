"""What pydantic refused, in our own words."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from oms.api.pointers import pointer_into, pointer_to
from oms.errors import FieldError

MOST_ERRORS = 100


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
