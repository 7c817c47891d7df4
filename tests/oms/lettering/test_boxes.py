"""Text that must fit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from oms.lettering.boxes import Type, fit_block

SCRIPTS = "abcdefgh ABC 123 ,-äöüßàé 王小明上海 محمد דוד สมชาย राजेश 서울 😀\u202e\x00\t"
lines = st.lists(st.text(alphabet=SCRIPTS, max_size=200), max_size=10)


def test_what_fits_has_the_largest_size():
    block = fit_block(["Ada Meier"], width=200, height=50, type=Type(14, 6))
    assert (block.size, len(block.lines), block.cut) == (14, 1, False)


def test_what_is_too_wide_breaks_between_words_and_loses_none():
    block = fit_block(["one two three four five six"], width=60, height=60, type=Type(12, 12))
    assert " ".join(line.text for line in block.lines) == "one two three four five six"
    assert len(block.lines) > 1


def test_chinese_breaks_between_any_two_characters():
    block = fit_block(["上海市浦东新区世纪大道"], width=50, height=100, type=Type(10, 10))
    assert "".join(line.text for line in block.lines) == "上海市浦东新区世纪大道"
    assert len(block.lines) == 3


def test_what_is_too_much_is_smaller_and_then_cut_with_an_ellipsis():
    block = fit_block(["word " * 200], width=80, height=40, type=Type(12, 6))
    assert (block.size, block.cut) == (6, True)
    assert block.lines[-1].text.endswith("…")


def test_a_word_longer_than_a_line_is_broken():
    block = fit_block(["N" * 200], width=100, height=200, type=Type(10, 10))
    assert "".join(line.text for line in block.lines) == "N" * 200


@settings(deadline=None)  # the first line reads the fonts
@given(lines)
def test_nothing_ever_leaves_its_box(paragraphs):
    block = fit_block(paragraphs, width=120, height=60, type=Type(16, 5))
    assert block.height <= 60 + 0.001
    assert all(line.width * block.size <= 120 + 0.01 for line in block.lines)
