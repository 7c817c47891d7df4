"""What the tests of admin pages share: the clock, and what pages say."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.make.moments import NOON, ONE_MINUTE

NOW = NOON + 10 * ONE_MINUTE
"""When the pages are asked: ten minutes into the edit window of what was placed at noon."""


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """The dashboard keeps its figures for a minute; a test wants its own."""
    cache.clear()
    yield
    cache.clear()


def text_of(response: Any) -> str:
    """The words of a page, a blank where a tag stood."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def table_rows(response: Any) -> list[Any]:
    """What a list shows, in its order."""
    return list(response.context["cl"].result_list)
