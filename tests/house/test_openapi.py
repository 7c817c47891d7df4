"""The OpenAPI document: valid, complete, and about the addresses that exist."""

from functools import cache
from io import StringIO

import orjson
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pydantic import BaseModel

from oms.api.views import ApiView, UnknownAddressView
from oms.models.api_key import Scope

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def document() -> dict:
    return orjson.loads(Client().get("/api/schema/").content)


def operations() -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def api_views(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            if view and issubclass(view, ApiView) and view is not UnknownAddressView:
                yield route, view


def test_the_document_is_valid_and_nothing_is_left_to_guess():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_it_is_openapi_3_1_and_served_to_everybody():
    assert document()["openapi"].startswith("3.1")


def test_every_view_is_described_and_every_description_belongs_to_a_view():
    described = sum(len(methods) for methods in document()["paths"].values())
    assert described == sum(hasattr(view, method) for _, view in api_views() for method in METHODS)


def test_every_operation_says_what_every_client_must_know():
    for path, method, operation in operations():
        statuses, where = operation["responses"].keys(), f"{method} {path}"
        assert operation["summary"], where
        assert any(status.startswith("2") for status in statuses), where
        assert {"400", "406", "500", "503"} <= statuses, where
        assert "404" in statuses or "{" not in path, where
        assert {"409", "413", "415", "422"} <= statuses or method == "get", where


def test_every_operation_with_a_key_says_which_scope_and_how_often():
    for path, method, operation in operations():
        if "security" in operation:
            assert {"401", "403", "429"} <= operation["responses"].keys(), path
            assert any(f"`{scope}`" in operation["description"] for scope in Scope.values), path
            headers = (
                [parameter["name"] for parameter in operation["parameters"]] if method != "get" else ["Idempotency-Key"]
            )
            assert "Idempotency-Key" in headers, path


def test_every_refusal_is_a_problem():
    for path, _, operation in operations():
        for status, answer in operation["responses"].items():
            assert status[0] not in "45" or list(answer["content"]) == ["application/problem+json"], path


def test_every_method_of_a_view_names_its_scope_or_is_open_to_all():
    for route, view in api_views():
        methods = {method.upper() for method in METHODS if hasattr(view, method)}
        assert view.public or methods <= set(view.scopes), route


def test_the_pages_load_nothing_inline():
    page = Client().get("/api/docs/")
    assert b"<style" not in page.content
    assert b"<script>" not in page.content
    script = Client().get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")


def shapes_of(cls: type) -> set[type]:
    return {cls, *(shape for child in cls.__subclasses__() for shape in shapes_of(child))}


def test_shapes_of_one_name_are_alike():
    """The document has one place for each name: of two that differ it would show one, and lie of the other."""
    told: dict[str, set[str]] = {}
    for shape in shapes_of(BaseModel):
        if ".api." in shape.__module__ and shape.__module__.split(".")[0] in ("oms", "inventory", "orders", "returns"):
            told.setdefault(shape.__name__, set()).add(" ".join(sorted(shape.model_fields)))
    assert {name for name, fields in told.items() if len(fields) > 1} == set()
