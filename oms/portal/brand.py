"""The shop's accent colour, shaded until it can be read.

Contrast is that of WCAG 2.2 (relative luminance): 4.5:1 for words and links, in the light and the dark, also on the
wash that lies behind notes.
"""

import re
from dataclasses import dataclass
from functools import cache

READABLE = 4.5
PAPER, NIGHT = "#faf8f4", "#161513"
WASH, NIGHT_WASH = "#f2eee6", "#262320"
INK, WHITE = "#1c1a17", "#ffffff"

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 40

Channels = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour for the light and one for the dark, each with the colour of words upon it."""

    light: str
    on_light: str
    dark: str
    on_dark: str


@cache
def shade_accent(colour: str) -> Accent:
    """Raises:
    ValueError: it is not written #rrggbb.
    """
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour like #0f6b62.")
    light = _mix_until_readable(colour, towards=INK, on=WASH)
    dark = _mix_until_readable(colour, towards=WHITE, on=NIGHT_WASH)
    return Accent(light, _words_on(light), dark, _words_on(dark))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _mix_until_readable(colour: str, *, towards: str, on: str) -> str:
    for step in range(_STEPS):
        mixed = _mix(colour, towards, step / _STEPS)
        if contrast(mixed, on) >= READABLE and contrast(mixed, _words_on(mixed)) >= READABLE:
            return mixed
    return towards


def _words_on(colour: str) -> str:
    return max(WHITE, INK, key=lambda words: contrast(words, colour))


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Channels:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
