"""What the OpenAPI document says, and how an endpoint says it.

`@describe(…)` on a handler names what it takes, gives and refuses; all that is the same everywhere (problems, keys,
scopes, rate limits, Idempotency-Key, cursors) is added here, from the same attributes that the view itself obeys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oms.api.problems import MEDIA_TYPE

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ErrorShape(BaseModel):
    """One wrong place."""

    pointer: str = Field(description="RFC 6901. In a query: the parameter's name after a slash.")
    code: str
    detail: str


class ProblemShape(BaseModel):
    """RFC 9457. Some codes bring facts of their own beside these."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str = Field(description="A page that explains the code.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable.")
    errors: list[ErrorShape] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FilePart:
    """The part of a multipart body with the file, of `most` bytes; `kinds` are its media types, `beside` the other
    parts as JSON schema."""

    name: str
    most: int
    kinds: tuple[str, ...]
    beside: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What one operation says of itself."""

    summary: str
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    gives: Mapping[int, type[BaseModel] | None] = field(default_factory=dict)
    refuses: Mapping[int, str] = field(default_factory=dict)
    if_match: bool = False
    example: Mapping[str, Any] | None = None


def describe(
    summary: str,
    *,
    takes: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    gives: Mapping[int, type[BaseModel] | None],
    refuses: Mapping[int, str] | None = None,
    example: Mapping[str, Any] | None = None,
) -> Callable[[Handler], Handler]:
    """Say what a handler takes, gives (by status; None: no body) and refuses (by status: which codes, and when).

    A refusal with 412 means that If-Match is obeyed.
    """
    refusals = refuses or {}
    description = Description(
        summary=summary,
        takes=takes,
        query=query,
        gives=gives,
        refuses=refusals,
        if_match=412 in refusals,
        example=example,
    )

    def attach(handler: Handler) -> Handler:
        handler.description = description  # type: ignore[attr-defined]
        return handler

    return attach


_ALWAYS = {
    400: "Malformed: the query, the JSON, or the Idempotency-Key.",
    406: "`Accept` does not allow application/json.",
    500: "`internal_error`: quote its id to us.",
    503: "Not able to work right now; try again.",
}
_KEYED = {
    401: "`key_missing`, `key_invalid`.",
    403: "`scope_missing`: names the scope.",
    429: "`too_many_requests`.",
}
_WRITING = {
    409: "`idempotency_in_progress`: the first request with this key is still running.",
    413: "`body_too_large`.",
    415: "Not application/json in UTF-8.",
    422: "Well-formed but wrong: `errors` says where. `idempotency_key_reused`: this key came with another request.",
}
_RATE_LIMIT = {
    "RateLimit": {"description": "What is left now, and in how many seconds all is.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "The limit and its window in seconds.", "schema": {"type": "string"}},
}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
_REPLAYED = {"Idempotent-Replayed": {"description": "`true`: the stored answer.", "schema": {"const": "true"}}}
_CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}


class Schema(AutoSchema):
    """Builds each operation from its `Description`."""

    view: Any

    @property
    def _handler(self) -> Any:
        return getattr(self.view, self.method.lower())

    @property
    def _said(self) -> Description:
        return self._handler.description

    @property
    def _writes(self) -> bool:
        return self.method != "GET"

    def is_excluded(self) -> bool:
        return self.method.lower() not in ("get", "post", "put", "patch", "delete")

    def get_request_serializer(self) -> None:
        """There are no serializers: bodies and answers are pydantic models."""

    def get_response_serializers(self) -> None:
        """See `get_request_serializer`."""

    def get_operation_id(self) -> str:
        """`POST /orders/{number}/holds` is post_orders_number_holds: readable and never twice."""
        steps = [step.strip("{}").replace("-", "_") for step in self.path.removeprefix("/api/v1").split("/") if step]
        return "_".join([self.method.lower(), *steps])

    def get_summary(self) -> str:
        return self._said.summary

    def get_description(self) -> str:  # type: ignore[override]
        sentences = [super().get_description() if self._handler.__doc__ else ""]
        if self.view.public:
            sentences.append("Open to everybody.")
        else:
            sentences.append(f"Needs the scope `{self.view.scopes[self.method]}`.")
        if self._writes and self.view.needs_key:
            sentences.append("Must bear an `Idempotency-Key`.")
        return "\n\n".join(sentence for sentence in sentences if sentence)

    def get_auth(self) -> list[dict[str, Any]]:
        return [] if self.view.public else super().get_auth()

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters = super()._get_parameters()
        for parameter in parameters:
            _forbid_nul(parameter["schema"])
        parameters += _query_parameters(self._said.query)
        if self._writes and not self.view.public:
            parameters.append(_idempotency_parameter(required=self.view.needs_key))
        if self._said.if_match:
            parameters.append(_IF_MATCH)
        return parameters

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        if self._writes and self.view.file:
            return _describe_upload(self.view.file)
        if self._said.takes is None:
            return None
        media: dict[str, Any] = {"schema": self._refer_to(self._said.takes, "validation")}
        if self._said.example is not None:
            media["example"] = self._said.example
        return {"content": {"application/json": media}, "required": not _takes_nothing(self._said.takes)}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers = {str(status): self._success(status, shape) for status, shape in self._said.gives.items()}
        refusals = dict(_ALWAYS) | ({} if self.view.public else _KEYED) | (_WRITING if self._writes else {})
        if self.view.file:
            refusals |= {415: "Not multipart/form-data."}
        if "{" in self.path:
            refusals[404] = "`not_found`: it does not exist, or this key may not see it."
        for status, text in self._said.refuses.items():
            refusals[status] = f"{text} {refusals.get(status, '')}".strip()
        return answers | {str(status): self._refusal(status, text) for status, text in sorted(refusals.items())}

    def _success(self, status: int, shape: type[BaseModel] | None) -> dict[str, Any]:
        headers = {} if self.view.public else dict(_RATE_LIMIT)
        if self._writes and not self.view.public:
            headers |= _REPLAYED
        answer: dict[str, Any] = {"description": "Done." if self._writes else "Here it is.", "headers": headers}
        if shape is not None:
            answer["content"] = {"application/json": {"schema": self._refer_to(shape, "serialization")}}
        return answer

    def _refusal(self, status: int, text: str) -> dict[str, Any]:
        headers: dict[str, Any] = dict(_RETRY_AFTER) if status in (429, 503) else {}
        headers |= _CHALLENGE if status == 401 else {}
        content = {MEDIA_TYPE: {"schema": self._refer_to(ProblemShape, "serialization")}}
        return {"description": text, "content": content} | ({"headers": headers} if headers else {})

    def _refer_to(self, model: type[BaseModel], mode: Any) -> dict[str, str]:
        """A reference to the model's component; what is taken and what is given are two, for defaults differ."""
        suffix = "Request" if mode == "validation" else ""
        schema = model.model_json_schema(ref_template=f"#/components/schemas/{{model}}{suffix}", mode=mode)
        parts = schema.pop("$defs", {})
        for name, part in [*parts.items(), (model.__name__, schema)]:
            self.registry.register_on_missing(
                ResolvedComponent(name + suffix, ResolvedComponent.SCHEMA, schema=part, object=name + suffix)
            )
        return {"$ref": f"#/components/schemas/{model.__name__}{suffix}"}


