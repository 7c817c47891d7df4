"""What differs between the order as it should be and the other side's copy of it.

Lines are told apart by the channel's own id; a line that we added has none until the channel gave it one, and a line
whose variant was swapped is another line there. A line that we do not know is never removed: somebody put it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orders.channels.outgoing.port import ChannelCopy, CopyLine, Desired, DesiredLine, PostalAddress

_ADDRESS_PARTS = ("name", "company", "line1", "line2", "city", "postal_code", "country", "phone")
_NEEDS_SKU = "PRODUCT"


@dataclass(frozen=True, slots=True)
class LineChange:
    """Set the copy's line to `quantity`, or, without `there`, add so many of `wanted`."""

    there: CopyLine | None
    wanted: DesiredLine | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Match:
    """Which of their lines is which of ours; what is only on one side stands in the other two."""

    pairs: tuple[tuple[DesiredLine, CopyLine], ...]
    missing: tuple[DesiredLine, ...]
    left_over: tuple[CopyLine, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which the two sides differ; `where` is a stable name, `what` names the line."""

    where: str
    what: str
    ours: str
    theirs: str

    def as_json(self) -> dict[str, Any]:
        return {"where": self.where, "what": self.what, "ours": self.ours, "theirs": self.theirs}


def match_lines(lines: Sequence[DesiredLine], there: Sequence[CopyLine]) -> Match:
    """By id where the SKU is the same too, then by SKU."""
    free, pairs, unmatched = list(there), [], []
    known = {line.external_id for line in lines if line.external_id}
    for line in lines:
        same = next((copy for copy in free if copy.external_id == line.external_id and _same_goods(copy, line)), None)
        if same:
            free.remove(same)
            pairs.append((line, same))
        else:
            unmatched.append(line)
    missing = []
    for line in sorted(unmatched, key=lambda line: -line.quantity):
        alike = [copy for copy in free if line.sku and copy.sku == line.sku and copy.quantity > 0]
        if not line.quantity:
            # It is gone here and never had a name there: taken off only where there is no doubt which it was.
            nameless = [copy for copy in alike if copy.external_id not in known]
            alike = nameless if len(nameless) == 1 else []
        same = alike[0] if alike else None
        if same:
            free.remove(same)
            pairs.append((line, same))
        else:
            missing.append(line)
    return Match(tuple(pairs), tuple(missing), tuple(free))


def plan_lines(desired: Desired, copy: ChannelCopy) -> list[LineChange]:
    """What must be done to the copy's lines; empty when they are as they should be."""
    match = match_lines(desired.lines, copy.lines)
    known = {line.external_id for line in desired.lines if line.external_id}
    changes = [LineChange(there, line, line.quantity) for line, there in match.pairs if there.quantity != line.quantity]
    gone = [there for there in match.left_over if there.external_id in known and there.quantity > 0]
    changes += [LineChange(there, None, Decimal(0)) for there in gone]
    added = [line for line in match.missing if line.quantity > 0 and line.kind == _NEEDS_SKU]
    return [*changes, *(LineChange(None, line, line.quantity) for line in added)]


def find_differences(desired: Desired, copy: ChannelCopy) -> list[Difference]:
    """Line by line, then address, contact, shipping and total. A cancelled order is only asked whether it is one."""
    if desired.cancelled or copy.cancelled:
        words = {True: "cancelled", False: "not cancelled"}
        return _differ("status", "", words[desired.cancelled], words[copy.cancelled])
    found = _line_differences(desired, copy)
    found += _address_differences(desired.address, copy.address)
    found += _differ("email", "", desired.email.lower(), copy.email.lower()) if desired.email else []
    found += _differ("phone", "", _digits(desired.phone), _digits(copy.phone)) if desired.phone else []
    found += _differ("shipping_method", "", _plain(desired.shipping_method), _plain(copy.shipping_method))
    found += _differ_in_amount("shipping_amount", desired.shipping_amount, copy.shipping_amount)
    ours = desired.owed if copy.total_is_owed else desired.total
    return found + _differ_in_amount("total", ours, copy.total)


def find_line_names(desired: Desired, copy: ChannelCopy) -> list[tuple[DesiredLine, str]]:
    """The lines for which the channel has an id that we did not know, with that id."""
    pairs = match_lines(desired.lines, copy.lines).pairs
    return [(line, there.external_id) for line, there in pairs if line.external_id != there.external_id]


def _line_differences(desired: Desired, copy: ChannelCopy) -> list[Difference]:
    match = match_lines(desired.lines, copy.lines)
    found = []
    for line, there in match.pairs:
        found += _differ("quantity", _name(line), _units(line.quantity), _units(there.quantity))
    for line in match.missing:
        if line.quantity > 0 and line.kind == _NEEDS_SKU:
            found.append(Difference("line", _name(line), _units(line.quantity), "–"))
    for there in match.left_over:
        if there.quantity > 0 and there.sku:
            found.append(Difference("line", _name(there), "–", _units(there.quantity)))
    return found


def _address_differences(ours: PostalAddress | None, theirs: PostalAddress | None) -> list[Difference]:
    if ours is None:
        return []
    other = theirs or PostalAddress()
    found = []
    for part in _ADDRESS_PARTS:
        tidy = _digits if part == "phone" else _plain
        if part != "phone" or ours.phone:
            found += _differ(f"address_{part}", "", tidy(getattr(ours, part)), tidy(getattr(other, part)))
    if not same_province(ours, other):
        found += _differ("address_province", "", ours.province or ours.province_code, other.province)
    return found


def same_province(ours: PostalAddress, theirs: PostalAddress) -> bool:
    """By name or by code; where we know none the channel may have derived one."""
    mine = {_plain(word).casefold() for word in (ours.province, ours.province_code) if word}
    return not mine or bool(mine & {_plain(word).casefold() for word in (theirs.province, theirs.province_code)})


def differs_in_address(desired: Desired, copy: ChannelCopy) -> bool:
    return bool(_address_differences(desired.address, copy.address))


def differs_in_phone(desired: Desired, copy: ChannelCopy) -> bool:
    return bool(desired.phone) and _digits(desired.phone) != _digits(copy.phone)


def differs_in_shipping(desired: Desired, copy: ChannelCopy) -> bool:
    same_name = _plain(desired.shipping_method) == _plain(copy.shipping_method)
    return not same_name or desired.shipping_amount != copy.shipping_amount


def _same_goods(copy: CopyLine, line: DesiredLine) -> bool:
    return bool(line.external_id) and (not line.sku or not copy.sku or copy.sku == line.sku)


def _differ(where: str, what: str, ours: str, theirs: str) -> list[Difference]:
    return [Difference(where, what, ours, theirs)] if ours != theirs else []


def _differ_in_amount(where: str, ours: Decimal, theirs: Decimal) -> list[Difference]:
    return [Difference(where, "", f"{ours:f}", f"{theirs:f}")] if ours != theirs else []


def _name(line: DesiredLine | CopyLine) -> str:
    return line.sku or line.title


def _units(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _plain(words: str) -> str:
    return " ".join(words.split())


def _digits(phone: str) -> str:
    """+49 (30) 1234 and +49301234 are the same number."""
    return "".join(letter for letter in phone if letter.isdigit())
