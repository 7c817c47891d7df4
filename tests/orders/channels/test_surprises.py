"""Whatever JSON comes, a mapping answers with orders, or says that there is none, or why it cannot be taken."""

import copy
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.channels.incoming import IncomingOrder
from orders.channels.port import (
    CannotTake,
    ChannelMapping,
    IncomingCancellation,
    IncomingRefundNotice,
    NotAnOrder,
)
from orders.channels.registry import MAPPINGS
from tests.orders.channels.messages import (
    Json,
    amazon_item,
    amazon_money,
    amazon_order,
    big_order,
    own_order,
    shopify_order,
    shopify_refund,
    shopify_transaction,
    woo_order,
)

SAID = (IncomingOrder, IncomingRefundNotice, IncomingCancellation, CannotTake)
TOPICS = st.sampled_from(["", "orders/create", "orders/delete", "refunds/create", "order.deleted", "orders/edited"])

WHOLE: dict[str, list[Json]] = {
    "shopify": [
        shopify_order(refunds=[shopify_refund()], transactions=[shopify_transaction()]),
        shopify_refund(),
        {"orders": [shopify_order()]},
    ],
    "woocommerce": [
        woo_order(
            prices_include_tax=True, fee_lines=[{"id": 1, "name": "Off", "total": "-1.00", "total_tax": "-0.19"}]
        ),
        woo_order(refunds=[{"id": 1, "total": "-3.00"}]),
        {"id": 1, "parent_id": 727, "amount": "3.00", "line_items": [], "date_created_gmt": "2025-11-25T12:00:00"},
    ],
    "amazon": [
        {"payload": {"Orders": [amazon_order()]}},
        {"Order": amazon_order(), "OrderItems": [amazon_item(CODFee=amazon_money("1.00"))]},
        amazon_order(OrderStatus="Canceled"),
    ],
    "bigcommerce": [
        big_order(
            store_credit_amount="5.0000", refunds=[{"id": 1, "total_amount": 3, "created": "2025-11-25T12:00:00Z"}]
        ),
        {"scope": "store/order/created", "data": {"type": "order", "id": 250}},
    ],
    "jsonl": [own_order(refunds=[{"external_id": "1", "amount": "1.00", "refunded_at": "2025-11-25T12:00:00Z"}])],
    "csv": [
        {
            "columns": {
                "columns": {"external_id": "a", "placed_at": "b", "sku": "c", "quantity": "d", "unit_price": "e"},
                "constants": {"currency": "EUR"},
                "codes": [{"match": ["D"], "kind": "DISCOUNT"}],
                "rules": [{"when": {"external_id": "C"}, "then": "cancellation", "reason": "credit_note"}],
            },
            "header": ["a", "b", "c", "d", "e"],
            "rows": [["1", "2025-11-21", "TEE", "1", "19.90"], ["1", "2025-11-21", "D", "1", "-1.00"]],
            "lines": [2, 3],
            "late": False,
        }
    ],
}

TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "-1.00",
        "1e5",
        "NaN",
        "1.005",
        "EUR",
        "ZZ",
        "0001-01-01T00:00:00+14:00",
        "2025-13-01",
        "x" * 400,
    ]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, 2**63, -(10**30), 1e308])
JUNK = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    sorted(
        {key for messages in WHOLE.values() for message in messages for key in message} | {"order", "orders", "data"}
    )
)
DOCUMENTS = JUNK | st.dictionaries(KEYS, JUNK, max_size=6)


def take(mapping: ChannelMapping, body: Any, topic: str) -> None:
    try:
        said = mapping.read_message(body, channel="web", topic=topic)
    except CannotTake as refusal:
        said = [refusal]
    except NotAnOrder as other:
        assert other.reason
        return
    assert all(isinstance(each, SAID) for each in said)
    for each in said:
        if isinstance(each, CannotTake):
            orjson.dumps([each.reason, each.detail, each.external_id, each.facts])
            assert len(each.external_id) <= 100


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


def replace(document: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> Any:
    if not path:
        return value
    copied = copy.deepcopy(document)
    inside = copied
    for key in path[:-1]:
        inside = inside[key]
    if drop:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return copied


@pytest.mark.parametrize("name", MAPPINGS)
@given(body=DOCUMENTS, topic=TOPICS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_at_all_is_answered(name: str, body: Any, topic: str):
    take(MAPPINGS[name], body, topic)


@pytest.mark.parametrize("name", MAPPINGS)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_message_of_which_a_part_is_wrong_is_answered(name: str, data: st.DataObject):
    body: Any = data.draw(st.sampled_from(WHOLE[name]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(body))))
        body = replace(body, path, data.draw(JUNK), drop=data.draw(st.booleans()))

    take(MAPPINGS[name], body, data.draw(TOPICS))


@pytest.mark.parametrize("name", MAPPINGS)
def test_the_whole_messages_are_no_junk(name: str):
    for body in WHOLE[name]:
        if "scope" in body:
            continue
        said = MAPPINGS[name].read_message(body, channel="web")
        assert not any(isinstance(each, CannotTake) for each in said)
