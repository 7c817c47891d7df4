"""A letter in words: what stands in it, escaped, in its language, with all that mail programs ask for."""

import re

import pytest

from oms.mailing import Goods, Letter, compose_letter, find_logo, speaking_to

LETTER = Letter(
    subject="Your order\r\nBcc: all@example.com",
    headline="Thank you",
    paragraphs=["We have it."],
    goods=[Goods("2", "<script>alert(1)</script>", "{{ 7|add:7 }}", "€39.80")],
    figures=[("Shipping", "€4.90"), ("Total", "€44.70")],
    sum_up=True,
    deed=("See it", 'https://shop.example/"><b>'),
    closing=["Bye"],
)


def composed(locale="en"):
    with speaking_to(locale):
        return compose_letter(LETTER)


def test_what_people_typed_is_text_and_never_markup_or_template():
    html = composed().html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7|add:7 }}" in html
    assert "<script" not in html
    assert '"><b>' not in html


def test_a_subject_is_one_line_so_that_nobody_adds_headers():
    assert composed().subject == "Your order Bcc: all@example.com"


def test_the_text_part_says_all_of_it():
    assert composed().text.split("\n\n")[:4] == [
        "Thank you",
        "We have it.",
        "2 × <script>alert(1)</script> ({{ 7|add:7 }}): €39.80",
        "Shipping: €4.90\nTotal: €44.70",
    ]


@pytest.mark.parametrize(("locale", "language"), [("en", "en"), ("zh_CN", "zh-hans"), ("xx", "en")])
def test_a_letter_says_its_language(locale, language):
    assert composed(locale).language == language
    assert f'<html lang="{language}" dir="ltr"' in composed(locale).html


def test_an_inbox_shows_the_first_paragraph_beside_the_subject():
    assert '<div style="display:none' in composed().html
    assert composed().html.index("We have it.") < composed().html.index("Thank you")


def test_the_page_is_600_wide_with_a_button_that_a_thumb_hits_and_colours_for_the_dark():
    html = composed().html
    assert "max-width:600px" in html
    assert "padding:16px 30px" in html
    assert "prefers-color-scheme: dark" in html


def test_our_own_logo_goes_as_a_picture_that_mail_programs_show(settings):
    assert find_logo() == "http://localhost:8000/static/oms/logo.png"
    settings.SHOP_LOGO = "brand/logo.svg"
    assert find_logo() == ""
    settings.SHOP_MAIL_LOGO = "brand/logo.png"
    assert find_logo().endswith("/static/brand/logo.png")


def test_nothing_is_fetched_from_strangers_but_the_shop_s_own_logo():
    addresses = re.findall(r"(?:src=\"|href=\"|url\()(https?://[^\")]*)", composed().html)
    assert {address.split("/")[2] for address in addresses} <= {"localhost:8000", "shop.example"}
