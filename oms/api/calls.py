"""One call of the API as a view sees it: who asks, when, with which query and body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from oms.api.problems import Problem
from oms.api.uploads import Upload
from oms.errors import FieldError, Invalid, NotFound
from oms.models import ApiKey
from oms.pointers import pointer_errors

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(slots=True)
class ApiCall:
    """A request that was let in. `at` is the one moment of everything it does; `document` the body's JSON object."""

    http: HttpRequest
    at: datetime
    bearer: ApiKey | None = None
    document: dict[str, Any] = field(default_factory=dict)
    upload: Upload | None = None

    @property
    def key(self) -> ApiKey:
        """Whose key it is; only a view that is `public` is called without one."""
        if self.bearer is None:
            raise AssertionError("A public view has no key.")
        return self.bearer

    @property
    def by(self) -> str:
        """How this call signs what it does."""
        return self.key.actor

    def read(self, shape: type[Shape]) -> Shape:
        """The body in the shape it should have.

        Raises:
            Invalid: 422, with a pointer to each wrong place.
            Problem: 400 `body_missing`, where there is none and one is needed.
        """
        try:
            return read_document(self.document, shape)
        except Invalid:
            if not self.http.body:
                raise Problem(400, "body_missing", "Send a body: a JSON object.") from None
            raise

    def ask(self, shape: type[Shape]) -> Shape:
        """The query string in the shape it should have.

        Raises:
            Problem: 400, with a pointer to each wrong parameter.
        """
        return read_query(self.http, shape)

    def refuse_unseen(self, *, channel: str | None = None, warehouse: str | None = None) -> None:
        """What a key may not see does not exist for it.

        Raises:
            NotFound
        """
        if channel is not None and not self.key.sees_channel(channel):
            raise NotFound(f"There is no channel {channel}.")
        if warehouse is not None and not self.key.sees_warehouse(warehouse):
            raise NotFound(f"There is no warehouse {warehouse}.")


def read_document(document: Mapping[str, Any], shape: type[Shape]) -> Shape:
    """Raises:
    Invalid: 422, with a pointer to each wrong place.
    """
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        raise Invalid("Some of it is wrong; `errors` says where.", errors=pointer_errors(error, document)) from None


def read_members(documents: Sequence[Any], shape: type[Shape]) -> list[Shape | list[FieldError]]:
    """Each member of a batch in its shape, or what is wrong with it: pointers start at the member."""
    members: list[Shape | list[FieldError]] = []
    for document in documents:
        try:
            members.append(shape.model_validate(document))
        except ValidationError as error:
            members.append(pointer_errors(error, document))
    return members


def move_pointers(error: Invalid, prefix: str, *, instead_of: str = "") -> Invalid:
    """The refusal of an action that was given a part of the body, with pointers into the whole body."""
    moved = [replace(each, pointer=prefix + each.pointer.removeprefix(instead_of)) for each in error.errors]
    refusal = Invalid(error.message, errors=moved, **error.facts)
    refusal.code = error.code  # type: ignore[misc]
    return refusal


def read_query(http: HttpRequest, shape: type[Shape]) -> Shape:
    """Unknown and repeated parameters are errors: a misspelt filter would answer with everything."""
    query = {name: values[-1] for name, values in http.GET.lists()}
    repeated = [name for name, values in http.GET.lists() if len(values) > 1]
    nul = [name for name, value in query.items() if "\x00" in name or "\x00" in value]
    errors = [FieldError(f"/{name}", "parameter_repeated", "Send this parameter once.") for name in repeated]
    errors += [FieldError(f"/{name}", "nul_character", "Text must not contain the NUL character.") for name in nul]
    try:
        asked = shape.model_validate(query)
    except ValidationError as error:
        errors += pointer_errors(error, query)
    if errors:
        raise Problem(400, "query_invalid", "The query string is wrong; `errors` says where.", errors=errors)
    return asked
