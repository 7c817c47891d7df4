"""Numbers of postal items as UPU standard S10 writes them: RR 12345678 5 DE.

Two letters say the service, eight digits are the serial, a check digit, and the country of the post that issued it.
"""

import re

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
LAST_SERIAL = 99_999_999

_FORM = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)


class NotAnS10Part(ValueError):
    """A number cannot be made of this."""


def write_number(indicator: str, serial: int, country: str) -> str:
    """The number of an item.

    Raises:
        NotAnS10Part: a letter too many or too few, or a serial of more than eight digits.
    """
    if not 0 <= serial <= LAST_SERIAL:
        raise NotAnS10Part(f"{serial} is no serial of eight digits.")
    digits = f"{serial:08}"
    number = f"{indicator}{digits}{find_check_digit(digits)}{country}"
    if not _FORM.fullmatch(number):
        raise NotAnS10Part(f"{indicator} and {country} are not two capital letters each.")
    return number


def find_check_digit(serial: str) -> int:
    """Of eight digits: 11 less the weighted sum modulo 11, where 10 becomes 0 and 11 becomes 5."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def read_country(number: str) -> str | None:
    """The country whose post issued the number; None where it is none, or its check digit is wrong."""
    found = _FORM.fullmatch(number)
    if found is None or find_check_digit(found[2]) != int(found[3]):
        return None
    return found[4]
