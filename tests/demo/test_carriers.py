"""The demo's carrier: every parcel of the demo can be sent from everywhere, and more never costs less."""

import pytest

from config.demo.brand import list_shops
from config.demo.carriers import keep_carriers
from config.demo.opening import open_warehouses
from inventory.models import Warehouse
from orders.models import CarrierService
from orders.queries.shipping.rates import read_rate_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    open_warehouses()
    keep_carriers()
    return read_rate_table()


def test_each_warehouse_can_send_to_each_country_in_which_somebody_buys(table):
    countries = {country for shop in list_shops() for country in shop.countries}
    lanes = [(place, country) for place in Warehouse.objects.values_list("id", flat=True) for country in countries]
    assert [lane for lane in lanes if table.cheapest(*lane, 800, None) is None] == []
    assert [lane for lane in lanes if table.cheapest(*lane, 12_000, None, express=True) is None] == []


def test_a_heavier_parcel_is_never_cheaper_and_express_never_slower(table):
    weights = range(100, 20_000, 700)
    for place in Warehouse.objects.values_list("id", flat=True):
        for service in ("standard", "express"):
            offers = [o for w in weights for o in table.offers(place, "JP", w, None) if o.service.code == service]
            assert [each.cost for each in offers] == sorted(each.cost for each in offers)
        days = {each.service.code: each.days for each in table.offers(place, "JP", 500, None)}
        assert days["express"] < days["standard"]


def test_its_numbers_begin_with_letters_that_the_post_knows(table):
    assert set(CarrierService.objects.values_list("indicator", flat=True)) == {"HA", "CP", "EE"}
