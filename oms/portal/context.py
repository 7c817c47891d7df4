"""What every page of the portal knows of the shop and of its reader's language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi, get_language_info

from oms.portal.brand import shade_accent


def describe_shop(request: HttpRequest) -> dict[str, Any]:
    """A context processor; lazy, because the admin's pages have no use for it."""
    return {"shop": SimpleLazyObject(_describe)}


def _describe() -> dict[str, Any]:
    return {
        "name": settings.SHOP_NAME,
        "logo": static(settings.SHOP_LOGO) if settings.SHOP_LOGO else "",
        "contact": settings.SHOP_CONTACT,
        "accent": shade_accent(settings.SHOP_ACCENT),
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "languages": [get_language_info(code) for code, _ in settings.LANGUAGES],
    }
