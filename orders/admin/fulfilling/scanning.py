"""What a scanner read at the packing bench: a thing of this parcel, a thing of none, or another parcel altogether."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Variant
from inventory.policies.gtin import LENGTHS, is_gtin
from oms.quantities import plain
from orders.models import Fulfillment, FulfillmentLine

GTIN_IDENTIFIER = "01"
"""GS1's application identifier in front of a GTIN in larger codes."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What to do about it: pick `line` up to `picked`, go to `elsewhere`, or only say so. `ready`: on to its weight."""

    said: str
    tone: str
    line: FulfillmentLine | None = None
    picked: Decimal = Decimal(0)
    elsewhere: str = ""
    ready: bool = False


def read_scan(code: str, fulfillment: Fulfillment, lines: Sequence[FulfillmentLine]) -> Scanned:
    """`lines` come with their order lines and variants."""
    code = code.strip().replace("\x00", "")
    if not code:
        return Scanned("Scan something, or type its SKU.", "warm")
    if code.upper() == fulfillment.number:
        return _say_own(lines)
    matching = [line for line in lines if _is_called(line, code)]
    if matching:
        return _pick_one(matching)
    if other := Fulfillment.objects.filter(number=code.upper()).first():
        return Scanned(f"{other.number} is another parcel.", "cool", elsewhere=other.number)
    return _say_stranger(code)


def _say_own(lines: Sequence[FulfillmentLine]) -> Scanned:
    left = sum((line.quantity - line.short_quantity - line.picked_quantity for line in lines), Decimal(0))
    if left:
        return Scanned(f"That is this parcel; {plain(left)} of its units are still to be picked.", "cool")
    return Scanned("That is this parcel, and all of it is picked: weigh it and ship it.", "good", ready=True)


def _pick_one(matching: Sequence[FulfillmentLine]) -> Scanned:
    sku = matching[0].order_line.sku
    for line in matching:
        most = line.quantity - line.short_quantity
        if line.picked_quantity < most:
            picked = min(line.picked_quantity + 1, most)
            return Scanned(f"{sku}: {plain(picked)} of {plain(most)}", "good", line, picked)
    most = sum((line.quantity - line.short_quantity for line in matching), Decimal(0))
    return Scanned(f"Put it back: all {plain(most)} of {sku} are picked already.", "bad")


def _say_stranger(code: str) -> Scanned:
    known = Variant.objects.filter(sku__in=[code, code.upper()]).select_related("product").first()
    if known is None and (gtin := find_gtin(code)):
        bare = gtin.lstrip("0")
        forms = [bare.zfill(length) for length in LENGTHS if length >= len(bare)]
        known = Variant.objects.filter(barcode__in=forms).select_related("product").first()
    if known is None:
        return Scanned(f"Put it back: nothing in this parcel is called {code}.", "bad")
    named = " ".join(filter(None, (known.product.title, known.option_text)))
    return Scanned(f"Put it back: {known.sku} ({named}) does not belong in this parcel.", "bad")


def _is_called(line: FulfillmentLine, code: str) -> bool:
    if line.order_line.sku.upper() == code.upper():
        return True
    variant = line.order_line.variant
    if variant is None or not variant.barcode:
        return False
    return variant.barcode.zfill(14) == find_gtin(code).zfill(14)


def find_gtin(code: str) -> str:
    """The GTIN in what was scanned, with or without what stands around it in larger codes; "" for none."""
    digits = code.removeprefix("]C1").removeprefix("]d2").replace("(", "").replace(")", "")
    if is_gtin(digits):
        return digits
    inner = digits[len(GTIN_IDENTIFIER) : len(GTIN_IDENTIFIER) + 14]
    return inner if digits.startswith(GTIN_IDENTIFIER) and is_gtin(inner) else ""
