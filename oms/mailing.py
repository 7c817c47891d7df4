"""Letters: short mails that say one thing, as text and as HTML, in the reader's language and on the reader's clock.

A mail may be sent twice when a worker dies between sending and noting it. It then bears the same Message-ID, by which
mail programs show it once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from oms.portal.brand import shade_accent
from oms.portal.zones import zone_of_country


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`points` are listed, `figures` are pairs of a name and an amount, `deed` is one button: its words and address."""

    subject: str
    headline: str
    paragraphs: Sequence[str]
    points: Sequence[str] = ()
    figures: Sequence[tuple[str, str]] = ()
    code: str = ""
    deed: tuple[str, str] | None = None
    closing: Sequence[str] = field(default=())


def send_letter(letter: Letter, *, to: str, key: str) -> None:
    """`key` names the letter for good: the same key is the same letter. Call it inside `speaking_to`."""
    context = {
        "letter": letter,
        "shop": settings.SHOP_NAME,
        "contact": settings.SHOP_CONTACT,
        "accent": shade_accent(settings.SHOP_ACCENT),
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split())[:200],
        body=render_to_string("oms/mail/letter.txt", context).strip() + "\n",
        to=[to],
        headers={
            "Message-ID": f"<{key}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": str(translation.get_language()),
        },
    )
    mail.attach_alternative(render_to_string("oms/mail/letter.html", context), "text/html")
    mail.send()


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
