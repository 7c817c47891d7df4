"""The label of the house carrier: 4 × 6 inches for thermal printers of 203 dpi.

From the top: service, sender and references, receiver, the tracking number as Code 128, and below it the marks of
handling or, for mail that crosses a border, the declaration CN 22.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import BinaryIO

from oms.countries import name_in_english
from oms.lettering.barcodes import encode_code_128
from oms.lettering.boxes import Type
from orders.carriers.label_drawing import HEIGHT, WIDTH, Box, Page, write_pages
from orders.carriers.label_form import draw_declaration
from orders.policies.address_labels import label_lines
from orders.policies.customs import Declaration
from orders.policies.handling import find_marks

MARGIN = 10.0
_INNER = WIDTH - 2 * MARGIN
_CAPTION = Type(5.5, 5.5)
_MARK = 40.0


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What stands on one label.

    Addresses have name, company, line1, line2, city, province, postal_code, country (ISO 3166) and phone, "" or left
    out where unknown. `handling` are the classes of `orders.policies.handling`; `declaration` is for what crosses a
    border by mail. What comes `back` is named by its return.
    """

    tracking_number: str
    carrier: str
    service: str
    ship_from: Mapping[str, str]
    ship_to: Mapping[str, str]
    order: str
    fulfillment: str
    weight_grams: int | None
    posted_on: date
    handling: Sequence[str] = ()
    declaration: Declaration | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class _Bands:
    """Where each part begins below, in points from the sheet's lower edge."""

    service: float = 384
    sender: float = 318
    receiver: float = 186
    bars: float = 92


_PLAIN = _Bands()
_DECLARED = _Bands(receiver=226, bars=150)


def draw_label(facts: LabelFacts) -> bytes:
    """One label as a PDF of one page.

    Raises:
        ValueError: the tracking number cannot be a Code 128.
        FontMissing: this software's fonts are not installed.
    """
    return draw_labels([facts])


def draw_labels(many: Iterable[LabelFacts]) -> bytes:
    """All of them in one PDF, a page each. Raises as `draw_label`."""
    file = io.BytesIO()
    write_labels(many, file)
    return file.getvalue()


def write_labels(many: Iterable[LabelFacts], file: BinaryIO) -> None:
    """As `draw_labels`, into a file: a few kilobytes of memory a page."""
    write_pages((partial(_draw_page, facts) for facts in many), file, title="Shipping labels")


def _draw_page(facts: LabelFacts, page: Page) -> None:
    bands = _DECLARED if facts.declaration else _PLAIN
    page.frame(Box(MARGIN / 2, MARGIN / 2, WIDTH - MARGIN, HEIGHT - MARGIN), width=1.5)
    for y in (bands.service, bands.sender, bands.receiver, bands.bars):
        page.rule(MARGIN / 2, y, to_x=WIDTH - MARGIN / 2, to_y=y, width=1.5)

    _draw_service(page, facts, bands)
    _draw_sender(page, facts, bands)
    _draw_receiver(page, facts, bands)
    _draw_bars(page, facts, bands)
    if facts.declaration:
        _draw_border_band(page, facts, facts.declaration, bands)
    else:
        _draw_marks(page, facts, bands)


def _draw_service(page: Page, facts: LabelFacts, bands: _Bands) -> None:
    height = HEIGHT - MARGIN - bands.service - 4
    carrier = f"{facts.carrier} · RETURN" if facts.back else facts.carrier
    page.write([carrier], Box(MARGIN, bands.service + 29, _INNER, 11), Type(8, 5))
    page.write([facts.service], Box(MARGIN, bands.service + 3, _INNER, height - 11), Type(20, 8, bold=True))


def _draw_sender(page: Page, facts: LabelFacts, bands: _Bands) -> None:
    room = bands.service - bands.sender
    left = Box(MARGIN, bands.sender + 3, 160, room - 14)
    page.write(["FROM"], Box(MARGIN, left.top, 60, 9), _CAPTION)
    page.write(_address(facts.ship_from, abroad=_crosses(facts)), left, Type(8, 4.5))

    right = Box(MARGIN + 172, bands.sender + 3, _INNER - 172, room - 6)
    page.rule(right.x - 6, bands.sender, to_x=right.x - 6, to_y=bands.service)
    weight = [f"{facts.weight_grams / 1000:.3f} kg"] if facts.weight_grams else []
    named = f"{'Return' if facts.back else 'Parcel'} {facts.fulfillment}"
    known = [f"Order {facts.order}", named, *weight, facts.posted_on.isoformat()]
    page.write(known, right, Type(9, 5))


def _draw_receiver(page: Page, facts: LabelFacts, bands: _Bands) -> None:
    room = bands.sender - bands.receiver
    page.write(["TO"], Box(MARGIN, bands.sender - 11, 60, 9), _CAPTION)
    phone = facts.ship_to.get("phone", "")
    below = 11 if phone else 0
    if phone:
        page.write([f"Tel. {phone}"], Box(MARGIN + 14, bands.receiver + 3, _INNER - 14, 11), Type(8, 5))
    box = Box(MARGIN + 14, bands.receiver + 4 + below, _INNER - 14, room - 16 - below)
    page.write(_address(facts.ship_to, abroad=_crosses(facts)), box, Type(16, 5.5, bold=True))


def _draw_bars(page: Page, facts: LabelFacts, bands: _Bands) -> None:
    room = bands.receiver - bands.bars
    page.bars(encode_code_128(facts.tracking_number), Box(MARGIN, bands.bars + 20, _INNER, room - 26))
    text = Box(MARGIN, bands.bars + 2, _INNER, 17)
    page.write_centred(_group(facts.tracking_number), text, Type(13, 6, bold=True))


def _draw_marks(page: Page, facts: LabelFacts, bands: _Bands) -> None:
    marks = find_marks(facts.handling)
    step = _INNER / 5
    for place, mark in enumerate(marks):
        x = MARGIN + place * step
        page.mark(mark.code, x + (step - _MARK) / 2, bands.bars - 10 - _MARK, _MARK)
        page.write_centred(mark.caption, Box(x + 1, bands.bars - 26 - _MARK, step - 2, 12), Type(7, 4, bold=True))


def _draw_border_band(page: Page, facts: LabelFacts, declaration: Declaration, bands: _Bands) -> None:
    """The declaration, and the marks in a column beside it."""
    marks = find_marks(facts.handling)
    column = 40.0 if marks else 0.0
    draw_declaration(page, declaration, Box(MARGIN, MARGIN, _INNER - column, bands.bars - MARGIN - 5))
    step = (bands.bars - MARGIN) / 5
    for place, mark in enumerate(marks):
        y = bands.bars - (place + 1) * step
        page.mark(mark.code, WIDTH - MARGIN - 26, y + 6, 18)
        page.write_centred(mark.caption, Box(WIDTH - MARGIN - 34, y - 1, 34, 7), Type(4.5, 3, bold=True))


def _address(address: Mapping[str, str], *, abroad: bool) -> list[str]:
    """By the rules of its country; the country's name in capitals comes last, for letters that cross a border."""
    country = address.get("country", "")
    name = [name_in_english(country).upper()] if abroad and country else []
    return [*label_lines(address), *name]


def _crosses(facts: LabelFacts) -> bool:
    return facts.ship_from.get("country", "") != facts.ship_to.get("country", "")


def _group(number: str) -> str:
    """As people read it aloud: RR 123 456 785 DE for mail (UPU S10), in fours for the rest."""
    if len(number) == 13 and number[:2].isalpha() and number[2:11].isdigit() and number[11:].isalpha():
        return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}"
    if not number.isalnum():
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
