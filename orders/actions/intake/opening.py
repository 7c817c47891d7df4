"""Opening files of orders: where they lie, how they are packed, what letters they are written in."""

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, cast

STDIN = "-"

CSV_NAMES = (".csv", ".tsv", ".txt")
LINE_NAMES = (".jsonl", ".ndjson")
JSON_NAMES = (".json", *LINE_NAMES)

_GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 256 * 1024

Stream = io.BufferedReader | gzip.GzipFile
"""Bytes, read with `read1` or by lines: so a file that breaks off gives all that comes before."""


class Unreadable(Exception):
    """A file that cannot be read, or no further; it says why in words for a person."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of orders. Standard input has no path and no known size."""

    name: str
    path: Path | None
    size: int = 0

    @property
    def bare_name(self) -> str:
        """In small letters, without what the packing added."""
        return self.name.lower().removesuffix(".gz")


@dataclass(slots=True)
class Found:
    """What lies at the paths that were named."""

    sources: list[Source] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    left_aside: list[str] = field(default_factory=list)


def find_sources(paths: Sequence[str], *, format: str) -> Found:
    """The files at these paths. A folder is searched to its depth, in the order of the names.

    Of a folder only files whose names fit the format are taken; the others are named in `left_aside`, hidden ones are
    not. `missing` says of a path why it cannot be read.
    """
    found = Found()
    for path in paths:
        if path == STDIN:
            found.sources.append(Source("standard input", None))
            continue
        try:
            _find_at(Path(path), format, found)
        except OSError as error:
            found.missing[path] = describe_problem(error)
    return found


def _find_at(path: Path, format: str, found: Found) -> None:
    if not path.is_dir():
        found.sources.append(Source(str(path), path, path.stat().st_size))
        return
    for inner in sorted(path.rglob("*")):
        if any(part.startswith(".") for part in inner.relative_to(path).parts) or not inner.is_file():
            continue
        if inner.name.lower().removesuffix(".gz").endswith(CSV_NAMES if format == "csv" else JSON_NAMES):
            found.sources.append(Source(str(inner), inner, inner.stat().st_size))
        else:
            found.left_aside.append(str(inner))


@dataclass(slots=True)
class Opened:
    """An open source: `stream` gives its content unpacked, `bytes_read` what was taken from the disk for it."""

    stream: Stream
    raw: Stream

    @property
    def bytes_read(self) -> int:
        try:
            return self.raw.tell()
        except OSError:  # a pipe does not say
            return 0


@contextmanager
def open_source(source: Source) -> Iterator[Opened]:
    """Open it, unpacking gzip (known by its first bytes, not by its name).

    Raises:
        Unreadable: it is not there, may not be read, or breaks off; also while it is being read.
    """
    try:
        if source.path is None:
            yield _unpack(cast(io.BufferedReader, sys.stdin.buffer))
        else:
            with source.path.open("rb", buffering=_CHUNK) as raw:
                yield _unpack(cast(io.BufferedReader, raw))
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(describe_problem(error)) from error


def _unpack(raw: io.BufferedReader) -> Opened:
    return Opened(gzip.GzipFile(fileobj=raw) if raw.peek(2).startswith(_GZIP) else raw, raw)


def open_text(stream: Stream, *, encoding: str = "") -> TextIO:
    """The stream as text. Without an encoding: UTF-16 if it begins with that byte order mark, else UTF-8.

    What is not UTF-8 is read as Windows-1252, byte by byte, and the five bytes that Windows-1252 leaves open as
    Latin-1. So one line in another encoding spoils no other, and nothing has to be read twice.
    """
    if stream.peek(2)[:2] in _UTF_16:
        encoding = encoding or "utf-16"
    binary = cast(io.BufferedReader, stream)
    if encoding:
        return io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
    return io.TextIOWrapper(binary, encoding="utf-8-sig", errors="windows-1252", newline="")


def _read_as_windows(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    letters = (error.object[place : place + 1] for place in range(error.start, error.end))
    return "".join(_windows_letter(letter) for letter in letters), error.end


def _windows_letter(byte: bytes) -> str:
    try:
        return byte.decode("windows-1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")


codecs.register_error("windows-1252", _read_as_windows)


def describe_problem(error: Exception) -> str:
    """Why a file cannot be read, in words for a person."""
    match error:
        case FileNotFoundError():
            return "There is no such file."
        case PermissionError():
            return "It may not be read: permission denied."
        case gzip.BadGzipFile() | zlib.error():
            return f"Its gzip packing is broken: {error}."
        case EOFError():
            return "It breaks off: the end of its gzip packing is missing."
        case OSError():
            return f"It cannot be read: {error.strerror or error}."
    return str(error)
