"""Where goods pass customs."""

EU_CUSTOMS_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK".split()
)
"""The customs territory of the Union (Regulation 952/2013, Article 4), by whole countries: with Monaco. Parts that lie
outside of it, as the Canary Islands for VAT or Büsingen, are not told apart here.
"""


def crosses_customs(origin: str, destination: str) -> bool:
    """True when a parcel from one country to another needs customs papers."""
    return origin != destination and not (origin in EU_CUSTOMS_UNION and destination in EU_CUSTOMS_UNION)
