import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Availability, ChannelBuffer, Product, Variant, Warehouse
from oms.models import EventRecord
from tests.make.admin import NOW, text_of
from tests.make.orders import channel
from tests.make.staff import browser
from tests.make.stock import stocked_variant, variant, warehouse

VARIANTS, PRODUCTS = "/admin/inventory/variant/", "/admin/inventory/product/"

HEADER = "sku,product,options,price,currency,active"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def tee():
    made = variant()
    Product.objects.update(handle="linen-tee")
    return made


def import_csv(text: str, page: str = VARIANTS):
    """Upload, look at the preview, and confirm it where it lets one."""
    client = browser()
    form = {"format": "0", "resource": "0", "import_file": SimpleUploadedFile("catalogue.csv", text.encode())}
    preview = client.post(f"{page}import/", form)
    hidden = dict(
        re.findall(
            r'name="(import_file_name|original_file_name|format|resource)" value="([^"]*)"', preview.content.decode()
        )
    )
    return client.post(f"{page}process_import/", hidden) if "import_file_name" in hidden else preview


def edit_variant(made: Variant, **fields):
    form = {"product": made.product_id, "options": "{}", "barcode": "", "price": "19.90", "currency": "EUR"}
    form |= {"hs_code": "", "origin": "", "active": "on"}
    return browser().post(f"{VARIANTS}{made.pk}/change/", form | fields)


def test_csv_brings_new_variants_that_can_be_sold(tee):
    import_csv(f'{HEADER}\nTEE-L-BLK,linen-tee,"{{""size"": ""L""}}",21.90,EUR,1\n')

    made = Variant.objects.get(sku="TEE-L-BLK")
    assert (made.product, made.options, str(made.price)) == (tee.product, {"size": "L"}, "21.9000")
    assert Availability.objects.filter(variant=made).exists()


def test_csv_changes_variants_that_are_there_and_never_their_stock():
    made = stocked_variant(on_hand=10)
    Product.objects.update(handle="linen-tee")

    import_csv("sku,product,price,currency,on_hand,sellable\nTEE-M-BLK,linen-tee,25.00,EUR,999,999\n")

    made.refresh_from_db()
    assert str(made.price) == "25.0000"
    assert Availability.objects.get().sellable == 10


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("TEE-L,no-such,{},1.00,EUR,1", "There is no product no-such."),
        ("TEE-L,,{},1.00,EUR,1", "The product is missing"),
        ("TEE-L,linen-tee,{},-1.00,EUR,1", "variant_price_not_negative"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_taken(tee, row, sentence):
    good = "TEE-XL,linen-tee,{},1.00,EUR,1"

    response = import_csv(f"{HEADER}\n{good}\n{row}\n")

    assert sentence in text_of(response)
    assert list(Variant.objects.values_list("sku", flat=True)) == ["TEE-M-BLK"]


def test_what_goes_out_as_csv_comes_in_unchanged(tee):
    client = browser()
    fields = {f"variantresource_{name}": "on" for name in ("sku", "product", "options", "price", "currency", "active")}

    exported = client.post(f"{VARIANTS}export/", {"format": "0", "resource": "0"} | fields).content.decode()
    before = Variant.objects.values().get()
    import_csv(exported)

    assert "TEE-M-BLK,linen-tee" in exported
    assert Variant.objects.values().get() == before


def test_a_formula_in_a_title_does_not_run_in_a_spreadsheet(tee):
    Product.objects.update(title="=HYPERLINK(1)")
    fields = {f"productresource_{name}": "on" for name in ("handle", "title")}

    exported = browser().post(f"{PRODUCTS}export/", {"format": "0", "resource": "0"} | fields).content.decode()

    assert "HYPERLINK" in exported
    assert ",=HYPERLINK" not in exported


def test_readers_may_export_but_not_import(tee):
    client = browser(role="read-only")

    assert client.get(f"{VARIANTS}export/").status_code == 200
    assert client.get(f"{VARIANTS}import/").status_code == 403


def test_a_product_added_by_hand_can_be_sold_and_is_announced():
    form = {
        "title": "Wool coat",
        "handle": "wool-coat",
        "active": "on",
        "handling": ["fragile"],
        "tags": "winter,wool",
        "variants-TOTAL_FORMS": "1",
        "variants-INITIAL_FORMS": "0",
        "variants-0-sku": "COAT-L",
        "variants-0-options": '{"size": "L"}',
        "variants-0-price": "249.00",
        "variants-0-currency": "EUR",
        "variants-0-active": "on",
    }

    response = browser().post(f"{PRODUCTS}add/", form)

    assert response.status_code == 302
    product = Product.objects.get()
    assert (product.handling, product.tags, product.updated_at) == (["fragile"], ["winter", "wool"], NOW)
    assert Availability.objects.get().variant.sku == "COAT-L"
    event = EventRecord.objects.get(type="product.created")
    assert event.facts == {"title": "Wool coat", "category": None, "skus": ["COAT-L"]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"currency": "XQX"}, "XQX is not an ISO 4217 currency code."),
        ({"origin": "QQ"}, "QQ is not an ISO 3166 country code."),
        ({"barcode": "4006381333932"}, "its check digit is wrong"),
        ({"price": "1.999"}, "1.999 has more decimals than EUR knows."),
        ({"hs_code": "61"}, "variant_hs_code_is_digits"),
    ],
)
def test_a_variant_that_makes_no_sense_is_pointed_out(tee, fields, sentence):
    response = edit_variant(tee, **fields)

    assert sentence in text_of(response)
    tee.refresh_from_db()
    assert (tee.barcode, tee.hs_code, tee.origin, tee.currency) == ("", "", "", "EUR")


