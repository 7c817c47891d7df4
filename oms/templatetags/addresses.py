"""Django's own tag `url`, with what it finds remembered.

Finding a view's address walks through all its patterns, again for every link of every page: with twenty links it was a
tenth of an order's page. The shape of an address only depends on the view; what differs is filled in.
"""

import re
from functools import cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import NoReverseMatch, get_script_prefix, reverse

register = template.Library()

_PLAIN = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
"""What every pattern for words takes, and what stands in an address as it is."""
_FIRST = 7_000_000_000
"""Where the first argument is to stand; a number that no address has of its own."""


class _Url(URLNode):
    def render(self, context: Context) -> str:
        """What has another shape, or is to be kept under a name, is found as ever."""
        values = [argument.resolve(context) for argument in self.args]
        kinds = tuple(map(_find_kind, values))
        if self.asvar or self.kwargs or None in kinds:
            return super().render(context)
        pieces = _find_pieces(self.view_name.resolve(context), kinds, _app_of(context), get_script_prefix())
        if pieces is None:
            return super().render(context)
        return pieces[0] + "".join(f"{value}{piece}" for value, piece in zip(values, pieces[1:], strict=True))


def _find_kind(value: Any) -> str | None:
    """How the mark of a value begins; None where Django has to look at the value itself."""
    if type(value) is int and value >= 0:
        return ""
    return "X" if isinstance(value, str) and _PLAIN.fullmatch(value) else None


@cache
def _find_pieces(view: str, kinds: tuple[str, ...], app: str, prefix: str) -> list[str] | None:
    """What stands before, between and after the arguments; None where a pattern takes not just any."""
    marks = [f"{kind}{_FIRST + place}" for place, kind in enumerate(kinds)]
    try:
        address = reverse(view, args=marks, current_app=app)
    except NoReverseMatch:
        return None
    pieces = []
    for mark in marks:
        before, _, address = address.partition(mark)
        pieces.append(before)
    return [*pieces, address]


def _app_of(context: Context) -> str:
    """Which of several sites of one app is meant, as Django's tag works it out."""
    request: Any = getattr(context, "request", None)
    try:
        return str(request.current_app)
    except AttributeError:
        match = getattr(request, "resolver_match", None)
        return match.namespace if match else ""


@register.tag
def url(parser: Parser, token: Token) -> _Url:
    found = parse_url(parser, token)
    return _Url(found.view_name, found.args, found.kwargs, found.asvar)
