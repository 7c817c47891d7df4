"""The shop's colour is readable, whatever it is."""

import pytest

from oms.portal.brand import NIGHT, NIGHT_WASH, PAPER, READABLE, WASH, contrast, shade_accent


@pytest.mark.parametrize("colour", ["#0f6b62", "#ffff00", "#000000", "#ffffff", "#e08a3c", "#ff0066", "#3d3f7a"])
def test_every_accent_can_be_read_in_the_light_and_in_the_dark(colour):
    accent = shade_accent(colour)
    assert min(contrast(accent.light, behind) for behind in (PAPER, WASH)) >= READABLE
    assert min(contrast(accent.dark, behind) for behind in (NIGHT, NIGHT_WASH)) >= READABLE
    assert contrast(accent.on_light, accent.light) >= READABLE
    assert contrast(accent.on_dark, accent.dark) >= READABLE


def test_an_accent_that_can_be_read_stays_as_it_is():
    assert shade_accent("#0f6b62").light == "#0f6b62"


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#000000;}", ""])
def test_what_is_no_colour_reaches_no_style_sheet(colour):
    with pytest.raises(ValueError, match="is not a colour"):
        shade_accent(colour)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
