"""Every word that customers read is said in every language that is offered."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from config.catalogues import find_gaps, gather_messages, list_catalogues, read_catalogue
from oms.portal.context import describe_shop

HOLE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")

catalogues = pytest.mark.parametrize("path", list_catalogues(), ids=lambda path: path.parent.parent.name)


def texts_of(message: Any) -> list[str]:
    return [message.id, message.string] if isinstance(message.id, str) else [*message.id, *message.string]


def test_chinese_is_offered_beside_english():
    assert [code for code, _ in settings.LANGUAGES][:2] == ["en", "zh-hans"]


@catalogues
def test_nothing_is_left_unsaid_and_nothing_is_doubtful(path: Path):
    assert find_gaps(read_catalogue(path)) == []


@catalogues
def test_the_catalogue_has_exactly_the_messages_of_the_sources(path: Path):
    """`manage.py write_catalogues` brings it up to date."""
    said = {(message.id, message.context) for message in read_catalogue(path) if message.id}
    assert said == {(message.id, message.context) for message in gather_messages() if message.id}


@catalogues
def test_what_is_compiled_is_what_is_written(path: Path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {_as_tuple(message.id): _as_tuple(message.string) for message in read_mo(file) if message.id}
    written = {_as_tuple(m.id): _as_tuple(m.string) for m in read_catalogue(path) if m.id}
    assert compiled == written


@catalogues
def test_each_translation_fills_the_same_holes(path: Path):
    for message in read_catalogue(path):
        holes = [set(HOLE.findall(text)) for text in texts_of(message)] if message.id else []
        assert all(each == holes[0] for each in holes), message.id


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("zh-hans", "ltr"), ("ar", "rtl")])
def test_pages_turn_round_for_languages_that_are_read_from_the_right(language: str, direction: str):
    request = RequestFactory().get("/")
    with translation.override(language):
        page = render_to_string("404.html", describe_shop(request), request=request)
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_styles_know_no_left_and_right():
    css = (settings.BASE_DIR / "oms/static/oms/portal/portal.css").read_text()
    assert re.findall(r"(?:margin|padding|border|inset)-(?:left|right)|text-align: (?:left|right)|float:", css) == []


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """A plural of a language that has one form reads as a tuple here and as a word there."""
    return (value,) if isinstance(value, str) else tuple(value)
