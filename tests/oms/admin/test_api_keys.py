import re

import pytest

from oms.models import ApiKey, EventRecord
from oms.models.api_key import digest_of
from tests.make.admin import text_of
from tests.make.orders import channel
from tests.make.staff import browser, said

ISSUE = "/admin/oms/apikey/issue/"

pytestmark = pytest.mark.django_db


def issue(client, **fields):
    return client.post(ISSUE, {"name": "3PL Leipzig", "scopes": ["orders:read", "stock:read"]} | fields)


def test_a_key_is_shown_once_and_only_its_fingerprint_is_kept():
    channel("web")
    client = browser(superuser=True)

    response = issue(client, channels=["web"], warehouses="lej jfk")

    [secret] = re.findall(r"oms_[\w-]{40,}", response.content.decode())
    key = ApiKey.objects.get()
    assert key.digest == digest_of(secret)
    assert (key.scopes, key.channels, key.warehouses) == (["orders:read", "stock:read"], ["web"], ["JFK", "LEJ"])
    assert "no-store" in response["Cache-Control"]
    assert secret not in client.get("/admin/oms/apikey/").content.decode()
    assert EventRecord.objects.get().by == "staff:ada"


def test_a_key_without_scopes_is_not_issued():
    response = issue(browser(superuser=True), scopes=[])

    assert response.status_code == 422
    assert "This field is required." in text_of(response)
    assert not ApiKey.objects.exists()


def test_revoking_asks_first_and_is_for_good():
    client = browser(superuser=True)
    issue(client)
    key = ApiKey.objects.get()
    page = f"/admin/oms/apikey/{key.pk}/revoke/"

    asked = client.get(page)
    assert "opens nothing any more" in text_of(asked)
    assert ApiKey.objects.usable().count() == 1
    response = client.post(page)

    assert said(response) == ["The key of 3PL Leipzig is revoked."]
    assert not ApiKey.objects.usable().exists()


def test_revoking_a_key_that_is_not_there_says_so():
    response = browser(superuser=True).post("/admin/oms/apikey/99/revoke/")

    assert said(response) == ["There is no API key 99."]


def test_operations_do_not_reach_keys():
    client = browser(role="operations")

    assert client.get("/admin/oms/apikey/").status_code == 403
    assert issue(client).status_code == 403
    assert not ApiKey.objects.exists()
