"""Finding and opening files, whatever they are packed in and however they are spelled."""

import gzip
import io
import os
from pathlib import Path

import pytest

from orders.actions.intake.opening import Source, Unreadable, find_sources, open_source, open_text


def read(path: Path) -> bytes:
    with open_source(Source(str(path), path, path.stat().st_size)) as opened:
        return opened.stream.read()


def write(path: Path, content: bytes = b"{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def text_of(content: bytes, encoding: str = "") -> str:
    return open_text(io.BufferedReader(io.BytesIO(content)), encoding=encoding).read()


def test_a_folder_is_searched_to_its_depth_in_the_order_of_names(tmp_path):
    for name in ("b.json", "a/z.jsonl", "a/b.ndjson.gz", "c.JSON"):
        write(tmp_path / name)
    found = find_sources([str(tmp_path)], format="shopify")
    assert [Path(source.name).relative_to(tmp_path).as_posix() for source in found.sources] == [
        "a/b.ndjson.gz",
        "a/z.jsonl",
        "b.json",
        "c.JSON",
    ]


def test_of_a_folder_only_what_fits_the_format_is_taken_and_the_rest_is_named(tmp_path):
    for name in ("orders.csv", "orders.tsv.gz", "columns.toml", "orders.json", ".hidden.csv", ".git/x.csv"):
        write(tmp_path / name)
    found = find_sources([str(tmp_path)], format="csv")
    assert [Path(source.name).name for source in found.sources] == ["orders.csv", "orders.tsv.gz"]
    assert [Path(name).name for name in found.left_aside] == ["columns.toml", "orders.json"]


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path):
    path = write(tmp_path / "export")
    assert [source.path for source in find_sources([str(path)], format="csv").sources] == [path]


def test_a_path_that_is_not_there_is_told_and_stops_no_other(tmp_path):
    path = write(tmp_path / "orders.json")
    found = find_sources([str(tmp_path / "nowhere"), str(path)], format="jsonl")
    assert found.missing == {str(tmp_path / "nowhere"): "There is no such file."}
    assert [source.path for source in found.sources] == [path]


def test_gzip_is_known_by_its_first_bytes_not_by_its_name(tmp_path):
    assert read(write(tmp_path / "a.json", gzip.compress(b"packed"))) == b"packed"
    assert read(write(tmp_path / "b.json.gz", b"not packed")) == b"not packed"
    assert read(write(tmp_path / "c.json", gzip.compress(b"two ") + gzip.compress(b"parts"))) == b"two parts"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(os.urandom(9_999))[:-500], "breaks off"),
        (gzip.compress(b"x" * 999)[:-8] + b"\0" * 8, "broken"),
        (gzip.compress(b"whole") + b"and then rubbish", "broken"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0" + b"\xff" * 50, "broken"),
    ],
    ids=["cut off", "wrong sum", "rubbish behind", "rubbish inside"],
)
def test_a_broken_gzip_file_says_so(tmp_path, content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(write(tmp_path / "orders.json.gz", content))


def test_an_empty_file_is_empty(tmp_path):
    assert read(write(tmp_path / "orders.json", b"")) == b""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "latin-1"])
def test_letters_are_read_in_the_encoding_they_were_written_in(encoding):
    assert text_of("Köln, Zürich, £5 à Évora".encode(encoding)) == "Köln, Zürich, £5 à Évora"


def test_one_line_in_another_encoding_spoils_no_other():
    mixed = "Köln €\n".encode() + "Köln €\n".encode("windows-1252")
    assert text_of(mixed) == "Köln €\nKöln €\n"


def test_bytes_that_windows_leaves_open_are_kept():
    assert text_of(b"a\x81b\x9d") == "a\x81b\x9d"


def test_an_encoding_that_is_named_is_used():
    assert text_of("Łódź".encode("iso-8859-2"), "iso-8859-2") == "Łódź"
