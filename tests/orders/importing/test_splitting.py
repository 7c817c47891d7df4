"""Members of a JSON file, byte for byte, however the file is cut into reads."""

import gzip
import io
import json
import os
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.actions.intake import splitting
from orders.actions.intake.opening import Unreadable
from orders.actions.intake.splitting import LARGEST_MEMBER, split_documents, split_lines


class Trickle(io.BytesIO):
    """Gives a few bytes at a time, as a slow pipe does."""

    def read1(self, size: int = -1, /) -> bytes:
        return super().read1(min(7, size) if size > 0 else size)


def bodies(content: bytes, *, split: Any = split_documents) -> list[bytes]:
    return [piece.body for piece in split(Trickle(content))]


def places(content: bytes, *, split: Any = split_documents) -> list[str]:
    return [piece.place for piece in split(Trickle(content))]


@pytest.mark.parametrize(
    ("content", "members"),
    [
        (b'{"id": 1}', [b'{"id": 1}']),
        (b'[{"id": 1}, {"id": 2}]', [b'{"id": 1}', b'{"id": 2}']),
        (b' \n{ "orders" : [ {"id":1.50} ,\n{"id":2}\n] }\n', [b'{"id":1.50}', b'{"id":2}']),
        (b'{"orders": [{"id": 1}], "next": {"page": 2}}', [b'{"id": 1}']),
        (b'{"_source": "x", "body": [{"id": 1}]}', [b'{"_source": "x", "body": [{"id": 1}]}']),
        (b'{"id": 1}\n{"id": 2}', [b'{"id": 1}', b'{"id": 2}']),
        (b'\xef\xbb\xbf[{"id": 1}]', [b'{"id": 1}']),
        (b"[]", [b"[]"]),
        (b'{"orders": []}', [b'{"orders": []}']),
        (b" \n ", []),
        (b"", []),
    ],
)
def test_a_document_gives_its_members_as_they_are_written(content, members):
    assert bodies(content) == members


@pytest.mark.parametrize(
    ("content", "members"),
    [
        (b'[{"id": 1}, {"id": ', [b'{"id": 1}', b'{"id": ']),
        (b'[{"id": 1} {"id": 2}]', [b'{"id": 1}', b'{"id": 2}]']),
        (b'[{"id": 1},, {"id": 2}]', [b'{"id": 1}', b', {"id": 2}]']),
        (b'{"id": 1} what?', [b'{"id": 1}', b"what?"]),
        (b'[{"id": "\xff"}, 2]', [b'{"id": "\xff"}', b"2"]),
        (b"<html>", [b"<html>"]),
        (b"[" * 100_000, [b"[" * 99_999]),
    ],
)
def test_what_is_no_json_is_given_as_it_stands_after_what_was(content, members):
    assert bodies(content) == members


@pytest.mark.parametrize("content", [b"[", b'[{"id": 1}', b'[{"id": 1},', b'{"orders": [{"id": 1}'])
def test_a_list_without_its_end_is_told(content):
    with pytest.raises(Unreadable, match="the end of the list is missing"):
        bodies(content)


def test_what_comes_before_a_break_in_the_packing_is_given_first():
    packed = gzip.compress(b'[{"id": 1}, {"id": 2}, {"id": "' + os.urandom(50_000).hex().encode() + b'"}]')[:-9_000]
    read = []
    with gzip.open(io.BytesIO(packed)) as stream, pytest.raises(EOFError):
        read.extend(piece.body for piece in split_documents(stream))
    assert read == [b'{"id": 1}', b'{"id": 2}']


def test_members_say_where_they_stand():
    assert places(b"[1, 2] 3") == ["member 1", "member 2", "document 2"]
    assert places(b'[1, "unclosed') == ["member 1", "from member 2 on"]
    assert places(b"1\n\n2\n", split=split_lines) == ["line 1", "line 3"]


def test_a_broken_line_stands_alone():
    assert bodies(b'{"id": 1}\n{"id": \n\n{"id": 3}', split=split_lines) == [b'{"id": 1}', b'{"id":', b'{"id": 3}']


def test_a_line_without_end_is_left_out_and_told_after_all_others_were_read():
    content = b"1\n" + b"x" * (LARGEST_MEMBER * 2 + 5) + b"\n3\n"
    read = []
    with pytest.raises(Unreadable, match="line 2"):
        read.extend(piece.body for piece in split_lines(io.BytesIO(content)))
    assert read == [b"1", b"3"]


def test_a_member_without_end_is_told(monkeypatch):
    monkeypatch.setattr(splitting, "LARGEST_MEMBER", 1_000)
    with pytest.raises(Unreadable, match="larger than"):
        bodies(b'["' + b"x" * 5_000)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(values, min_size=1, max_size=6), st.sampled_from([None, 0, 3]), st.booleans(), st.booleans())
def test_every_list_comes_apart_into_its_members(members, indent, plain, wrapped):
    document = json.dumps({"orders": members} if wrapped else members, indent=indent, ensure_ascii=plain)
    content = document.encode("utf-8", "surrogatepass")
    assert [json.loads(body) for body in bodies(content)] == members


@given(st.lists(values, max_size=6))
def test_every_file_of_lines_comes_apart_into_its_lines(members):
    content = b"\n".join(json.dumps(member).encode() for member in members)
    assert [orjson.loads(body) for body in bodies(content, split=split_lines)] == [
        orjson.loads(json.dumps(m)) for m in members
    ]
