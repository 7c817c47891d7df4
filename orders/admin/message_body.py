"""A message's body for reading: JSON indented, text as it is, anything else as hexadecimal. The template escapes it."""

from dataclasses import dataclass
from typing import Literal

import orjson

MOST = 100_000
"""So many bytes are shown; the whole can be downloaded."""

_ROW = 16


@dataclass(frozen=True)
class ShownBody:
    text: str
    kind: Literal["JSON", "text", "binary"]
    size: int
    is_cut: bool


def show_body(body: bytes) -> ShownBody:
    kind, text = _read(body)
    return ShownBody(text[:MOST], kind, len(body), len(text) > MOST or (kind == "binary" and len(body) > MOST // 4))


def _read(body: bytes) -> tuple[Literal["JSON", "text", "binary"], str]:
    try:
        return "JSON", orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except ValueError:
        pass
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "binary", _dump(body[: MOST // 4])
    return ("binary", _dump(body[: MOST // 4])) if "\x00" in text else ("text", text)


def _dump(body: bytes) -> str:
    """Offset, bytes and what of them is ASCII, sixteen a row."""
    rows = []
    for offset in range(0, len(body), _ROW):
        row = body[offset : offset + _ROW]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        rows.append(f"{offset:08x}  {row.hex(' '):<{_ROW * 3}} {letters}")
    return "\n".join(rows)
