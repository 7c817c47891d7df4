"""Panels: pieces of a page that other apps contribute.

A page asks for its panels by name; `config/wiring.py` alone says which stand where. So a lower app's page can show
what a higher app knows, and knows nothing of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest

Panel = Callable[[HttpRequest, Any], str]
"""Takes the request and what the page is about; gives safe HTML, or "" when there is nothing to show."""

Panels = Mapping[str, Sequence[Panel]]

_pages: dict[str, list[Panel]] = {}


def connect(pages: Panels) -> None:
    """Say which panels stand on which page, top to bottom."""
    _pages.clear()
    _pages.update({page: list(panels) for page, panels in pages.items()})


def render_panels(page: str, request: HttpRequest, subject: Any = None) -> list[str]:
    """The HTML of a page's panels, without those that have nothing to show."""
    return [html for panel in _pages.get(page, ()) if (html := panel(request, subject))]
