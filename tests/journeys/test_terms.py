"""A buyer reads what comes back, before buying: in a real browser, on a phone, without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.make.terms import category, saved_terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def terms() -> None:
    saved_terms("All", 30)
    saved_terms("Clothing", 60, category=category("clothing"), conditions=["UNWORN", "TAGS_ATTACHED"])
    saved_terms("Made to measure", 0, final_sale="CUSTOM", category=category("suits"), country="DE")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_terms_fits_a_phone_and_axe_objects_to_nothing(open_page, terms, locale, scheme):
    page = open_page("/returns/terms/DE", width=320, locale=locale, color_scheme=scheme)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(page).response["violations"] == []


def test_a_country_is_chosen_by_keyboard_alone(open_page, terms):
    page = open_page("/returns/terms/")
    page.get_by_label("Where your parcel goes").focus()
    page.keyboard.type("Germany")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("What comes back from Germany")
    expect(page.get_by_role("heading", name="Suits")).to_be_visible()
