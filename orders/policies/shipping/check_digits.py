"""Check digits as carriers reckon them. Each takes a whole number, its check digit last."""

from collections.abc import Callable

from oms.countries import COUNTRIES
from orders.policies.shipping.s10 import read_country

Check = Callable[[str], bool]


def modulo_ten(first: int, second: int) -> Check:
    """The check digit makes the sum a multiple of 10; from the right, digits count `first` and `second` times in turn.

    3 and 1: GS1 (USPS, Canada Post, FedEx Ground). 1 and 2: UPS; 2 and 1: OnTrac; neither folds its products.
    """

    def fits(number: str) -> bool:
        *body, check = _digits(number)
        factors = (first, second)
        total = sum(digit * factors[place % 2] for place, digit in enumerate(reversed(body)))
        return (total + check) % 10 == 0

    return fits


gs1 = modulo_ten(3, 1)


def luhn(number: str) -> bool:
    """ISO/IEC 7812: every second digit from the right is doubled, and its digits are added."""
    *body, check = _digits(number)
    doubled = [sum(divmod(digit * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body))]
    return (sum(doubled) + check) % 10 == 0


def modulo_seven(number: str) -> bool:
    """DHL Express: what is left of the rest divided by 7."""
    return int(number[:-1]) % 7 == int(number[-1])


def fedex(number: str) -> bool:
    """From the right 1, 3, 7 times in turn; the sum modulo 11, and that modulo 10."""
    *body, check = _digits(number)
    factors = (1, 3, 7)
    total = sum(digit * factors[place % 3] for place, digit in enumerate(reversed(body)))
    return total % 11 % 10 == check


def s10(number: str) -> bool:
    """UPU S10, issued in a country that there is."""
    return read_country(number) in COUNTRIES


def usps_legacy(number: str) -> bool:
    """The application identifier 91 counts, also where it is not printed."""
    return gs1(number if len(number) == 22 else f"91{number}")


def _digits(text: str) -> list[int]:
    """Letters count as UPS and OnTrac count them: A is 2, B is 3, and so on, modulo 10."""
    return [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in text]
