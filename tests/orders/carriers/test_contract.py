"""The contract of a carrier, held against every one of them."""

import pytest

from orders.carriers.easypost import EasyPostCarrier
from orders.carriers.port import Access, CarrierRefused, NotNews, Voided
from tests.fakes.easypost_server import KEY, EasyPostServer
from tests.orders.carriers.asks import house_carrier, label_ask


class AtEasyPost:
    service = "USPS/Priority"

    def __init__(self, server):
        self.server = server
        self.carrier = EasyPostCarrier(Access(KEY, server.api, timeout=2, allow_private=True))

    def labels_paid(self):
        return sum(self.server.account.paid.values())


class AtHouse:
    """What it sells costs nothing but a number: as many as were given out were bought."""

    service = "CP"

    def __init__(self):
        self.numbers = set()
        self.carrier = house_carrier(draw=self.draw)

    def draw(self, ask):
        self.numbers.add(ask.reference)
        return f"%PDF {ask.reference}".encode()

    def labels_paid(self):
        return len(self.numbers)


@pytest.fixture(params=["easypost", "house"])
def house(request):
    if request.param == "house":
        yield AtHouse()
        return
    with EasyPostServer() as server:
        yield AtEasyPost(server)


def prepared(house, **changes):
    ask = label_ask(service=house.service, **changes)
    reference = house.carrier.prepare(ask)
    return label_ask(service=house.service, **changes, key=ask.key, reference=reference)


def test_rates_name_services_with_cost_currency_and_days(house):
    rates = house.carrier.rate(label_ask(service=""))
    assert house.service in {rate.service for rate in rates}
    assert all(rate.cost > 0 and len(rate.currency) == 3 and rate.days for rate in rates)


def test_preparing_costs_nothing_and_names_each_purchase_differently(house):
    assert prepared(house).reference != prepared(house).reference
    assert house.labels_paid() == 0


def test_a_bought_label_has_a_number_something_to_print_and_its_price(house):
    ask = prepared(house)
    bought = house.carrier.buy(ask)
    rate = next(rate for rate in house.carrier.rate(ask) if rate.service == house.service)
    assert (bought.cost, bought.currency, bought.reference) == (rate.cost, rate.currency, ask.reference)
    assert bought.label.startswith(b"%PDF")
    assert bought.media_type == "application/pdf"
    assert bought.tracking_number
    assert bought.tracking_url.startswith("https://")


def test_buying_again_under_the_same_reference_is_the_same_label_paid_once(house):
    ask = prepared(house)
    assert house.carrier.buy(ask) == house.carrier.buy(ask)
    assert house.labels_paid() == 1


def test_what_was_bought_is_found_by_its_reference(house):
    ask = prepared(house)
    bought = house.carrier.buy(ask)
    assert house.carrier.find(ask) == bought
    assert house.carrier.find(label_ask(service=house.service)) is None


def test_a_label_is_given_back_once_however_often_it_is_asked(house):
    reference = house.carrier.buy(prepared(house)).reference
    assert house.carrier.void(reference) == house.carrier.void(reference)
    assert house.carrier.void(reference) in (Voided.DONE, Voided.PENDING)


def test_a_service_that_is_not_sold_is_refused_and_nothing_paid(house):
    with pytest.raises(CarrierRefused) as refusal:
        house.carrier.buy(
            label_ask(service="Pigeon", reference=house.carrier.prepare(label_ask(service=house.service)))
        )
    assert refusal.value.sentence.endswith(".")
    assert house.labels_paid() == 0


def test_a_parcel_that_nobody_has_seen_has_no_reports(house):
    bought = house.carrier.buy(prepared(house))
    assert house.carrier.track(bought.tracking_number, bought.reference) == []


def test_nobody_can_speak_for_a_carrier_without_a_secret(house):
    assert house.carrier.verify_webhook(b"{}", {}, "") is False
    assert house.carrier.verify_webhook(b"{}", {"X-Hmac-Signature": "hmac-sha256-hex=00"}, "") is False
    with pytest.raises(NotNews):
        house.carrier.read_news(b"[]")


def test_it_says_who_it_is(house):
    assert house.carrier.check_connection()
