"""Views of the API are found without the resolver's long way, and are the same."""

import re

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver

from oms.api.shortcut import PREFIX, find_view

SAMPLES = {"int": "7", "path": "a/b", "uuid": "8f14e45f-ceea-467f-a0e6-8c2a1d1f5d11"}


def addresses(patterns, before=""):
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from addresses(each.url_patterns, route)


def example(route):
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1], "abc"), route)


def below_prefix():
    routes = (example(route) for route in addresses(get_resolver().url_patterns) if route.startswith(PREFIX[1:]))
    return sorted(set(routes))


def test_every_address_leads_where_the_resolver_leads():
    paths = below_prefix()
    assert len(paths) > 60
    for path in paths:
        found, known = find_view(get_resolver(), path), get_resolver().resolve(path)
        assert (found.func, found.args, found.kwargs) == (known.func, known.args, known.kwargs), path


def test_an_address_is_looked_for_among_those_of_its_resource_alone(monkeypatch):
    monkeypatch.setattr(URLResolver, "resolve", None)
    found = find_view(get_resolver(), "/api/v1/authorizations/hold_1/capture")
    assert found.kwargs == {"name": "hold_1"}


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/orders/", "/api/v1/nothing/here"])
def test_what_is_no_address_is_answered_by_the_same_view(path):
    assert find_view(get_resolver(), path).func == get_resolver().resolve(path).func


def test_beyond_the_api_nothing_is_found_that_is_not_there():
    with pytest.raises(Resolver404):
        find_view(get_resolver(), "/no/such/page")
