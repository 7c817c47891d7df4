"""A customer sends with a carrier of their own, and says under which number."""

import pytest

from oms.errors import Invalid
from returns.actions.announcing import announce_parcel
from returns.actions.scanning import Scan, record_scan
from returns.errors import ReturnNotOpen
from returns.models import ReturnParcel
from tests.make.moments import ADA
from tests.make.returns import ASKED, open_return, told, waiting_return
from tests.make.snapshots import nothing_changes
from tests.make.ways_back import SEEN_AT

pytestmark = pytest.mark.django_db

S10 = "RR473124829DE"


def announce(number: str, tracking_number: str, carrier: str = "") -> ReturnParcel:
    return announce_parcel(number=number, carrier=carrier, tracking_number=tracking_number, by="customer", at=ASKED)


def test_the_carrier_is_told_by_the_number_and_its_check_digit():
    found = open_return()
    parcel = announce(found.number, "rr 473 124 829 de")
    assert (parcel.tracking_number, parcel.carrier, parcel.status) == (S10, "Post", "ANNOUNCED")
    assert announce(found.number, S10) == parcel
    found.refresh_from_db()
    assert (found.parcels.count(), found.node is not None, found.moved_at) == (1, True, None)


def test_a_carrier_that_is_named_is_taken_at_the_customers_word():
    parcel = announce(open_return().number, "AB12", carrier="Aunt Emma")
    assert (parcel.carrier, parcel.tracking_number, parcel.tracking_url) == ("Aunt Emma", "AB12", "")


@pytest.mark.parametrize("number", ["", "   ", "<script>", "Ж123", "9" * 61])
def test_what_is_no_number_is_refused_and_changes_nothing(number):
    found = open_return()
    with nothing_changes(), pytest.raises(Invalid):
        announce(found.number, number)


def test_before_it_is_approved_nothing_is_awaited():
    found = waiting_return()
    with nothing_changes(), pytest.raises(ReturnNotOpen):
        announce(found.number, S10)


def test_a_scan_of_it_moves_the_return_once():
    found = open_return()
    parcel = announce(found.number, S10)
    scan = Scan(id="1", status="IN_TRANSIT", at=SEEN_AT)
    for _ in range(2):
        record_scan(number=found.number, parcel=parcel.pk, scans=[scan], by=ADA, at=SEEN_AT)
    found.refresh_from_db()
    assert (found.moved_at, told(found).count("return.in_transit")) == (SEEN_AT, 1)
