"""Parcels that customers send with carriers of their own are asked about, and their scans move the return."""

import pytest
from django.test import Client

from orders.models import CarrierAccount
from returns.actions.announcing import announce_parcel
from returns.actions.following import follow_announced
from returns.models import Return, ReturnParcel
from tests.fakes.easypost_server import signed_event
from tests.make.carriers import easypost, house
from tests.make.moments import ONE_DAY, ONE_HOUR
from tests.make.orders import open_holds
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, sizes, terms_in_force, told
from tests.make.settled import receive
from tests.make.snapshots import nothing_changes

__all__ = ["easypost"]

PATH = "/api/v1/carriers/ep/webhooks"

pytestmark = pytest.mark.django_db

NUMBER = "1Z999AA10123456784"
LATER = ASKED + 5 * ONE_HOUR


def announced(found: Return | None = None, *, carrier: str = "") -> ReturnParcel:
    """Sent with UPS, as its number says."""
    found = found or open_return()
    return announce_parcel(number=found.number, carrier=carrier, tracking_number=NUMBER, by="customer", at=ASKED)


def scan(easypost, status: str, at) -> None:
    easypost.account.scan(NUMBER, status, at.isoformat())


@pytest.fixture
def silent(easypost):
    """It sends us no webhooks: nobody has told us its secret."""
    CarrierAccount.objects.update(secret="")
    return easypost


def test_the_first_scan_moves_the_return_and_the_last_one_says_that_it_came(silent):
    parcel = announced()
    assert follow_announced(at=ASKED) == 1
    (tracker,) = silent.account.trackers.values()
    assert (tracker["tracking_code"], tracker["carrier"]) == (NUMBER, "UPS")
    assert Return.objects.get().moved_at is None

    scan(silent, "in_transit", ASKED + ONE_HOUR)
    assert follow_announced(at=LATER) == 1
    parcel.refresh_from_db()
    assert (parcel.status, parcel.scanned_at) == ("IN_TRANSIT", ASKED + ONE_HOUR)
    assert Return.objects.get().moved_at == LATER
    assert told(parcel.of).count("return.in_transit") == 1

    scan(silent, "delivered", ASKED + 6 * ONE_HOUR)
    follow_announced(at=LATER + 5 * ONE_HOUR)
    parcel.refresh_from_db()
    assert (parcel.status, len(parcel.events)) == ("DELIVERED", 2)
    assert told(parcel.of).count("return.in_transit") == 1


def test_a_first_scan_lets_an_exchange_go(silent, settings):
    settings.RETURN_EXCHANGE_GOES, settings.RETURN_ADVANCE_LIMITS = "SCAN", {"EUR": ["50.00", "100.00"]}
    terms_in_force({})
    sizes("TEE-M", "TEE-L")
    order = delivered_order([{"sku": "TEE-M", "quantity": 1, "unit_price": "19.90"}])
    found = open_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku="TEE-L"))
    announced(found)
    follow_announced(at=ASKED)
    new = found.items.get().new_order
    assert "EXCHANGE_AWAITING_RETURN" in open_holds(new)

    scan(silent, "in_transit", ASKED + ONE_HOUR)
    follow_announced(at=LATER)
    assert "EXCHANGE_AWAITING_RETURN" not in open_holds(new)


def test_it_is_asked_about_as_seldom_as_labels_of_ours_and_until_it_is_here(silent):
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


def tell(tracker, **headers):
    """EasyPost's own message of a tracker, signed."""
    body, signed = signed_event("tracker.updated", tracker)
    return Client().post(PATH, body, content_type="application/json", headers=signed | headers)


def test_a_carrier_that_tells_by_itself_moves_the_return_and_is_not_asked_meanwhile(easypost):
    parcel = announced()
    assert follow_announced(at=ASKED) == 1
    tracker = easypost.account.scan(NUMBER, "in_transit", (ASKED + ONE_HOUR).isoformat())
    answer = tell(tracker)

    assert (answer.status_code, answer.json()) == (200, {"reports": 1, "refunds": 0})
    parcel.refresh_from_db()
    assert (parcel.status, parcel.scanned_at) == ("IN_TRANSIT", ASKED + ONE_HOUR)
    assert told(parcel.of).count("return.in_transit") == 1
    with nothing_changes():
        assert tell(tracker).json() == {"reports": 0, "refunds": 0}
    assert follow_announced(at=LATER) == 0
    assert follow_announced(at=ASKED + ONE_DAY) == 1


def test_what_the_carrier_did_not_sign_moves_no_return(easypost):
    announced()
    follow_announced(at=ASKED)
    tracker = easypost.account.scan(NUMBER, "delivered", LATER.isoformat())
    answer = tell(tracker, **{"X-Hmac-Signature": "hmac-sha256-hex=00"})
    assert answer.status_code == 401
    assert Return.objects.get().moved_at is None
    assert ReturnParcel.objects.get().events == []


def test_news_of_a_return_that_has_ended_or_of_a_number_that_nobody_announced_are_left_out(easypost):
    announced()
    follow_announced(at=ASKED)
    Return.objects.update(status="CLOSED", ended_at=ASKED)
    tracker = easypost.account.scan(NUMBER, "in_transit", LATER.isoformat())
    with nothing_changes():
        assert tell(tracker).json() == {"reports": 0, "refunds": 0}
        assert tell(tracker | {"tracking_code": "1Z999AA10123456700"}).json() == {"reports": 0, "refunds": 0}
