"""Letters: short mails that say one thing, as text and as HTML, in the reader's language and on the reader's clock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context, Engine, Template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import escape

from oms.later import Later
from oms.portal.brand import Accent, shade_accent
from oms.portal.zones import zone_of_country

if TYPE_CHECKING:
    import mrml
else:
    mrml = Later("mrml")

PAGE = "oms/mail/letter.mjml"
LONGEST_SUBJECT = 200
SHOWN_BY_MAIL_PROGRAMS = {".png", ".jpg", ".jpeg", ".gif"}
OWN_LOGO = {"oms/logo.svg": "oms/logo.png"}
"""Mail programs show no SVG; ours lies there as PNG, too."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One row of the table of things: "2", "Linen tee", "medium · navy", "€39.80". `link`: where its title leads."""

    quantity: str
    title: str
    detail: str = ""
    amount: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`figures` are pairs of a name and what it is, the last one stands out when `sum_up`; `points` are listed.

    `deed` is one button and `aside` a quiet link below it: words and address. `preview` is what an inbox shows beside
    the subject; without it, the first paragraph. `unsubscribe`: where its reader asks for no more like it; such a mail
    bears the shop's postal address, too.
    """

    subject: str
    headline: str
    paragraphs: Sequence[str]
    preview: str = ""
    goods: Sequence[Goods] = ()
    figures: Sequence[tuple[str, str]] = ()
    sum_up: bool = False
    points: Sequence[str] = ()
    code: str = ""
    deed: tuple[str, str] | None = None
    aside: tuple[str, str] | None = None
    closing: Sequence[str] = field(default=())
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A letter in words, ready to be sent."""

    language: str
    subject: str
    text: str
    html: str


def compose_letter(letter: Letter) -> Composed:
    """In the active language: call it inside `speaking_to`."""
    context = _describe(letter)
    return Composed(
        language=context["language"],
        subject=" ".join(letter.subject.split())[:LONGEST_SUBJECT],
        text=render_to_string("oms/mail/letter.txt", context).strip() + "\n",
        html=_page(*_fix(context)).render(Context(context)),
    )


def _fix(context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Colors, sides and codes: words of our own, of which none can be read as a template."""
    accent: Accent = context["accent"]
    yield from ((name, context[name]) for name in ("language", "direction", "start", "end"))
    yield from (("accent.light", accent.light), ("accent.on_light", accent.on_light))
    yield from (("accent.dark", accent.dark), ("accent.on_dark", accent.on_dark))


def _describe(letter: Letter) -> dict[str, Any]:
    rtl = translation.get_language_bidi()
    return {
        "letter": letter,
        "preview": letter.preview or next(iter(letter.paragraphs), ""),
        "shop": settings.SHOP_NAME,
        "logo": find_logo(),
        "contact": settings.SHOP_CONTACT,
        "postal_address": settings.SHOP_POSTAL_ADDRESS if letter.unsubscribe else "",
        "accent": shade_accent(settings.SHOP_ACCENT),
        "language": translation.get_language(),
        "direction": "rtl" if rtl else "ltr",
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
    }


@cache
def _page(*fixed: tuple[str, str]) -> Template:
    """The MJML page compiled to the tables that mail programs need, once a process for each language.

    What a letter says is filled in afterwards, by Django, which escapes it: no customer's word meets the MJML parser.
    What is the same in all letters of a language is `fixed` (name and value): it stands in two thirds of the places.
    """
    engine = Engine.get_default()
    no_fonts_of_others = mrml.RenderOptions(fonts={})
    page = mrml.to_html(engine.get_template(PAGE).source, render_options=no_fonts_of_others).content
    for name, value in fixed:
        page = page.replace("{{ " + name + " }}", escape(value))
    return engine.from_string(page)


def find_logo() -> str:
    """The whole address of the shop's logo, "" without one that mail programs can show."""
    logo = settings.SHOP_MAIL_LOGO or OWN_LOGO.get(settings.SHOP_LOGO, settings.SHOP_LOGO)
    if PurePath(logo).suffix.lower() not in SHOWN_BY_MAIL_PROGRAMS:
        return ""
    try:
        address = static(logo)
    except ValueError:  # nobody collected it; a mail without a picture is better than none
        return ""
    return address if "://" in address else f"{settings.PUBLIC_URL}{address}"


@contextmanager
def speaking_to(locale: str, *, country: str = "") -> Iterator[None]:
    """In the language of somebody's locale, and the clock of their country."""
    with (
        translation.override(language_of(locale)),
        timezone.override(zone_of_country(country) or timezone.get_default_timezone()),
    ):
        yield


def language_of(locale: str) -> str:
    """The offered language that comes nearest: zh-CN and zh_Hans_CN are zh-hans."""
    try:
        return translation.get_supported_language_variant(locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE
