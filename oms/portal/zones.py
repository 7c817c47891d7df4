"""In which zone a customer reads the clock: the browser's, else that of the country, else the shop's."""

from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone, get_timezone_location
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

COOKIE = "zone"
"""Set by the portal's script to the browser's own zone."""
_OFFICIAL = {"CN": "Asia/Shanghai"}
"""Countries with one clock by law, whatever the sun says."""
_ENGLISH = {"US", "CA", "AU", "NZ", "IE", "IN", "ZA", "SG", "HK"}
"""Where English has its own way with dates and hours."""


def zone_of(request: HttpRequest, *, country: str = "") -> tzinfo:
    name = request.COOKIES.get(COOKIE, "")
    if name in _known_zones():
        return ZoneInfo(name)
    return zone_of_country(country) or timezone.get_default_timezone()


@cache
def zone_of_country(country: str) -> ZoneInfo | None:
    """The zone of a country that has only one; of no other can it be known."""
    if country in _OFFICIAL:
        return ZoneInfo(_OFFICIAL[country])
    zones = [zone for zone, where in get_global("zone_territories").items() if where == country]
    places = {get_global("zone_aliases").get(zone, zone) for zone in zones} & _known_zones()
    offsets = {_clock_of(zone) for zone in places}
    return ZoneInfo(min(places)) if len(offsets) == 1 else None


def name_zone() -> str:
    """The active zone, by its town: "Berlin time", 柏林时间. It is always said: nobody must guess whose clock it is."""
    zone = timezone.get_current_timezone()
    if str(zone) in ("UTC", "Etc/UTC"):
        return "UTC"
    return gettext("%(town)s time") % {"town": _name_town(str(zone), babel_locale())}


def babel_locale() -> Locale:
    """Babel's locale for the active language. English is written as where the reader's clock is, else as in Britain."""
    return _locale_of(get_language() or settings.LANGUAGE_CODE, str(timezone.get_current_timezone()))


@cache
def _locale_of(language: str, zone: str) -> Locale:
    if language == "en":
        there = get_global("zone_territories").get(zone, "")
        return Locale("en", there if there in _ENGLISH else "GB")
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def _name_town(zone: str, locale: Locale) -> str:
    return get_timezone_location(get_timezone(zone), locale=locale, return_city=True)


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _clock_of(zone: str) -> str:
    """CLDR's name for zones that have long shown the same time: Germany's two are one."""
    return str(get_global("meta_zones").get(zone, zone))
