"""Fifty orders from a shop's messages to the customers' doors, with what goes wrong on the way."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import orjson
import pytest
from django.utils import timezone

from inventory.models import Variant, Warehouse
from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from oms.actions.issuing_keys import issue_api_key
from oms.models import Channel, EventRecord, Message
from orders.actions.edits.editing import edit_order
from orders.actions.releasing import end_edit_window
from orders.documents.customs_papers import print_customs_papers
from orders.documents.labels import print_labels
from orders.documents.packing_slips import print_packing_slips
from orders.documents.pick_lists import print_pick_list
from orders.models import CarrierAccount, Fulfillment, Label, Order, RoutingDecision, RoutingRule, Shipment
from orders.tasks import buy_labels, route_released
from tests.fakes.easypost_server import DOWN, KEY, EasyPostServer
from tests.journeys.stranger import Stranger
from tests.make.carriers import house, offer
from tests.make.moments import ADA
from tests.make.stock import SKU, stocked_variant, warehouse
from tests.orders.api.hooks import HEADERS, SECRET
from tests.orders.channels.messages import shopify_line, shopify_order
from tests.orders.channels.test_signatures import sign

pytestmark = [pytest.mark.django_db(transaction=True)]

ORDERS = 50
COUNTRIES = ("DE", "FR", "CH", "NL", "US")
CITIES = {
    "DE": ("Berlin", "10119", ""),
    "FR": ("Paris", "75001", ""),
    "CH": ("Zürich", "8001", ""),
    "NL": ("Rotterdam", "3011 AA", ""),
    "US": ("Portland", "97205", "Oregon"),
}


@pytest.fixture
def shop(live_server: Any, settings: Any) -> str:
    settings.PUBLIC_URL = live_server.url
    settings.CALL_PRIVATE_ADDRESSES = True
    return live_server.url


@pytest.fixture
def stranger(shop: str) -> Iterator[Stranger]:
    _, secret = issue_api_key(name="3PL", scopes=["fulfillments:write"], by=ADA, at=timezone.now())
    with Stranger(shop, secret) as partner:
        yield partner


def furnish() -> None:
    """A German warehouse of our own and a partner in Rotterdam; both have the tee."""
    Channel.objects.create(code="shopify", name="Shop", connector="SHOPIFY", already_sold=True, webhook_secret=SECRET)
    stocked_variant(SKU, 200)
    warehouse("RTM", country="NL")
    stocked_variant(SKU, 200, place="RTM")
    Warehouse.objects.filter(code="RTM").update(partner=True)
    for place in Warehouse.objects.all():
        place.address = {"company": "Shop", "line1": "Dock 1", "postal_code": "04229", "city": place.name}
        place.address |= {"country": place.country}
        place.save()
    Variant.objects.update(weight_grams=200, hs_code="610910", origin="PT")
    house(CP="4.90", EE="12.90")


def send_orders(address: str) -> list[str]:
    """As Shopify sends them, signed, over HTTP; their numbers here."""
    numbers = []
    for place in range(ORDERS):
        body = orjson.dumps(message_of(place))
        headers = {HEADERS["SHOPIFY"]: sign(body, SECRET.encode()), "Content-Type": "application/json"}
        answer = httpx.post(f"{address}/api/v1/channels/shopify/webhooks/orders/create", content=body, headers=headers)
        (result,) = answer.json()["results"]
        assert result["status"] == "placed", result
        numbers.append(result["number"])
    return numbers


def message_of(place: int) -> Any:
    country = COUNTRIES[place % len(COUNTRIES)]
    city, postal_code, province = CITIES[country]
    address = {
        "first_name": "Ada",
        "last_name": "Meier",
        "address1": "1 Main Street",
        "city": city,
        "zip": postal_code,
        "province": province,
        "country_code": country,
        "phone": "+49 30 1234567",
    }
    return shopify_order(
        id=6000 + place,
        name=f"#{2000 + place}",
        order_number=2000 + place,
        email=f"ada{place}@example.com",
        line_items=[shopify_line(id=100 + place)],
        shipping_address=address,
        billing_address=address,
    )


def work() -> None:
    """What workers do by themselves, until nothing is left to do."""
    for _ in range(12):
        done = route_released() + deliver_deliveries(at=timezone.now()) + buy_labels()
        if not done:
            return


def test_fifty_orders_arrive_whatever_goes_wrong_on_the_way(shop: str, stranger: Stranger):
    furnish()
    numbers = send_orders(shop)
    for number in numbers:
        end_edit_window(number=number, by=ADA, at=timezone.now())
    RoutingRule.objects.create(kind="FORBID", warehouse=warehouse("LEJ"), country="US")
    unroutable = RoutingRule.objects.create(kind="FORBID", warehouse=warehouse("RTM"), country="US")
    work()

    stuck = Order.objects.filter(status="RELEASED", routed_at=None)
    assert {order.country for order in stuck} == {"US"}
    assert stuck.count() == ORDERS // len(COUNTRIES)
    unroutable.delete()
    Order.objects.filter(pk__in=stuck).update(route_after=None)
    work()
    assert not Order.objects.filter(status="RELEASED", routed_at=None).exists()
    assert RoutingDecision.objects.filter(superseded_at=None).count() == ORDERS

    _change_one_address_after_its_label()
    _let_a_carrier_fail(stranger)
    _pick_one_short(stranger)
    _reject_one(stranger)
    work()

    _ship_everything(stranger)
    _deliver_everything(stranger)
    _look_at_what_it_left_behind(numbers)


def _change_one_address_after_its_label() -> None:
    """Before anybody has accepted it: it is taken back, its label too, and both are made anew."""
    label = Label.objects.filter(state="BOUGHT", fulfillment__order__country="DE").order_by("id").first()
    assert label is not None
    order = label.fulfillment.order
    address = {
        "name": "Ada Meier",
        "line1": "Neuer Wall 5",
        "city": "Hamburg",
        "postal_code": "20354",
        "country": "DE",
    }
    edit_order(
        number=order.number,
        operations=[{"op": "change_address", "address": address}],
        actor="STAFF",
        by=ADA,
        at=timezone.now(),
    )
    work()

    label.refresh_from_db()
    assert label.state == Label.State.VOIDED
    again = Label.objects.get(fulfillment__order=order, state="BOUGHT")
    assert again.ship_to["city"] == "Hamburg"
    assert again.tracking_number != label.tracking_number


def _let_a_carrier_fail(stranger: Stranger) -> None:
    """A carrier that does not answer holds up its own labels alone, and is asked again."""
    with EasyPostServer() as easypost:
        account = house_and(easypost)
        easypost.have_trouble(DOWN, DOWN)
        asked = next(
            each
            for each in stranger.walk("List fulfillments", warehouse="RTM", status="OPEN", limit=20)
            if each["label"] is None
        )
        stranger.do("Have a label bought", number=asked["id"], expect=202)
        Label.objects.filter(fulfillment__number=asked["id"]).update(account=account, service="Priority")
        buy_labels()
        waiting = Label.objects.get(fulfillment__number=asked["id"])
        assert waiting.state == Label.State.WANTED
        assert waiting.last_error
        stranger.do("Give the label back", number=asked["id"], expect=202)
        account.active = False
        account.save()
        work()


def house_and(easypost: EasyPostServer) -> Any:
    account = CarrierAccount.objects.create(
        code="ep", name="EasyPost", kind=CarrierAccount.Kind.EASYPOST, url=easypost.api, key=KEY
    )
    offer(account, "Priority", "99.00")
    return account


def _pick_one_short(stranger: Stranger) -> None:
    asked = stranger.walk("List fulfillments", warehouse="LEJ", status="OPEN", limit=20)[0]
    (line,) = asked["lines"]
    shown = stranger.do(
        "Report units that are not there",
        {"lines": [{"line": line["id"], "quantity": 1}], "note": "The shelf is empty"},
        number=asked["id"],
        expect=200,
    )
    assert shown["lines"][0]["short_quantity"] == 1


def _reject_one(stranger: Stranger) -> None:
    asked = stranger.walk("List fulfillments", warehouse="RTM", status="OPEN", limit=20)[0]
    body = {"reason": "NO_CAPACITY", "note": "Too many parcels today"}
    if asked["shipping_address"]["country"] == "US":  # Leipzig may not send there
        RoutingRule.objects.all().delete()
    shown = stranger.do("Reject a fulfillment", body, number=asked["id"], expect=200)
    assert shown["request_status"] == "REJECTED"


def _ship_everything(stranger: Stranger) -> None:
    for _ in range(4):
        work()
        waiting = [
            each
            for status in ("OPEN", "IN_PROGRESS")
            for each in stranger.walk("List fulfillments", status=status, limit=20)
        ]
        if not waiting:
            return
        for each in waiting:
            stranger.do("Accept a fulfillment", number=each["id"], expect=200)
            said = {} if each["label"] else {"carrier": "PostNL", "tracking_number": "RR123456785NL"}
            stranger.do("Ship a parcel", said, number=each["id"], expect=201)
    raise AssertionError("There is always something left to ship.")


def _deliver_everything(stranger: Stranger) -> None:
    for number in Shipment.objects.order_by("id").values_list("number", flat=True):
        for status, hour in (("IN_TRANSIT", 9), ("DELIVERED", 17)):
            report = {"status": status, "at": f"2027-01-04T{hour:02}:00:00Z", "place": "On the way"}
            stranger.do("Report where a parcel is", report, number=number, expect=201)
    work()


def _look_at_what_it_left_behind(numbers: list[str]) -> None:
    orders = Order.objects.filter(number__in=numbers)
    assert set(orders.values_list("status", "fulfillment_status")) == {("CLOSED", "FULFILLED")}
    sent = Shipment.objects.values_list("lines__quantity", flat=True)
    assert sum(sent, Decimal(0)) == 2 * ORDERS
    assert set(Shipment.objects.values_list("status", flat=True)) == {"DELIVERED"}
    assert find_drift() == []

    told = EventRecord.objects.filter(subject__in=numbers)
    assert told.filter(type="shipment.delivered").count() == Shipment.objects.count()
    for kind in ("order.unroutable", "fulfillment.short", "fulfillment.rejected", "label.voided"):
        assert told.filter(type=kind).exists(), kind
    written = Message.objects.filter(about__in=numbers)
    parcels = Shipment.objects.count()
    assert written.filter(kind="shipped").count() == written.filter(kind="delivered").count() == parcels
    assert set(written.filter(kind="shipped").values_list("about", flat=True)) == set(numbers)

    sent_by_us = list(
        Fulfillment.objects.filter(shipments__isnull=False, labels__state="BOUGHT").values_list("number", flat=True)
    )
    abroad = list(
        Fulfillment.objects.filter(shipments__isnull=False, order__country="CH").values_list("number", flat=True)
    )
    now = timezone.now()
    papers = (
        print_labels(sent_by_us),
        print_packing_slips(sent_by_us),
        print_pick_list(sent_by_us, at=now),
        print_customs_papers(abroad, at=now),
    )
    assert all(paper.startswith(b"%PDF") for paper in papers)
