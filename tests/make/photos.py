"""Pictures, and files that only say that they are."""

import io
import struct
import zlib

from PIL import Image


def photo(width: int = 400, height: int = 300, *, kind: str = "JPEG", color: str = "teal", **saved: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), color).save(written, kind, **saved)
    return written.getvalue()


def photo_with_position(*, orientation: int = 6) -> bytes:
    """Taken upright with a telephone that lay on its side, which wrote down where it was and who owns it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = orientation, "Ada Lovelace"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return photo(400, 300, exif=exif, comment=b"<script>alert(1)</script>")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that claims to be 3,600 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )
