"""Splitting a file of JSON into its members, byte for byte, with no more of it in memory than one member."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from orders.actions.opening import Unreadable

LARGEST_MEMBER = 64 * 2**20
"""Bytes. Beyond this a file holds no orders, whatever its name says."""

_CHUNK = 2**20
_LIST_OF_ORDERS = re.compile(r'\{\s*"orders"\s*:\s*\[')
_EMPTY_LIST = re.compile(r"\s*\]")
_BLANK = re.compile(r"[\s,]*")

_find_end = json.JSONDecoder().raw_decode
"""Only to find where a value ends: what it says is read by a stricter parser."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One member's own bytes, and where it stands in the file."""

    body: bytes
    place: str


def split_lines(stream: BinaryIO) -> Iterator[Piece]:
    """JSON Lines: each line that is not empty.

    Raises:
        Unreadable: a line is longer than any order.
    """
    number = 0
    while line := stream.readline(LARGEST_MEMBER):
        number += 1
        if len(line) == LARGEST_MEMBER:
            raise Unreadable(_too_large(f"line {number}"))
        if body := line.removeprefix(codecs.BOM_UTF8).strip():
            yield Piece(body, f"line {number}")


def split_documents(stream: BinaryIO) -> Iterator[Piece]:
    """JSON documents one after the other; of a list, bare or as {"orders": […]}, each member.

    What is no JSON is given whole, from where it begins to its end: what stands before it is not lost with it.

    Raises:
        Unreadable: one member is larger than any order.
    """
    window = _Window(stream)
    place = 0
    while window.skip_blanks():
        opening = window.match(_LIST_OF_ORDERS) or window.match(_LIST)
        members = opening and not window.follows(opening, _EMPTY_LIST)
        if opening and members:
            window.take(opening)
            yield from _split_list(window)
        else:
            place += 1
            yield Piece(window.take_value() or window.take_rest(), f"document {place}")
