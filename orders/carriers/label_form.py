"""The declaration CN 22 as a part of a label. What needs a CN 23 has it attached, and the label says so."""

from decimal import Decimal

from oms.lettering.boxes import Type
from oms.money import round_amount
from orders.carriers.label_drawing import Box, Page
from orders.policies.customs import Declaration, DeclaredItem, Form, Reason, choose_form

_SMALL = Type(5.5, 4)
_ROW = 11.0
_WEIGHT, _VALUE = 44.0, 58.0
"""Widths of the columns on the right."""


def draw_declaration(page: Page, declaration: Declaration, box: Box) -> None:
    """The form, or a line that says where the papers are."""
    if choose_form(declaration) == Form.CN23:
        page.write(
            ["CUSTOMS DECLARATION: SEE CN 23 AND INVOICE ATTACHED"],
            Box(box.x, box.y, box.width, box.height),
            Type(12, 7, bold=True),
        )
        return

    page.frame(box)
    page.write(["CUSTOMS DECLARATION / DÉCLARATION EN DOUANE"], _line(box, 9), Type(7, 4, bold=True))
    page.write_right("CN 22", box.x + box.width - 4, box.top - 7.5, 7)
    page.write(["May be opened officially / Peut être ouvert d'office"], _line(box, 17), _SMALL)
    _draw_reasons(page, declaration.reason, box)
    _draw_items(page, declaration, box)
    signed = (
        "I certify that the particulars given are correct and that this item contains no dangerous article prohibited"
        f" by postal or customs regulations. {declaration.signed_on.isoformat()}  {declaration.signed_by}"
    )
    page.write([signed], Box(box.x + 3, box.y + 2, box.width - 6, 17), Type(5, 3.2))


def _line(box: Box, below: float) -> Box:
    return Box(box.x + 3, box.top - below, box.width - 34, 9)


def _draw_reasons(page: Page, chosen: Reason, box: Box) -> None:
    step = (box.width - 6) / len(Reason)
    for place, reason in enumerate(Reason):
        x = box.x + 3 + place * step
        square = Box(x, box.top - 26, 6, 6)
        page.frame(square, width=0.5)
        if reason == chosen:
            page.rule(x, square.y, to_x=x + 6, to_y=square.top)
            page.rule(x, square.top, to_x=x + 6, to_y=square.y)
        page.write([reason.value], Box(x + 8, box.top - 29, step - 9, 11), Type(5, 3.2))


def _draw_items(page: Page, declaration: Declaration, box: Box) -> None:
    right = box.x + box.width
    top = box.top - 31
    bottom = top - _ROW * (len(declaration.items) + 2)
    for x in (right - _VALUE - _WEIGHT, right - _VALUE):
        page.rule(x, top, to_x=x, to_y=bottom, width=0.5)
    _draw_row(page, box, top, ("Quantity and description · HS code · origin", "Weight", "Value"))
    for place, item in enumerate(declaration.items, start=1):
        money = f"{round_amount(item.value, declaration.currency)} {declaration.currency}"
        _draw_row(page, box, top - place * _ROW, (_describe(item), _kilograms(item.grams), money))
    total = f"{round_amount(declaration.value, declaration.currency)} {declaration.currency}"
    last = top - (len(declaration.items) + 1) * _ROW
    _draw_row(page, box, last, ("Total", _kilograms(declaration.grams), total))


def _draw_row(page: Page, box: Box, top: float, cells: tuple[str, str, str]) -> None:
    text, weight, value = cells
    right = box.x + box.width
    page.rule(box.x, top, to_x=right, to_y=top, width=0.5)
    room = box.width - _WEIGHT - _VALUE
    page.write([text], Box(box.x + 3, top - _ROW, room - 6, _ROW - 1), Type(6.5, 3.6))
    page.write([weight], Box(right - _VALUE - _WEIGHT + 3, top - _ROW, _WEIGHT - 5, _ROW - 1), Type(6.5, 4))
    page.write([value], Box(right - _VALUE + 3, top - _ROW, _VALUE - 5, _ROW - 1), Type(6.5, 4))
    page.rule(box.x, top - _ROW, to_x=right, to_y=top - _ROW, width=0.5)


def _describe(item: DeclaredItem) -> str:
    known = " · ".join(filter(None, (item.hs_code, item.origin)))
    return f"{show_quantity(item.quantity)} × {item.description}" + (f" · {known}" if known else "")


def _kilograms(grams: int) -> str:
    return f"{grams / 1000:.3f} kg" if grams else ""


def show_quantity(quantity: Decimal) -> str:
    """2, or 1.5, never 2.000."""
    return f"{quantity.normalize():f}"
