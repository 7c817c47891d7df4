"""The shop's colour is readable, whatever it is."""

import pytest

from oms.portal.brand import NIGHT, PAPER, READABLE, contrast, shade_accent


@pytest.mark.parametrize("colour", ["#0f6b62", "#ffff00", "#000000", "#ffffff", "#e08a3c", "#ff0066", "#3d3f7a"])
def test_every_accent_can_be_read_in_the_light_and_in_the_dark(colour):
    accent = shade_accent(colour)
    assert contrast(accent.light, PAPER) >= READABLE
    assert contrast(accent.dark, NIGHT) >= READABLE
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
