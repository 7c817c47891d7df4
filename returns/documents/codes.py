"""The code of a parcel, as a picture: what a shop or a drop-off point scans instead of a label."""

import io

from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageDraw

from oms.lettering.barcodes import QR_QUIET, encode_qr
from returns.models import ReturnParcel

PIXELS = 8
"""A module of the picture: small screens show it whole, scanners read it off paper and glass."""


def say_code(parcel: ReturnParcel) -> str:
    """What stands in it: an address that gives the label to whoever scans it."""
    return f"{settings.PUBLIC_URL}{reverse('drop_off', args=[parcel.token])}"


def draw_svg(text: str) -> str:
    """A picture of its own, to be shown or printed at any size."""
    code = encode_qr(text)
    side = code.size + 2 * QR_QUIET
    path = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in code.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QR_QUIET} {-QR_QUIET} {side} {side}"'
        f' shape-rendering="crispEdges"><rect x="{-QR_QUIET}" y="{-QR_QUIET}" width="{side}" height="{side}"'
        f' fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def draw_png(text: str) -> bytes:
    """For mails: most programs show no SVG."""
    code = encode_qr(text)
    side = (code.size + 2 * QR_QUIET) * PIXELS
    picture = Image.new("1", (side, side), 1)
    pen = ImageDraw.Draw(picture)
    for x, y, width, height in code.bars:
        left, top = (x + QR_QUIET) * PIXELS, (y + QR_QUIET) * PIXELS
        pen.rectangle((left, top, left + width * PIXELS - 1, top + height * PIXELS - 1), fill=0)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
