"""Pages of the usual order are asked on the day on which its customer asks: three days after the parcel came."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from oms.models import Channel
from oms.portal import pages
from orders.models import Order
from tests.make.admin import fresh_cache
from tests.make.carriers import address_warehouse, house
from tests.make.edits import open_shop
from tests.make.portal import customer
from tests.make.returns import ASKED, delivered_tees, terms_in_force
from tests.make.stock import LEJ
from tests.make.ways_back import node

__all__ = ["fresh_cache"]


@pytest.fixture
def five_days_later() -> Iterator[None]:
    with time_machine.travel(ASKED, tick=False):
        yield


@pytest.fixture(autouse=True)
def nobody_was_hasty() -> None:
    pages._submissions.forget()


@pytest.fixture
def order(db: None, five_days_later: None) -> Order:
    """Two medium tees, delivered; small and large ones are on the shelf, and a carrier takes parcels back."""
    open_shop()
    house()
    address_warehouse(LEJ)
    node()
    terms_in_force({"credit_rate": "110", "methods": ["PREPAID_LABEL", "OWN_CARRIER"]})
    made = delivered_tees()
    Channel.objects.update(gateway="sandbox")
    return made


@pytest.fixture
def client(order: Order) -> Client:
    return customer(order)