def test_a_sku_is_for_good(tee):
    edit_variant(tee, sku="OTHER", price="17.00")

    tee.refresh_from_db()
    assert (tee.sku, str(tee.price)) == ("TEE-M-BLK", "17.0000")


def test_what_was_sold_once_is_never_deleted(tee):
    client = browser(superuser=True)

    assert client.post(f"{VARIANTS}{tee.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{PRODUCTS}{tee.product_id}/delete/", {"post": "yes"}).status_code == 403


def test_a_warehouse_cannot_be_closed_by_a_tick():
    lej = warehouse()
    form = {"name": "Leipzig", "country": "DE", "city": "", "time_zone": "UTC", "priority": "1"}
    form |= {"working_days": ["1"]}

    browser().post(f"/admin/inventory/warehouse/{lej.pk}/change/", form)

    lej.refresh_from_db()
    assert (lej.name, lej.priority, lej.active) == ("Leipzig", 1, True)


def test_a_new_warehouse_is_open():
    form = {"code": "JFK", "name": "New York", "country": "US", "time_zone": "America/New_York", "working_days": ["1"]}

    browser().post("/admin/inventory/warehouse/add/", form | {"priority": "5"})

    assert Warehouse.objects.get().active


def test_a_buffer_is_kept_back_from_a_channel(tee):
    web = channel("web")

    browser().post("/admin/inventory/channelbuffer/add/", {"channel": web.pk, "variant": tee.pk, "units": "3"})

    assert ChannelBuffer.objects.get().units == 3


def test_readers_can_open_every_entry_and_change_none(tee):
    client, web, lej = browser(role="read-only"), channel("web"), warehouse()
    pages = [
        f"{VARIANTS}{tee.pk}/change/",
        f"{PRODUCTS}{tee.product_id}/change/",
        f"/admin/inventory/warehouse/{lej.pk}/change/",
        f"/admin/oms/channel/{web.pk}/change/",
    ]

    assert [client.get(page).status_code for page in pages] == [200] * 4
    assert [client.post(page, {}).status_code for page in pages] == [403] * 4
