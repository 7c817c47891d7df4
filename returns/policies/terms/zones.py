"""In which zones a customer's day may end, by where the parcel went."""

import tomllib
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global


@cache
def zones_of(country: str, province: str = "") -> tuple[ZoneInfo, ...]:
    """The zone of the place; where a country has several clocks and the province does not tell, one for each of them.

    Empty where the country is not known. Whoever judges by several lets the latest end count: that we do not know
    where somebody lives must not cost them a day.
    """
    provinces = _provinces().get(country, {})
    if named := provinces.get(province.strip().upper()) or provinces.get("*"):
        return (ZoneInfo(named),)
    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    known = available_timezones()
    places = sorted({aliases.get(zone, zone) for zone, where in territories.items() if where == country} & known)
    clocks = {_clock_of(place): place for place in reversed(places)}
    return tuple(ZoneInfo(place) for place in sorted(clocks.values()))


def _clock_of(place: str) -> str:
    """CLDR's name for zones that have long shown the same time."""
    return str(get_global("meta_zones").get(place, place))


@cache
def _provinces() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("zones.toml").read_text(encoding="utf-8"))
