"""EasyPost's own ways: lost answers, rates that run out, keys that do not fit, refunds that take their time."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.carriers.easypost import EasyPostCarrier
from orders.carriers.port import (
    Access,
    CarrierBusy,
    CarrierRefused,
    CarrierUnavailable,
    NotNews,
    Refunded,
    Voided,
)
from tests.fakes.easypost_server import (
    DOWN,
    GARBAGE,
    KEY,
    TOO_MANY,
    WEBHOOK_SECRET,
    EasyPostServer,
    signed_event,
)
from tests.fakes.serving import GONE, LOST, Trouble
from tests.orders.carriers.asks import HEIDI, LINEN, label_ask


@pytest.fixture
def server():
    with EasyPostServer() as server:
        yield server


def carrier_at(server, key=KEY, timeout=2.0):
    return EasyPostCarrier(Access(key, server.api, timeout=timeout, allow_private=True))


@pytest.fixture
def carrier(server):
    return carrier_at(server)


def prepared(carrier, **changes):
    ask = label_ask(**changes)
    return label_ask(**(changes | {"key": ask.key, "reference": carrier.prepare(ask)}))


def test_weights_and_measures_go_out_rounded_up_in_ounces_and_inches(carrier, server):
    carrier.prepare(label_ask())
    (sent,) = server.writes("/shipments")
    assert sent["shipment"]["parcel"] == {"weight": 17.7, "length": 11.9, "width": 7.9, "height": 4.0}


def test_a_parcel_abroad_declares_what_is_in_it(carrier, server):
    carrier.prepare(label_ask(ship_to=HEIDI, customs=[LINEN]))
    (item,) = server.writes("/shipments")[0]["shipment"]["customs_info"]["customs_items"]
    assert (item["hs_tariff_number"], item["origin_country"], item["quantity"]) == ("620520", "PT", 2)
    with pytest.raises(CarrierRefused, match="Customs information is required"):
        carrier.prepare(label_ask(ship_to=HEIDI))


def test_a_refusal_says_which_field_is_wrong(carrier):
    with pytest.raises(CarrierRefused, match="street1: cannot be blank"):
        carrier.prepare(label_ask(ship_to=label_ask().ship_to.__class__(city="Austin", country="US")))


@pytest.mark.parametrize("asked_before", [1, 2])
def test_a_purchase_whose_answer_was_lost_is_found_and_not_paid_again(carrier, server, asked_before):
    ask = prepared(carrier)
    for _ in range(asked_before):
        server.have_trouble(None, LOST)
        with pytest.raises(CarrierUnavailable):
            carrier.buy(ask)
        server.account.shipments[ask.reference]["rates"] = []
    assert carrier.find(ask).tracking_number == carrier.buy(ask).tracking_number
    assert server.account.paid == {ask.reference: 1}


def test_what_never_reached_it_was_not_bought(carrier, server):
    ask = prepared(carrier)
    server.have_trouble(None, GONE)
    with pytest.raises(CarrierUnavailable):
        carrier.buy(ask)
    assert carrier.find(ask) is None
    assert server.account.paid == {}


def test_two_who_buy_at_once_get_the_one_label(carrier, server):
    ask = prepared(carrier)
    bought = carrier.buy(ask)
    refused = Trouble(carrier_refusal())
    unsold = dict(server.account.shipments[ask.reference], postage_label=None)
    server.have_trouble(Trouble(answered(unsold)), refused)
    assert carrier.buy(ask) == bought
    assert server.account.paid == {ask.reference: 1}


def answered(document, status=200):
    from_server = DOWN.answer
    return type(from_server)(status, document)


def carrier_refusal():
    error = {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "Postage already exists for this shipment.", "errors": []}
    return answered({"error": error}, 422)


def test_rates_that_have_run_out_are_asked_for_anew(carrier, server):
    ask = prepared(carrier)
    server.account.expire_rates()
    assert carrier.buy(ask).cost == Decimal("8.41")
    assert server.account.paid == {ask.reference: 1}


def test_a_carrier_that_will_not_sell_is_final(carrier, server):
    ask = prepared(carrier)
    server.account.unsellable = "Priority"
    with pytest.raises(CarrierRefused, match="The destination is not served; zip is embargoed"):
        carrier.buy(ask)
    assert server.account.paid == {}


@pytest.mark.parametrize("trouble", [DOWN, GARBAGE, GONE, Trouble(slow=1.5)])
def test_no_answer_or_nonsense_means_ask_again_later(server, trouble):
    carrier = carrier_at(server, timeout=0.3)
    server.have_trouble(trouble)
    with pytest.raises(CarrierUnavailable):
        carrier.rate(label_ask())
    assert len(server.asked) == 1


def test_asked_too_often_it_says_how_long_to_wait(carrier, server):
    server.have_trouble(TOO_MANY)
    with pytest.raises(CarrierBusy) as busy:
        carrier.rate(label_ask())
    assert busy.value.retry_after == 7


def test_a_key_that_does_not_fit_or_an_empty_purse_refuses_no_parcel(carrier, server):
    with pytest.raises(CarrierUnavailable, match="does not let us in"):
        carrier_at(server, key="EZTKanother").check_connection()
    ask = prepared(carrier)
    server.account.funds = False
    with pytest.raises(CarrierUnavailable, match="Insufficient funds"):
        carrier.buy(ask)


def test_an_address_inside_our_own_house_is_not_called(server):
    with pytest.raises(CarrierUnavailable, match="public https"):
        EasyPostCarrier(Access(KEY, server.api))
    assert server.asked == []


@pytest.mark.parametrize(("state", "answer"), [("submitted", Voided.PENDING), ("refunded", Voided.DONE)])
def test_giving_back_may_take_its_time(carrier, server, state, answer):
    ask = prepared(carrier)
    carrier.buy(ask)
    server.account.takes_back = state
    assert carrier.void(ask.reference) == answer
    server.account.shipments[ask.reference]["refund_status"] = "refunded"
    assert carrier.void(ask.reference) == Voided.DONE


def test_what_was_used_or_never_bought_is_not_taken_back(carrier, server):
    ask = prepared(carrier)
    with pytest.raises(CarrierRefused, match="no postage"):
        carrier.void(ask.reference)
    carrier.buy(ask)
    server.account.takes_back = "rejected"
    with pytest.raises(CarrierRefused, match="does not take this label back"):
        carrier.void(ask.reference)


def test_scans_are_reported_each_under_a_name_that_stays(carrier, server):
    ask = prepared(carrier)
    bought = carrier.buy(ask)
    server.account.scan(bought.tracking_number, "in_transit", "2026-11-20T12:00:00Z", city="Reno")
    (first,) = carrier.track(bought.tracking_number, ask.reference)
    assert (first.status, first.place) == ("IN_TRANSIT", "Reno, US")
    assert first.at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert carrier.track(bought.tracking_number, ask.reference) == [first]


def test_a_webhook_is_believed_by_its_signature_over_the_raw_body(carrier):
    tracker = {
        "tracking_code": "94001",
        "tracking_details": [{"status": "delivered", "datetime": "2026-11-20T12:00:00Z"}],
    }
    body, headers = signed_event("tracker.updated", tracker)
    assert carrier.verify_webhook(body, headers, WEBHOOK_SECRET)
    assert not carrier.verify_webhook(body + b" ", headers, WEBHOOK_SECRET)
    assert not carrier.verify_webhook(body, headers, "another")
    assert not carrier.verify_webhook(body, {"X-Hmac-Signature": "hmac-sha256-hex=ü"}, WEBHOOK_SECRET)
    assert [each.status for each in carrier.read_news(body).tracked] == ["DELIVERED"]


def test_a_refund_that_came_through_is_news_and_other_events_are_none(carrier):
    body, _ = signed_event("refund.successful", {"shipment_id": "shp_1", "status": "refunded"})
    assert carrier.read_news(body).refunded == [Refunded(reference="shp_1", done=True)]
    body, _ = signed_event("batch.created", {})
    assert not carrier.read_news(body).tracked
    with pytest.raises(NotNews):
        carrier.read_news(b"{")
    with pytest.raises(NotNews):
        carrier.read_news(signed_event("tracker.updated", {"tracking_details": [{"status": "delivered"}]})[0])
