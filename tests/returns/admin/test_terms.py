"""Return terms as operators arrange them."""

import re
from typing import Any

import pytest

from returns.actions.terms.arranging import save_terms
from returns.models import ReturnTerms, TermsEdition
from tests.make.admin import text_of
from tests.make.moments import ADA, NOON
from tests.make.orders import placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.terms import category, saved_terms

pytestmark = pytest.mark.django_db

TERMS = "/admin/returns/returnterms/"
ADD = f"{TERMS}add/"
HISTORY = "/admin/returns/termsedition/"


def asked(name: str = "Everything", **fields: Any) -> dict[str, Any]:
    """The form as somebody fills it in."""
    usual = {
        "name": name, "active": "on", "days": "30", "fallback_days": "7", "credit_rate": "110", "label_fee": "0",
        "shipping_refund": "WHOLE_ORDER", "bears": "MERCHANT", "restocking_percent": "0",
        "resolutions": ["REFUND", "STORE_CREDIT"], "methods": ["PREPAID_LABEL"],
    }  # fmt: skip
    return usual | fields


def test_terms_are_written_in_a_form_and_kept_as_an_edition_of_their_author():
    answer = browser().post(ADD, asked(country="de", conditions=["UNWORN"], category=category("tops").pk))

    assert answer.status_code == 302, text_of(answer)
    row = ReturnTerms.objects.get()
    assert (row.country, row.days, row.conditions, row.resolutions) == (
        "DE",
        30,
        ["UNWORN"],
        ["REFUND", "STORE_CREDIT"],
    )
    assert TermsEdition.objects.get().by == "staff:ada"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"days": "7"}, "the law gives 14 days, these terms 7 (Directive 2011/83/EU, article 9)"),
        ({"resolutions": ["STORE_CREDIT"]}, "a refund must be among them (Directive 2011/83/EU, article 13(1)"),
        ({"days": "0"}, "must say why it is a final sale"),
        ({"country": "XX"}, "There is no country XX."),
    ],
)
def test_what_the_law_or_sense_forbids_is_said_beside_its_field_and_nothing_is_kept(fields, sentence):
    client = browser()
    with nothing_changes():
        words = text_of(client.post(ADD, asked(**fields)))

    assert sentence in words


def test_a_preview_says_how_many_lines_of_recent_orders_would_change_and_keeps_nothing():
    row = saved_terms("Everything", 30)
    placed_order()
    client = browser()
    with nothing_changes():
        words = text_of(client.post(f"{TERMS}{row.pk}/change/", asked(days="14") | {"_preview": "1"}))

    assert "1 of the 1 lines of the last 1 orders would get other terms. Nothing is saved yet." in words
    assert "30 days; refund or store credit or exchange or replacement 14 days; refund or store credit" in words


def test_what_was_previewed_can_be_kept_from_there():
    row = saved_terms("Everything", 30)
    client = browser()
    page = client.post(f"{TERMS}{row.pk}/change/", asked(days="45") | {"_preview": "1"}).content.decode()
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        sent.setdefault(name, []).append(value)

    client.post(f"{TERMS}{row.pk}/change/", sent | {"_save": "1"})

    row.refresh_from_db()
    assert (row.days, row.resolutions) == (45, ["REFUND", "STORE_CREDIT"])


def test_the_list_says_what_each_row_is_for_and_points_at_ties():
    saved_terms("Sale", 14, product_tag="sale")
    saved_terms("New", 60, product_tag="new")

    words = text_of(browser().get(TERMS))

    assert "Sale tagged sale 14 days; refund" in words
    assert "1 pair of rows fit the same goods and are equally specific" in words
    assert "No row fits everything" in words


def test_the_page_of_conflicts_says_who_wins():
    saved_terms("Sale", 14, product_tag="sale")
    saved_terms("New", 60, product_tag="new")

    words = text_of(browser().get(f"{TERMS}conflicts/"))

    assert "equally specific New tagged new 60 days" in words


def test_a_row_is_switched_off_by_one_click_and_on_by_another():
    row = saved_terms()
    client = browser()
    client.post(f"{TERMS}{row.pk}/switch/")

    row.refresh_from_db()
    assert not row.active
    assert TermsEdition.objects.first().document == {"terms": []}


def test_switching_off_what_keeps_the_law_is_refused_in_words():
    saved_terms("Fabric, Brazil", 7, category=category("fabric"), country="BR")
    saved_terms("Fabric", 0, final_sale="CUSTOM", category=category("fabric"))
    client = browser()
    with nothing_changes():
        answer = client.post(f"{TERMS}{ReturnTerms.objects.get(country='BR').pk}/switch/", follow=True)

    assert "knows no final sale of custom goods" in " ".join(said(answer))


def test_the_history_shows_what_changed_and_brings_old_terms_back():
    row = saved_terms("Everything", 30, at=NOON)
    row.days = 60
    save_terms(terms=row, by=ADA, at=NOON)
    newest, first = TermsEdition.objects.all()
    client = browser()

    assert "changed Everything days 30 60" in text_of(client.get(f"{HISTORY}{newest.pk}/change/"))
    client.post(f"{HISTORY}{first.pk}/restore/")

    row.refresh_from_db()
    assert row.days == 30
    assert TermsEdition.objects.first().digest == first.digest


def test_support_reads_terms_and_changes_nothing():
    row = saved_terms()
    client = browser("bob", role="support")

    assert client.get(TERMS).status_code == 200
    with nothing_changes():
        assert client.post(f"{TERMS}{row.pk}/switch/").status_code == 403
        assert client.post(ADD, asked()).status_code == 403
