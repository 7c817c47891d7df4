"""The tables of shipping and tax rates: by hand, by CSV, and tried out."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Category
from orders.models import ShippingRate, TaxRate
from tests.make.admin import table_rows, text_of
from tests.make.edits import open_shop, order_of_tees, rate, tax
from tests.make.orders import channel
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser

SHIPPING, TAX = "/admin/orders/shippingrate/", "/admin/orders/taxrate/"

pytestmark = pytest.mark.django_db


def shipping_form(**fields: Any) -> dict[str, Any]:
    form = {"method": "standard", "title": "Standard", "country": "de", "currency": "eur", "price": "4.90"}
    return form | {"weight_from": "0", "tax_rate": "19", "active": "on"} | fields


def upload(page: str, text: str, client: Any) -> Any:
    file = SimpleUploadedFile("rates.csv", text.encode(), content_type="text/csv")
    return client.post(f"{page}import/", {"import_file": file, "format": "0"})


def import_rows(page: str, text: str) -> Any:
    """Uploaded, looked at and confirmed."""
    client = browser()
    looked = upload(page, text, client)
    form = looked.context["confirm_form"]
    return client.post(f"{page}process_import/", form.initial)


def test_a_rate_is_typed_as_people_write_it():
    browser().post(f"{SHIPPING}add/", shipping_form())

    row = ShippingRate.objects.get()
    assert (row.country, row.currency, row.price, row.tax_rate) == ("DE", "EUR", Decimal("4.90"), Decimal("0.19"))


def test_per_cent_is_shown_as_it_was_typed():
    tax("7.75", country="US")

    client = browser()

    assert "7.75 %" in text_of(client.get(TAX))
    assert 'value="7.75"' in client.get(f"{TAX}{TaxRate.objects.get().pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"country": "XX"}, "XX is not an ISO 3166 country code."),
        ({"currency": "EUX"}, "EUX is not an ISO 4217 currency code."),
        ({"currency": "JPY"}, "4.9 has more decimals than JPY knows."),
        ({"tax_rate": "190"}, "less than or equal to 99.9999"),
        ({"weight_from": "500", "weight_below": "100"}, "weights_fit"),
    ],
)
def test_a_rate_that_cannot_be_is_pointed_out_and_not_kept(fields, wrong):
    client = browser()
    client.get(SHIPPING)

    with nothing_changes():
        response = client.post(f"{SHIPPING}add/", shipping_form(**fields))

    assert wrong in text_of(response)


def test_what_goes_out_as_csv_comes_in_again_unchanged():
    rate(country="DE", title="Standard", free_from="80.00", channel=channel("web"))
    tax("19", source="UStG § 12")
    client = browser()

    for page, rows in ((SHIPPING, ShippingRate.objects.values()), (TAX, TaxRate.objects.values())):
        before = list(rows.all())
        text = client.post(f"{page}export/", {"format": "0"}).content.decode()
        import_rows(page, text)
        assert list(rows.all()) == before


def test_rows_without_an_id_change_the_rate_of_the_same_names_or_are_new():
    rate("4.90", country="DE")
    channel("web")

    import_rows(
        SHIPPING,
        "id,channel,country,method,currency,price,weight_from,active\n"
        ",,DE,standard,EUR,5.90,0,1\n"
        ",web,FR,standard,EUR,9.90,0,1\n",
    )

    rows = ShippingRate.objects.order_by("price").values_list("country", "channel__code", "price")
    assert list(rows) == [("DE", None, Decimal("5.90")), ("FR", "web", Decimal("9.90"))]


def test_a_file_with_an_unknown_channel_says_so_and_keeps_nothing():
    client = browser()
    client.get(SHIPPING)

    with nothing_changes():
        response = upload(
            SHIPPING, "channel,country,method,currency,price,weight_from,active\nnowhere,DE,x,EUR,1,0,1\n", client
        )

    assert "There is no channel nowhere." in text_of(response)


def test_trying_a_parcel_shows_each_method_and_the_row_that_wins():
    shop = channel("web")
    everywhere = rate("14.90")
    home = rate("4.90", country="DE", free_from="80.00")
    express = rate("12.90", method="express", country="DE")
    rate("99.00", method="heavy", weight_from=30_000)

    def offers(value: str) -> list[tuple[Any, ...]]:
        asked = {"channel": shop.code, "country": "DE", "weight": "500", "value": value, "currency": ""}
        shown = browser("bob").get(f"{SHIPPING}quote/", asked).context["offers"]
        return [(offer.row, offer.price, offer.beaten) for offer in shown]

    assert offers("50") == [(home, Decimal("4.90"), [everywhere]), (express, Decimal("12.90"), [])]
    assert offers("80")[0] == (home, Decimal(0), [everywhere])


def test_a_parcel_that_nobody_carries_is_told():
    shop = channel("web")

    response = browser().get(
        f"{SHIPPING}quote/", {"channel": shop.code, "country": "DE", "weight": "1", "value": "1", "currency": ""}
    )

    assert "No method of the table can carry this parcel." in text_of(response)


def test_trying_a_tax_shows_the_row_that_decides():
    books = Category.objects.create(code="books", name="Books")
    tax("19")
    reduced = tax("7", category=books)

    def found(**asked: str) -> TaxRate | None:
        sent = {"country": "DE", "province": "", "category": "", "on": "2026-11-21"}
        return browser("bob").get(f"{TAX}quote/", sent | asked).context["row"]

    assert found(category="books") == reduced
    assert found().rate == Decimal("0.19")
    assert found(on="2019-01-01") is None


def test_methods_and_countries_of_orders_that_the_tables_do_not_know_are_told():
    open_shop()
    order_of_tees()
    client = browser()

    assert client.get(SHIPPING).context["gaps"] == ["web: “standard” in EUR, 1 held order"]
    assert client.get(TAX).context["gaps"] == ["DE, 1 held order"]


def test_a_rate_that_fits_closes_the_gap():
    open_shop()
    order_of_tees()
    rate()
    tax("19")
    client = browser()

    assert client.get(SHIPPING).context["gaps"] == client.get(TAX).context["gaps"] == []


def test_rates_are_searched_by_method_country_and_currency():
    german, other = rate(country="DE"), rate(method="express", country="FR")
    client = browser()

    assert table_rows(client.get(SHIPPING, {"q": "expr", "view": "all"})) == [other]
    assert table_rows(client.get(SHIPPING, {"q": "de", "view": "all"})) == [german]


@pytest.mark.parametrize(("role", "may"), [("operations", True), ("finance", True), ("support", False)])
def test_rates_are_kept_by_operations_and_finance(role, may):
    client = browser(role=role)

    assert client.get(SHIPPING).status_code == 200
    assert client.get(f"{TAX}quote/").status_code == 200
    assert client.get(f"{SHIPPING}add/").status_code == (200 if may else 403)
    assert client.get(f"{TAX}import/").status_code == (200 if may else 403)