_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The version you have read; 412 when it has changed since.",
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,10}"|[0-9]{1,10})$'},
}


def _describe_upload(part: FilePart) -> dict[str, Any]:
    file = {"type": "string", "format": "binary", "description": f"{part.most // 2**20} MiB at most."}
    shape = {"type": "object", "required": [part.name], "properties": {part.name: file, **part.beside}}
    encoding = {part.name: {"contentType": ", ".join(part.kinds)}}
    return {"content": {"multipart/form-data": {"schema": shape, "encoding": encoding}}, "required": True}


def _idempotency_parameter(*, required: bool) -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": "Your name for this write, kept 24 hours: sent again with the same body it is answered again, "
        "not done again. A quoted string (RFC 9651) or a bare token.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255,
            "pattern": r"^[!#-&(-+\-.-\[\]-~][!#-+\-.-\[\]-~]*$",
        },
    }


def _query_parameters(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    schema = query.model_json_schema(mode="validation")
    parameters = []
    for name, part in schema["properties"].items():
        description = part.pop("description", "")
        part.pop("title", None)
        _forbid_nul(part)
        parameters.append(
            {"name": name, "in": "query", "description": description, "schema": part}
            | ({"required": True} if name in schema.get("required", ()) else {})
        )
    return parameters


def _forbid_nul(schema: dict[str, Any]) -> None:
    if schema.get("type") == "string" and not {"pattern", "format", "enum", "const"} & schema.keys():
        schema["pattern"] = r"^[^\u0000]*$"


def _takes_nothing(model: type[BaseModel]) -> bool:
    """True when an empty object would do, and so no body at all."""
    try:
        model.model_validate({})
    except ValidationError:
        return False
    return True


class KeyScheme(OpenApiAuthenticationExtension):
    """How a key is sent."""

    target_class = "oms.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of `manage.py create_api_key`."}
