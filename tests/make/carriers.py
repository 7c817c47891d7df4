"""Carriers, what they ask, and fulfillments that want a label."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from inventory.models import Variant, Warehouse
from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.labelling import want_labels
from orders.models import CarrierAccount, CarrierRate, CarrierService, Fulfillment, Label, Order
from tests.fakes.easypost_server import KEY, WEBHOOK_SECRET, EasyPostServer
from tests.make.fulfillments import fulfillment, routed_order
from tests.make.moments import ADA, NOON
from tests.make.stock import LEJ, stocked_variant, warehouse

SOON = NOON + timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)

TO_ZURICH = {"name": "Heidi Keller", "line1": "Seestrasse 1", "city": "Zürich", "postal_code": "8001", "country": "CH"}


def house(**prices: str) -> CarrierAccount:
    """The house carrier with these services, each for so much anywhere: CP="4.90", EE="12.90" (express)."""
    account = CarrierAccount.objects.create(code="house", name="House post", kind=CarrierAccount.Kind.HOUSE)
    for code, price in (prices or {"CP": "4.90", "EE": "12.90"}).items():
        offer(account, code, price)
    return account


def offer(account: CarrierAccount, code: str, price: str, **fields: Any) -> CarrierRate:
    """A service of the account and what it asks; express where its code begins with E."""
    express = code.startswith("E")
    fields = {"name": code.title(), "indicator": code if len(code) == 2 else "", "express": express} | fields
    service, _ = CarrierService.objects.get_or_create(account=account, code=code, defaults=fields)
    return CarrierRate.objects.create(service=service, price=Decimal(price), days=1 if express else 3)


@pytest.fixture
def easypost(settings: Any) -> Iterator[EasyPostServer]:
    """EasyPost, and a shop that has an account there and no other carrier."""
    settings.CALL_PRIVATE_ADDRESSES = True
    with EasyPostServer() as server:
        CarrierAccount.objects.create(
            code="ep",
            name="EasyPost",
            kind=CarrierAccount.Kind.EASYPOST,
            url=server.api,
            key=KEY,
            secret=WEBHOOK_SECRET,
        )
        yield server


def address_warehouse(code: str = LEJ) -> Warehouse:
    """The warehouse of that code, with an address that can stand on a label."""
    place = warehouse(code)
    place.address = {"company": "Morrow & Flax GmbH", "line1": "Gießerstraße 18", "postal_code": "04229"}
    place.address |= {"city": "Leipzig", "country": place.country}
    place.save()
    return place


def to_send(**fields: Any) -> Fulfillment:
    """A fulfillment that its warehouse is asked for: a tee of 200 g that lies flat."""
    if not Variant.objects.exists():
        stocked_variant(on_hand=1_000)
    order = routed_order(**fields)
    address_warehouse()
    Variant.objects.update(weight_grams=200, length_mm=300, width_mm=200, height_mm=20, hs_code="610910", origin="PT")
    return fulfillment(order)


def want(*fulfillments: Fulfillment, at: datetime = NOON) -> list[Label]:
    """Have labels wanted; the newest of each."""
    with transaction.atomic():
        for number in sorted({each.order.number for each in fulfillments}):
            Order.objects.locked(number)
        want_labels([each.number for each in fulfillments], by=ADA, at=at)
    return [each.labels.latest("id") for each in fulfillments]


def wanted(**fields: Any) -> Label:
    return want(to_send(**fields))[0]


def bought(**fields: Any) -> Label:
    """A label that was bought."""
    label = wanted(**fields)
    work()
    label.refresh_from_db()
    assert label.state == Label.State.BOUGHT, label.last_error
    return label


def work(*, at: datetime = SOON, limit: int = 1000) -> int:
    """What a worker does when it is woken."""
    return buy_due_labels(at=at, limit=limit)


def look(label: Label) -> Label:
    return Label.objects.get(pk=label.pk)
