"""A drop-off point scans a customer's code and prints the label; nobody else gets anything."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from returns.actions.canceling import cancel_return
from returns.documents.codes import say_code
from tests.make.pdfs import scan_barcodes
from tests.make.stock import warehouse
from tests.make.ways_back import LABELLED_AT, label_of, node, parcel_of, seen, way_back

pytestmark = pytest.mark.django_db


def scan(found):
    return Client().get(urlsplit(say_code(parcel_of(found))).path)


def test_the_code_leads_to_the_label():
    found = way_back(method="QR_DROP_OFF")
    answer = scan(found)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert scan_barcodes(answer.content) == [[label_of(found).tracking_number]]


def test_at_a_counter_it_leads_to_what_is_brought():
    node(warehouse("SHOP"), kind="STORE")
    assert scan(way_back(method="IN_STORE"))["Content-Type"] == "application/pdf"


def test_once_it_has_moved_or_is_canceled_the_code_is_worth_nothing():
    gone, given_up = way_back(method="QR_DROP_OFF"), way_back(method="QR_DROP_OFF")
    seen(gone)
    cancel_return(number=given_up.number, by="customer", at=LABELLED_AT)
    assert [scan(gone).status_code, scan(given_up).status_code] == [404, 404]


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..%2fetc", "A" * 500])
def test_a_code_that_nobody_was_given_leads_nowhere(token):
    way_back(method="QR_DROP_OFF")
    assert Client().get(f"/returns/drop-off/{token}").status_code == 404
