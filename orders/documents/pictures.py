"""Bars and marks as SVG inside a document."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oms.lettering.barcodes import QUIET, encode_code_128
from orders.carriers.marks import MARKS, Shape


def draw_barcode(text: str) -> SafeString:
    """A Code 128, as wide as its place; a text that cannot be one (letters beyond ASCII) has none."""
    try:
        barcode = encode_code_128(text)
    except ValueError:
        return SafeString("")
    bars = format_html_join("", '<rect x="{}" y="0" width="{}" height="40"/>', barcode.bars)
    return format_html(
        '<svg class="barcode" viewBox="{} 0 {} 40" preserveAspectRatio="none">{}</svg>',
        -QUIET,
        barcode.width + 2 * QUIET,
        bars,
    )


def draw_mark(code: str) -> SafeString:
    """A handling mark, as large as its place."""
    shapes = format_html_join("", "{}", ((_draw_shape(shape),) for shape in MARKS[code]))
    return format_html('<svg class="mark" viewBox="-2 -2 104 104">{}</svg>', shapes)


def _draw_shape(shape: Shape) -> SafeString:
    colour = "white" if shape.white else "black"
    if shape.stroke:
        return format_html('<path d="{}" fill="none" stroke="{}" stroke-width="{}"/>', shape.path, colour, shape.stroke)
    return format_html('<path d="{}" fill="{}"/>', shape.path, colour)
