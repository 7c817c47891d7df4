"""A colour for a colour's name, as merchants use them. What is not in this table gets no swatch, so nothing that
somebody wrote ever reaches a style sheet."""

from collections.abc import Mapping
from typing import Any

OPTION_NAMES = ("colour", "color", "farbe", "couleur")

COLOURS = {
    "black": "#1c1c1e",
    "ink": "#22263a",
    "charcoal": "#3a3d42",
    "anthracite": "#3b3f45",
    "grey": "#8b8f94",
    "gray": "#8b8f94",
    "smoke": "#a7abb0",
    "silver": "#c4c8cc",
    "white": "#ffffff",
    "ivory": "#f7f2e3",
    "cream": "#f4ecd6",
    "ecru": "#ece2c9",
    "oat": "#dccfb4",
    "sand": "#d9c39a",
    "beige": "#d8c8a8",
    "camel": "#c09a62",
    "khaki": "#9a8f62",
    "brown": "#6f4a2f",
    "clay": "#b06b4c",
    "rust": "#a84e28",
    "terracotta": "#b85c3e",
    "orange": "#e08a3c",
    "apricot": "#efb184",
    "yellow": "#e9c84a",
    "mustard": "#c79a2e",
    "gold": "#c5a14a",
    "red": "#b3332d",
    "burgundy": "#6e2233",
    "maroon": "#6b2a2a",
    "coral": "#e27d6a",
    "pink": "#e0a0b0",
    "rose": "#d98a9a",
    "lavender": "#b4a7d6",
    "purple": "#6c4a86",
    "indigo": "#3d3f7a",
    "navy": "#1f2d4d",
    "blue": "#3767a6",
    "denim": "#4a6a8f",
    "sky": "#9cc3dd",
    "teal": "#2c7c78",
    "petrol": "#1f5763",
    "mint": "#a9d6c0",
    "sage": "#9fae93",
    "green": "#3f7a4c",
    "olive": "#6f7142",
    "forest": "#2d4f3a",
}


def find_swatch(options: Mapping[str, Any]) -> str:
    """The colour of a variant's options, "" when none of them is a colour that is known."""
    for name, value in options.items():
        if name.lower() in OPTION_NAMES:
            return COLOURS.get(str(value).strip().lower(), "")
    return ""
