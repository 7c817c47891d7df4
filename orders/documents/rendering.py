"""Templates as PDF, by WeasyPrint: with our own fonts, and nothing from outside.

WeasyPrint and its libraries are loaded when the first document is asked for: they take seconds, and whoever never
prints needs none of them.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from oms.lettering.fonts import BOLD, FOLDER, LATIN, OTHERS, FontMissing, load_font
from oms.portal.brand import shade_accent
from orders.documents.refusals import DocumentsUnavailable

_LETTER_COUNTRIES = frozenset(("US", "CA", "MX", "PH", "CL", "CO", "VE"))
"""Where paper is 8.5 × 11 inches."""
_turn = threading.Lock()
"""Pango is not made for two threads."""


@dataclass(frozen=True, slots=True)
class _Press:
    weasyprint: ModuleType
    fonts: Any
    letters: Any


def render_pdf(template: str, context: Mapping[str, Any], *, paper: str = "A4") -> bytes:
    """One document, in the active language. `paper` is a size of CSS: A4, letter, 74mm 105mm. A template
    without a folder is one of orders'.

    Raises:
        DocumentsUnavailable: the message says what is missing and how to install it.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    known = {
        "shop": settings.SHOP_NAME,
        "contact": settings.SHOP_CONTACT,
        "accent": shade_accent(settings.SHOP_ACCENT),
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "paper": paper,
    }
    named = template if "/" in template else f"orders/documents/{template}"
    text = render_to_string(named, known | dict(context))
    with _turn:
        press = _load_press()
        closed = press.weasyprint.URLFetcher(allowed_protocols=("data",))
        page = press.weasyprint.HTML(string=text, url_fetcher=closed)
        pdf: bytes = page.write_pdf(font_config=press.fonts, stylesheets=[press.letters])
    return pdf


def paper_of(country: str) -> str:
    """What lies in printers there."""
    return "letter" if country in _LETTER_COUNTRIES else "A4"


@cache
def _load_press() -> _Press:
    try:
        weasyprint = import_module("weasyprint")
        configuration = import_module("weasyprint.text.fonts").FontConfiguration()
    except OSError as error:
        raise DocumentsUnavailable(
            "PDF documents need Pango, which this machine has not: on Debian and Ubuntu run"
            " “apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0”, on macOS “brew install pango”.",
            missing="pango",
        ) from error
    own = weasyprint.URLFetcher(allowed_protocols=("file",))
    letters = weasyprint.CSS(string=_describe_fonts(), font_config=configuration, url_fetcher=own)
    return _Press(weasyprint, configuration, letters)


def _describe_fonts() -> str:
    """All our fonts as one family: each character is drawn by the first that has it."""
    try:
        for name in (LATIN, BOLD, *OTHERS):
            load_font(name)
    except FontMissing as error:
        raise DocumentsUnavailable(str(error), missing="font") from error
    faces = [_face(name, name) for name in (LATIN, *OTHERS)] + [_face(LATIN, BOLD, weight=700)]
    families = ", ".join(f'"{name}"' for name in (LATIN, *OTHERS))
    return "\n".join((*faces, f"html {{ font-family: {families}; }}"))


def _face(family: str, file: str, *, weight: int = 400) -> str:
    address = (FOLDER / f"{file}.ttf").as_uri()
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{address}"); }}'
