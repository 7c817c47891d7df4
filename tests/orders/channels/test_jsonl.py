"""Our own shape, one order a line."""

from typing import Any

import pytest

from orders.channels import jsonl
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, NotAnOrder
from tests.orders.channels.messages import own_line, own_order


def refuse(body: Any) -> CannotTake:
    with pytest.raises(CannotTake) as refusal:
        jsonl.read_message(body, channel="web")
    return refusal.value


def test_a_line_is_an_order_as_it_is():
    assert jsonl.read_message(own_order(), channel="web") == [IncomingOrder.model_validate(own_order())]
    assert jsonl.read_message({"order": own_order()}, channel="web") == jsonl.read_message(own_order(), channel="web")


def test_the_channel_may_be_left_out():
    order = own_order()
    del order["channel"]

    [taken] = jsonl.read_message(order, channel="partner")

    assert isinstance(taken, IncomingOrder)
    assert taken.channel == "partner"


def test_an_order_of_another_channel_is_refused():
    refusal = refuse(own_order(channel="amazon-de"))

    assert (refusal.reason, refusal.external_id) == ("other_channel", "gid-1001")
    assert "it is of channel amazon-de, but it was sent in for web" in str(refusal)


def test_each_wrong_place_is_named():
    refusal = refuse(own_order(currency="XYZ", lines=[own_line(quantity=0)]))

    assert (refusal.reason, refusal.external_id) == ("invalid_order", "gid-1001")
    assert [error["pointer"] for error in refusal.facts["errors"]] == ["/currency", "/lines/0/quantity"]
    assert "/currency: XYZ is not an ISO 4217 currency code." in str(refusal)


def test_of_many_wrong_places_the_sentence_names_five():
    refusal = refuse(own_order(lines=[own_line(quantity=0) for _ in range(8)]))

    assert str(refusal).endswith("And 3 more.")
    assert len(refusal.facts["errors"]) == 8


@pytest.mark.parametrize("body", [[], 5, "order", None, True])
def test_what_is_no_object_is_refused(body: Any):
    assert refuse(body).reason == "unexpected_shape"


@pytest.mark.parametrize("body", [{}, {"title": "Linen tee"}])
def test_an_object_without_any_word_of_ours_is_no_order(body: Any):
    with pytest.raises(NotAnOrder):
        jsonl.read_message(body, channel="web")
