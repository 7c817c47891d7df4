"""Splitting a file of JSON into its members, byte for byte, with no more of it in memory than one member."""

import codecs
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from orders.actions.intake.opening import Stream, Unreadable

LARGEST_MEMBER = 16 * 2**20
"""Bytes. What is larger is no order, whatever the file's name says."""

_CHUNK = 2**20
_LIST = re.compile(r"\[")
_LIST_OF_ORDERS = re.compile(r'\{\s*"orders"\s*:\s*\[')
_EMPTY_LIST = re.compile(r"\s*\]")
_BLANKS = re.compile(r"\s*")
_LOOK_AHEAD = 1_000
"""Characters in which the beginning of a list shows."""

_find_end = json.JSONDecoder(parse_int=len, parse_float=len).raw_decode
"""Only to find where a value ends: what it says is read by a stricter parser."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One member's own bytes, and where it stands in the file."""

    body: bytes
    place: str


def split_lines(stream: Stream) -> Iterator[Piece]:
    """JSON Lines: each line that is not empty.

    Raises:
        Unreadable: after the last line, if some were too long to be orders.
    """
    number, too_long = 0, []
    while line := stream.readline(LARGEST_MEMBER):
        number += 1
        if len(line) == LARGEST_MEMBER and not line.endswith(b"\n"):
            too_long.append(number)
            while len(line) == LARGEST_MEMBER and not line.endswith(b"\n"):
                line = stream.readline(LARGEST_MEMBER)
            continue
        if body := line.removeprefix(codecs.BOM_UTF8).strip():
            yield Piece(body, f"line {number}")
    if too_long:
        raise Unreadable(f"Too long for an order: line {', '.join(map(str, too_long))}. All others were read.")


def split_documents(stream: Stream) -> Iterator[Piece]:
    """JSON documents one after the other; of a list, bare or as {"orders": […]}, each member.

    What is no JSON is given as it stands, from where it begins to the end of the file; what comes before it counts.

    Raises:
        Unreadable: a member is too large to be an order, or a list breaks off between two members.
    """
    window = _Window(stream)
    number = 0
    while window.skip(_BLANKS):
        number += 1
        opening = window.look(_LIST_OF_ORDERS) or window.look(_LIST)
        if opening and not window.look(_EMPTY_LIST, beyond=opening):
            yield from _split_list(window, opening)
        else:
            yield Piece(window.take_value() or window.take_rest(), f"document {number}")


def _split_list(window: "_Window", opening: str) -> Iterator[Piece]:
    window.drop(opening)
    number = 0
    while window.skip(_BLANKS):
        number += 1
        value = window.take_value()
        if value is not None:
            yield Piece(value, f"member {number}")
        separator = window.skip(_BLANKS)
        if value is None or separator not in (",", "]", ""):
            yield Piece(window.take_rest(), f"from member {number} on")
            return
        window.drop(separator)
        if separator == "]":
            _skip_rest_of_object(window, opening)
            return
    raise Unreadable(f"It breaks off after member {number}: the end of the list is missing.")


def _skip_rest_of_object(window: "_Window", opening: str) -> None:
    """What stands beside the orders ("next_page": …) is no order."""
    if opening.startswith("{"):
        window.put_back('{"orders":0')
        window.take_value()


class _Window:
    """The part of the text that is in memory. Bytes that are not UTF-8 pass through unchanged."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._text = ""
        self._start = 0
        self._ended = False
        self._broken: Exception | None = None

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Skip what fits; the character behind it, none at the end of the file."""
        while True:
            match = pattern.match(self._text, self._start)
            self._start = match.end() if match else self._start
            if self._start < len(self._text) or not self._fill():
                return self._text[self._start : self._start + 1]

    def look(self, pattern: re.Pattern[str], *, beyond: str = "") -> str:
        """What fits here (or behind what was seen); nothing is taken."""
        while len(self._text) - self._start < _LOOK_AHEAD and self._fill():
            pass
        match = pattern.match(self._text, self._start + len(beyond))
        return match.group() if match else ""

    def drop(self, seen: str) -> None:
        self._start += len(seen)

    def put_back(self, text: str) -> None:
        self._text, self._start = text + self._text[self._start :], 0

    def take_value(self) -> bytes | None:
        """The next JSON value, as it is written; None, and nothing taken, if there is none to the end of the file."""
        while True:
            try:
                _, end = _find_end(self._text, self._start)
            except (ValueError, RecursionError):
                end = None
            if end is not None and (end < len(self._text) or self._ended):
                value, self._start = self._text[self._start : end], end
                return _as_bytes(value)
            if not self._fill():
                return None if end is None else self.take_rest()

    def take_rest(self) -> bytes:
        while self._fill():
            pass
        rest, self._start = self._text[self._start :], len(self._text)
        return _as_bytes(rest)

    def _fill(self) -> bool:
        """Read on, twice as much each time the same value is not complete; False at the end of the file."""
        if self._ended:
            return False
        self._text, self._start = self._text[self._start :], 0
        if len(self._text) > LARGEST_MEMBER:
            raise Unreadable(f"Something in it is larger than {LARGEST_MEMBER // 2**20} MiB: that is no order.")
        chunk = self._read(max(_CHUNK, len(self._text)))
        self._text += self._decoder.decode(chunk, final=not chunk)
        self._ended = not chunk
        return True

    def _read(self, size: int) -> bytes:
        """So many bytes, or all that are left. What breaks off is given first; that it does is raised the next time."""
        if self._broken:
            raise self._broken
        parts: list[bytes] = []
        try:
            while size > 0 and (part := self._stream.read1(size)):
                parts.append(part)
                size -= len(part)
        except (OSError, EOFError, zlib.error) as error:
            self._broken = error
            if not parts:
                raise
        return b"".join(parts)


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
