"""Who changed which rate, when, and what stood there before."""

from typing import Any

import pytest

from oms.models import EventRecord
from orders.admin.rate_history import Change
from orders.models import ShippingRate, TaxRate
from tests.make.admin import NOW, text_of
from tests.make.edits import rate, tax
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser
from tests.orders.admin.test_rates import SHIPPING, TAX, import_rows, shipping_form, upload

pytestmark = pytest.mark.django_db


def history(page: str) -> list[Change]:
    return browser("bob").get(page).context["history"]


def change(row: ShippingRate, **fields: Any) -> Any:
    return browser().post(f"{SHIPPING}{row.pk}/change/", shipping_form(**fields))


def test_a_new_rate_stands_in_the_history_with_who_and_when():
    browser().post(f"{SHIPPING}add/", shipping_form())

    (line,) = history(SHIPPING)
    assert (line.at, line.by, line.rate, line.what, line.before) == (NOW, "staff:ada", "standard to DE", "Added", "")
    assert line.after.endswith("currency EUR, price 4.9, tax 19 %, in use yes")


def test_a_changed_rate_says_only_what_differs_and_what_stood_there_before():
    row = rate(country="DE", title="Standard", tax_rate="0.19")

    change(row, price="5.90", free_from="80")

    (line,) = history(SHIPPING)
    assert (line.what, line.before, line.after) == ("Changed", "price 4.9, free from –", "price 5.9, free from 80")
    assert "Changes of this rate" in text_of(browser("eve").get(f"{SHIPPING}{row.pk}/change/"))


def test_a_rate_that_is_saved_unchanged_is_not_announced():
    row = rate(country="DE", title="Standard", tax_rate="0.19")
    browser()

    change(row)

    assert not EventRecord.objects.exists()


def test_a_rate_that_is_taken_away_leaves_what_it_was_in_the_history():
    row = tax("19", source="UStG § 12")

    browser().post(f"{TAX}{row.pk}/delete/", {"post": "yes"})

    (line,) = history(TAX)
    assert not TaxRate.objects.exists()
    assert (line.rate, line.what, line.after) == ("DE", "Removed", "")
    assert line.before == "country DE, rate 19 %, from 2020-01-01, source UStG § 12"


def test_the_rows_of_a_file_stand_in_the_history_once_they_are_confirmed():
    rate("4.90", country="DE")
    head = "id,channel,country,method,currency,price,weight_from,active\n"
    rows = head + ",,DE,standard,EUR,5.90,0,1\n,,FR,standard,EUR,9.90,0,1\n"
    client = browser("eve")
    with nothing_changes():
        upload(SHIPPING, rows, client)

    import_rows(SHIPPING, rows)

    assert [(line.by, line.rate, line.what) for line in history(SHIPPING)] == [
        ("staff:ada", "standard to FR", "Added"),
        ("staff:ada", "standard to DE", "Changed"),
    ]


def test_the_two_tables_keep_their_histories_apart():
    browser().post(f"{SHIPPING}add/", shipping_form())

    assert (len(history(SHIPPING)), history(TAX)) == (1, [])
