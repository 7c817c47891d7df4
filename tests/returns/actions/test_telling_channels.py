"""A new order of an exchange is ours: the channel it is booked on does not know of it."""

import pytest

from orders.actions.write_back.queueing import targets_of
from tests.make.orders import placed_order
from tests.make.write_backs import target

pytestmark = pytest.mark.django_db


def test_the_channel_is_not_told_of_an_order_made_here_and_partners_are():
    order = placed_order()
    for kind in ("SHOPIFY", "PARTNER"):
        target(kind, "https://shop.example", order.channel)
    assert told_of(order) == {"SHOPIFY", "PARTNER"}
    order.made_here = True
    assert told_of(order) == {"PARTNER"}


def told_of(order):
    return {each.kind for each in targets_of(order, "CANCEL", by="customer")}
