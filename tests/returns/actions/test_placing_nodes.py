"""Which place a return goes to, and what is written down of the others."""

from decimal import Decimal

import pytest

from orders.models import CarrierAccount, CarrierRate
from returns.actions.sending_back import prepare_parcel
from returns.models import Return
from tests.make.carriers import TO_ZURICH, address_warehouse, house
from tests.make.returns import ASKED, delivered_order, open_return
from tests.make.statements import statements_made
from tests.make.stock import warehouse
from tests.make.ways_back import every_method, node

pytestmark = pytest.mark.django_db


def placed(**fields: object) -> Return:
    if not CarrierAccount.objects.exists():
        house(CP="5.00")
    every_method()
    found = open_return(delivered_order(**fields), method="PREPAID_LABEL")
    prepare_parcel(found, by="system", at=ASKED)
    return found


def reasons(found: Return) -> dict[str, tuple[str, str]]:
    return {each["node"]: (each["total"], each["why_not"]) for each in found.node_reasons}


def test_the_reasons_add_up_to_what_each_place_would_have_cost():
    node(address_warehouse(), handling_cost=Decimal("1.50"), resale_percent=50)
    found = placed()
    (reason,) = found.node_reasons
    figures = {name: Decimal(reason[name]) for name in ("freight", "duty", "handling", "resale", "total")}
    assert (figures["freight"], figures["handling"], figures["duty"]) == (Decimal("5.00"), Decimal("1.50"), 0)
    assert figures["total"] == figures["freight"] + figures["duty"] + figures["handling"] - figures["resale"]
    assert (found.node.warehouse.code, reason["chosen"]) == ("LEJ", True)


def test_what_is_abroad_goes_to_the_partner_there_when_that_is_cheaper():
    house(CP="5.00")
    node(address_warehouse())
    partner = node(warehouse("ZRH", country="CH"), kind="PARTNER")
    CarrierRate.objects.create(
        service=CarrierRate.objects.get().service, warehouse=partner.warehouse, country="CH", price=Decimal(1), days=1
    )
    found = placed(shipping_address=TO_ZURICH)
    assert found.node == partner
    assert reasons(found)["LEJ"][1] == "dearer"


def test_goods_that_come_home_bear_no_duty_and_elsewhere_they_do():
    node(address_warehouse())
    node(warehouse("RIC", country="US"))
    found = placed(shipping_address=TO_ZURICH)
    duties = {each["node"]: Decimal(each["duty"]) for each in found.node_reasons}
    assert duties["LEJ"] == 0
    assert "RIC" in duties


def test_a_shop_without_nodes_takes_returns_where_it_sends_from():
    found = placed()
    assert (found.node.warehouse.code, found.node.kind, found.node_reasons) == ("LEJ", "WAREHOUSE", [])


def test_ten_places_are_reckoned_by_as_many_statements_as_two():
    house(CP="5.00")
    order = delivered_order()
    every_method()
    counts = []
    for codes in (("AA", "AB"), [f"B{letter}" for letter in "ABCDEFGH"]):
        for code in codes:
            node(warehouse(code))
        found = open_return(order if not counts else delivered_order(), method="PREPAID_LABEL")
        with statements_made() as made:
            prepare_parcel(found, by="system", at=ASKED)
        counts.append(len(made))
    assert counts[0] == counts[1]
