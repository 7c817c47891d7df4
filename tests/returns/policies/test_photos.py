"""Pictures of strangers: what is taken, and that nothing but the picture is kept."""

import io

import pytest
from PIL import Image

from returns.policies import photos
from returns.policies.photos import Drawn, Unusable, redraw, shrink
from tests.make.photos import bomb, photo, photo_with_position

SCRIPT = b"<script>fetch('/orders/')</script>"


def picture(drawn: Drawn | Unusable) -> Image.Image:
    assert isinstance(drawn, Drawn), drawn
    return Image.open(io.BytesIO(drawn.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_become_a_jpeg(kind: str):
    drawn = redraw(photo(kind=kind))
    assert picture(drawn).format == "JPEG"
    assert (drawn.width, drawn.height) == (400, 300)
    assert len(drawn.digest) == 64


def test_a_large_picture_is_drawn_at_most_1600_pixels_wide():
    drawn = redraw(photo(4000, 3000))
    assert picture(drawn).size == (drawn.width, drawn.height) == (1600, 1200)


def test_a_picture_is_upright_and_tells_neither_where_nor_by_whom_it_was_taken():
    drawn = redraw(photo_with_position())
    assert picture(drawn).size == (300, 400)
    assert not picture(drawn).getexif()
    assert b"Ada" not in drawn.content
    assert b"<script" not in drawn.content


def test_what_stands_behind_a_picture_is_not_kept():
    assert redraw(photo() + b"PK\x03\x04" + SCRIPT).content == redraw(photo()).content


def test_what_is_transparent_is_white():
    written = io.BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(written, "PNG")
    assert picture(redraw(written.getvalue())).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "CMYK"])
def test_pictures_of_unusual_colors_are_taken(mode: str):
    written = io.BytesIO()
    Image.new(mode, (64, 64)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    assert picture(redraw(written.getvalue())).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not_a_picture"),
        (SCRIPT, "not_a_picture"),
        (b"#!/bin/sh\nrm -rf /", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind_unknown"),
        (b"<?xml version='1.0'?><svg/>", "kind_unknown"),
        (photo(kind="GIF") + SCRIPT, "kind_unknown"),
        (b"%PDF-1.7", "kind_unknown"),
        (b"\x00\x00\x00\x18ftypheic", "kind_unknown"),
        (b"\xff\xd8\xff/*" + SCRIPT, "broken"),
        (photo()[:500], "broken"),
        (bomb(), "too_many_pixels"),
        (bomb(12_000, 12_000), "too_many_pixels"),
        (bomb(5_000, 5_000), "too_many_pixels"),
        (photo(8, 8), "too_small"),
    ],
)
def test_what_is_no_picture_is_not_taken(content: bytes, why: str):
    assert redraw(content) == Unusable(why)


def test_a_file_of_more_than_fifteen_megabytes_is_not_looked_at():
    assert redraw(photo() + bytes(photos.MOST_BYTES)) == Unusable("too_big")


def test_a_preview_is_small():
    small = shrink(redraw(photo(1600, 1200)).content, side=320)
    assert Image.open(io.BytesIO(small)).size == (320, 240)
