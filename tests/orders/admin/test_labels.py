"""Labels, carriers and their rates in the admin."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.models import CarrierAccount, CarrierRate, CarrierService, Label
from tests.make.admin import table_rows, text_of
from tests.make.carriers import LATER, bought, easypost, house, look, wanted, work
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.staff import browser, said

__all__ = ["easypost"]

pytestmark = pytest.mark.django_db

LABELS, ACCOUNTS = "/admin/orders/label/", "/admin/orders/carrieraccount/"
SERVICES, RATES = "/admin/orders/carrierservice/", "/admin/orders/carrierrate/"


def test_what_no_carrier_takes_stands_in_front_with_the_reason():
    refused = wanted()
    house()
    bought()
    client = browser()
    page = client.get(LABELS)
    assert table_rows(page) == [refused]
    assert "No carrier takes this parcel." in text_of(page)
    assert len(table_rows(client.get(LABELS, {"view": "all"}))) == 2


def test_a_label_is_found_by_its_number_its_parcel_and_its_order():
    house()
    label, client = bought(), browser()
    for word in (label.tracking_number, label.fulfillment.number, label.fulfillment.order.number):
        assert table_rows(client.get(LABELS, {"view": "all", "q": word})) == [label]


def test_the_page_shows_the_choice_and_why_the_others_were_not_taken():
    house(CP="4.90", EE="12.90")
    text = text_of(browser().get(f"{LABELS}{bought().pk}/change/"))
    assert "Ee house:EE 12.90 EUR 1 dearer" in text
    assert "Cp house:CP 4.90 EUR 3 chosen" in text


def test_a_bought_label_is_printed():
    house()
    answer = browser().get(f"{LABELS}{bought().pk}/print/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser().get(f"{LABELS}{wanted().pk}/print/").status_code == 404


def test_voiding_says_why_and_buying_again_makes_another():
    house()
    label, client = bought(), browser()
    client.post(f"{LABELS}{label.pk}/void/", {"reason": "Wrong box"})
    work(at=LATER)
    assert (look(label).state, look(label).reason) == ("VOIDED", "Wrong box")

    refused = bought()
    response = client.post(f"{LABELS}{refused.pk}/again/", {"reason": ""})
    assert said(response)[-1] == "Another label is being bought."
    assert Label.objects.filter(fulfillment=refused.fulfillment).count() == 2


@pytest.mark.parametrize("deed", ["void", "again"])
def test_who_may_only_read_neither_buys_nor_voids(deed):
    house()
    label = bought()
    client = browser(role="read-only")
    assert "Void" not in text_of(client.get(f"{LABELS}{label.pk}/change/"))
    with nothing_changes():
        assert client.post(f"{LABELS}{label.pk}/{deed}/").status_code == 403


def test_credentials_go_in_and_never_come_out():
    client = browser()
    client.post(
        f"{ACCOUNTS}add/", {"code": "ep", "name": "EP", "kind": "EASYPOST", "new_key": "EZTKsecret", "active": "on"}
    )
    account = CarrierAccount.objects.get()
    assert account.key == "EZTKsecret"
    page = client.get(f"{ACCOUNTS}{account.pk}/change/").content.decode()
    assert "EZTKsecret" not in page
    client.post(f"{ACCOUNTS}{account.pk}/change/", {"name": "EasyPost", "new_key": "", "active": "on"})
    account.refresh_from_db()
    assert (account.name, account.key) == ("EasyPost", "EZTKsecret")


def test_an_account_without_a_key_or_with_a_password_in_its_address_is_not_kept():
    client = browser()
    answer = client.post(
        f"{ACCOUNTS}add/", {"code": "ep", "name": "EP", "kind": "EASYPOST", "url": "https://a:b@c.example"}
    )
    assert "lets in nobody without a key" in text_of(answer)
    assert "do not belong in the address" in text_of(answer)
    assert not CarrierAccount.objects.exists()


def test_a_connection_is_tried_and_what_is_wrong_is_said(easypost):
    account, client = CarrierAccount.objects.get(), browser()
    assert said(client.post(f"{ACCOUNTS}{account.pk}/try/")) == ["EasyPost, with a test key answers."]
    account.key = "EZTKwrong"
    account.save()
    sentence = said(client.post(f"{ACCOUNTS}{account.pk}/try/"))[-1]
    assert sentence.startswith("EasyPost: EasyPost does not let us in")


def test_a_service_of_the_house_needs_the_letters_of_its_numbers():
    account = CarrierAccount.objects.create(code="house", name="House", kind="HOUSE")
    form = {"account": account.pk, "code": "standard", "name": "Standard", "tracked": "on", "active": "on"}
    assert "begin with two letters" in text_of(browser().post(f"{SERVICES}add/", form))
    browser().post(f"{SERVICES}add/", form | {"indicator": "cp"})
    assert CarrierService.objects.get().indicator == "CP"


def test_a_rate_is_kept_with_its_history_and_tried_out():
    account = house(CP="4.90")
    service, client = account.services.get(), browser()
    form = {"service": service.pk, "country": "de", "from_grams": "0", "to_grams": "1000", "price": "3.50", "days": "2"}
    client.post(f"{RATES}add/", form)
    rate = CarrierRate.objects.get(country="DE")
    assert (rate.price, rate.to_grams) == (Decimal("3.50"), 1_000)
    assert facts_of("carrier_rate.saved")["after"]["service"] == "CP"
    bought()
    tried = text_of(client.get(f"{RATES}quote/", {"warehouse": "LEJ", "country": "DE", "grams": "500"}))
    assert "3.50" in tried
    heavy = text_of(client.get(f"{RATES}quote/", {"warehouse": "LEJ", "country": "DE", "grams": "5000"}))
    assert "4.90" in heavy


def test_rates_go_out_and_in_as_csv():
    house(CP="4.90")
    client = browser()
    rows = (
        "id,service,warehouse,country,from_grams,to_grams,price,price_per_kg,days\n,house:CP,,DE,0,2000,3.20,0.50,2\n"
    )
    file = SimpleUploadedFile("rates.csv", rows.encode(), content_type="text/csv")
    looked = client.post(f"{RATES}import/", {"import_file": file, "format": "0"})
    client.post(f"{RATES}process_import/", looked.context["confirm_form"].initial)
    assert CarrierRate.objects.get(country="DE").price_per_kg == Decimal("0.50")
    assert announced(kind="carrier_rate") == ["carrier_rate.saved"]
    out = client.post(
        f"{RATES}export/", {"format": "0", "carrierrateresource_id": "on", "carrierrateresource_service": "on"}
    )
    assert "house:CP" in out.content.decode()
