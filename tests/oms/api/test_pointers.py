"""JSON pointers (RFC 6901)."""

import pytest

from oms.pointers import pointer_into, pointer_to


@pytest.mark.parametrize(
    ("path", "pointer"),
    [((), ""), (("foo",), "/foo"), (("foo", 0), "/foo/0"), (("",), "/"), (("a/b",), "/a~1b"), (("m~n",), "/m~0n")],
)
def test_pointers_are_written_as_the_standard_does(path, pointer):
    assert pointer_to(path) == pointer


def test_a_unions_tag_names_no_place_and_is_left_out():
    document = {"operations": [{"op": "swap", "sku": 5}]}
    assert pointer_into(document, ("operations", 0, "swap", "sku"), missing=False) == "/operations/0/sku"
    assert pointer_into(document, ("operations", 0, "swap", "line"), missing=True) == "/operations/0/line"
    assert pointer_into(document, ("operations", 0, "function-after[f(), str]"), missing=False) == "/operations/0"
