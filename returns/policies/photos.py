"""Pictures that strangers send: looked at before they are decoded, then drawn anew.

What is kept has passed through pixels: no metadata, no position of the camera, no script behind the picture, nothing of
the file that was sent. How large a picture claims to be is read from its header alone, before memory is given to it.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

LONGEST_SIDE = 1600
MOST_BYTES = 15 * 2**20
"""Of one picture as it is sent. A telephone's own are a third of it."""
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
"""JPEG is decoded at a fraction of its size; the others need all their pixels in memory."""
LEAST_SIDE = 32
QUALITY = 82

Why = Literal["too_big", "not_a_picture", "kind_unknown", "too_many_pixels", "too_small", "broken"]

_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"%PDF", b"<svg", b"<?xml")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A JPEG of ours. `digest`: SHA-256 of what was sent."""

    content: bytes
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """No picture that we take, and why."""

    why: Why


def redraw(content: bytes) -> Drawn | Unusable:
    """The picture of the file, upright, at most 1,600 pixels a side, on white."""
    if len(content) > MOST_BYTES:
        return Unusable("too_big")
    kind = _recognize(content)
    if not kind:
        known = content.lstrip()[:5].lower().startswith(tuple(each.lower() for each in _OTHER_PICTURES))
        heif = content[4:8] == b"ftyp"
        return Unusable("kind_unknown" if known or heif else "not_a_picture")
    return _draw(content, kind)


def _recognize(content: bytes) -> str:
    """By its first bytes; what its name or its sender says counts for nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), "")


def _draw(content: bytes, kind: str) -> Drawn | Unusable:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS[kind]:
                return Unusable("too_many_pixels")
            if min(picture.size) < LEAST_SIDE:
                return Unusable("too_small")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            fresh = _lay_on_white(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unusable("too_many_pixels")
    except Exception:  # a hostile file makes decoders fail in every way there is; none of them is ours
        return Unusable("broken")
    return Drawn(_as_jpeg(fresh), fresh.width, fresh.height, hashlib.sha256(content).hexdigest())


def _lay_on_white(picture: Image.Image) -> Image.Image:
    """Pixels alone, in a picture that never belonged to the file."""
    colors = picture.convert("RGBA")
    fresh = Image.new("RGB", colors.size, "white")
    fresh.paste(colors, mask=colors.getchannel("A"))
    return fresh


def shrink(content: bytes, *, side: int) -> bytes:
    """A smaller one of a picture that we drew."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return _as_jpeg(picture.convert("RGB"))


def _as_jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
