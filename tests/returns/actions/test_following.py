"""Parcels that customers send with carriers of their own are asked about, and their scans move the return."""

import pytest

from orders.models import CarrierAccount
from returns.actions.announcing import announce_parcel
from returns.actions.following import follow_announced
from returns.models import Return, ReturnParcel
from tests.make.carriers import easypost, house
from tests.make.moments import ONE_DAY, ONE_HOUR
from tests.make.orders import open_holds
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, sizes, terms_in_force, told
from tests.make.settled import receive

__all__ = ["easypost"]

pytestmark = pytest.mark.django_db

NUMBER = "1Z999AA10123456784"
LATER = ASKED + 5 * ONE_HOUR


def announced(found: Return | None = None, *, carrier: str = "") -> ReturnParcel:
    """Sent with UPS, as its number says."""
    found = found or open_return()
    return announce_parcel(number=found.number, carrier=carrier, tracking_number=NUMBER, by="customer", at=ASKED)


def scan(easypost, status: str, at) -> None:
    easypost.account.scan(NUMBER, status, at.isoformat())


def test_the_first_scan_moves_the_return_and_the_last_one_says_that_it_came(easypost):
    parcel = announced()
    assert follow_announced(at=ASKED) == 1
    (tracker,) = easypost.account.trackers.values()
    assert (tracker["tracking_code"], tracker["carrier"]) == (NUMBER, "UPS")
    assert Return.objects.get().moved_at is None

    scan(easypost, "in_transit", ASKED + ONE_HOUR)
    assert follow_announced(at=LATER) == 1
    parcel.refresh_from_db()
    assert (parcel.status, parcel.scanned_at) == ("IN_TRANSIT", ASKED + ONE_HOUR)
    assert Return.objects.get().moved_at == LATER
    assert told(parcel.of).count("return.in_transit") == 1

    scan(easypost, "delivered", ASKED + 6 * ONE_HOUR)
    follow_announced(at=LATER + 5 * ONE_HOUR)
    parcel.refresh_from_db()
    assert (parcel.status, len(parcel.events)) == ("DELIVERED", 2)
    assert told(parcel.of).count("return.in_transit") == 1


def test_a_first_scan_lets_an_exchange_go(easypost, settings):
    settings.RETURN_EXCHANGE_GOES, settings.RETURN_ADVANCE_LIMITS = "SCAN", {"EUR": ["50.00", "100.00"]}
    terms_in_force({})
    sizes("TEE-M", "TEE-L")
    order = delivered_order([{"sku": "TEE-M", "quantity": 1, "unit_price": "19.90"}])
    found = open_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku="TEE-L"))
    announced(found)
    follow_announced(at=ASKED)
    new = found.items.get().new_order
    assert "EXCHANGE_AWAITING_RETURN" in open_holds(new)

    scan(easypost, "in_transit", ASKED + ONE_HOUR)
    follow_announced(at=LATER)
    assert "EXCHANGE_AWAITING_RETURN" not in open_holds(new)


def test_it_is_asked_about_as_seldom_as_labels_of_ours_and_until_it_is_here(easypost):
    parcel = announced()
    asked = [follow_announced(at=ASKED + hours * ONE_HOUR) for hours in (0, 1, 3, 4)]
    assert asked == [1, 0, 0, 1]
    receive(parcel.of)
    Return.objects.update(status="CLOSED", ended_at=ASKED)
    assert follow_announced(at=ASKED + ONE_DAY) == 0


def test_a_carrier_that_says_wait_is_left_alone_and_the_parcel_is_asked_about_later(easypost):
    announced()
    CarrierAccount.objects.update(paused_until=ASKED + ONE_HOUR)
    assert follow_announced(at=ASKED) == 0
    assert follow_announced(at=ASKED + ONE_HOUR) == 1


def test_a_carrier_that_people_name_otherwise_is_found_out_by_its_number(easypost):
    announced(carrier="Our village post")
    follow_announced(at=ASKED)
    (tracker,) = easypost.account.trackers.values()
    assert tracker["carrier"] is None


def test_the_house_alone_knows_of_no_foreign_parcels():
    house()
    announced()
    assert follow_announced(at=ASKED) == 0
