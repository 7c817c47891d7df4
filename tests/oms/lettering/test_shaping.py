"""Glyphs as a script wants them."""

import unicodedata

import pytest

from oms.lettering.directions import order_runs
from oms.lettering.fonts import BOLD, LATIN, load_font
from oms.lettering.shaping import clean_text, shape_line


def fonts(text: str, *, bold: bool = False) -> set[str]:
    return {glyph.font.name for glyph in shape_line(text, bold=bold).glyphs}


@pytest.mark.parametrize(
    "text",
    [
        "Łódź, Þórshöfn, Nguyễn Văn Đức",
        "Ευγενία",
        "Ірина Петрова, Ђорђе",
        "上海市浦东新区",
        "臺北市信義區",
        "東京都渋谷区ハイツ",
        "서울특별시",
        "محمد گچ",
        "דוד כהן",
        "สมชาย ใจดี",
        "राजेश शर्मा",
        "সুমন",
        "முருகன்",
        "నరేష్",
        "ગાંધી",
        "ਸਿੰਘ",
        "ಕುಮಾರ್",
        "മോഹൻ",
        "නිමල්",
        "გიორგი",
        "Արամ",
        "សុខា",
        "ສົມພອນ",
        "အောင်",
        "አበበ",
    ],
)
def test_each_script_has_its_glyphs(text):
    glyphs = shape_line(text).glyphs
    assert glyphs
    assert all(glyph.id for glyph in glyphs), "glyph 0 is the empty box"
    assert "\ufffd" not in shape_line(text).text


def test_arabic_letters_join():
    alone = shape_line("ب").glyphs[0].id
    assert alone not in {glyph.id for glyph in shape_line("ببب").glyphs}


def test_a_line_from_the_right_says_so():
    assert shape_line("דוד").leftward
    assert not shape_line("Ada דוד").leftward


def test_two_scripts_from_the_right_stand_in_the_order_of_paper():
    assert [glyph.text for glyph in shape_line("דוד مد").glyphs] == ["د", "م", " ", "ד", "ו", "ד"]


def test_a_line_is_bold_when_all_of_it_can_be():
    assert fonts("Ada 12", bold=True) == {"NotoSans-Bold"}
    assert fonts("王 12", bold=True) == {"NotoSans-Regular", "DroidSansFallback"}


def test_control_characters_and_marks_of_direction_leave_no_trace():
    assert clean_text("A\x00d\x07a\u202e \u2066Meier\u2069\ufeff\n") == "Ada Meier"


def test_what_no_font_has_is_shown_as_missing():
    assert clean_text("Ada 😀") == "Ada \ufffd"


def test_joiners_stay_because_they_change_what_is_seen():
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"


PLAIN = [character for character in map(chr, range(0x250)) if character.isprintable()]


@pytest.mark.parametrize("name", [LATIN, BOLD])
def test_what_is_taken_for_plain_latin_is_in_both_fonts_normal_and_from_left_to_right(name: str):
    assert [character for character in PLAIN if ord(character) not in load_font(name).covers] == []
    assert [character for character in PLAIN if unicodedata.normalize("NFC", character) != character] == []
    assert {level for _, _, level in order_runs("".join(PLAIN))} == {0}


@pytest.mark.parametrize("bold", [False, True])
def test_plain_latin_is_drawn_as_beside_another_script(bold: bool):
    """What stands before a Chinese character went the long way, letter by letter."""
    text = "Łukasz Müller, Torstraße 5 (AV fi)"
    alone, beside = shape_line(text, bold=False).glyphs, shape_line(f"{text}海").glyphs
    assert beside[: len(alone)] == alone
    assert {glyph.font.name for glyph in shape_line(text, bold=bold).glyphs} == {BOLD if bold else LATIN}
