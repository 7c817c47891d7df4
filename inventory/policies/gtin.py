"""Barcodes: GTIN-8, -12, -13 and -14 (GS1 General Specifications, section 7.9)."""

LENGTHS = (8, 12, 13, 14)


def is_gtin(digits: str) -> bool:
    """True when the length is one of GS1's and the last digit is the check digit of the others."""
    if len(digits) not in LENGTHS or not (digits.isascii() and digits.isdigit()):
        return False
    return int(digits[-1]) == check_digit(digits[:-1])


def check_digit(digits: str) -> int:
    """Weights 3 and 1 by turns, from the right; what is missing to the next ten."""
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return -weighted % 10
