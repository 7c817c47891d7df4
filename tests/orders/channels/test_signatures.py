"""Only the channel itself can sign, and nobody can without a secret."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

import pytest

from orders.channels import amazon, bigcommerce, jsonl, shopify, woocommerce
from orders.channels.port import ChannelMapping
from orders.channels.registry import MAPPINGS

BODY = b'{"id": 1}'
SECRET = "a secret of ours"
WHSEC = "whsec_" + base64.b64encode(b"a key of twenty-four b.").decode()
PLAIN = [(shopify, "X-Shopify-Hmac-Sha256"), (woocommerce, "X-WC-Webhook-Signature")]

Headers = dict[str, str]


def sign(body: bytes, key: bytes) -> str:
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def standard_headers(key: bytes, *, body: bytes = BODY, sent_at: float | None = None) -> Headers:
    moment = int(time.time() if sent_at is None else sent_at)
    signed = f"msg_1.{moment}.".encode() + body
    return {"webhook-id": "msg_1", "webhook-timestamp": str(moment), "webhook-signature": f"v1,{sign(signed, key)}"}


@pytest.mark.parametrize(("mapping", "header"), PLAIN)
def test_a_signature_over_the_raw_body_is_right(mapping: ChannelMapping, header: str):
    assert mapping.verify_signature(BODY, {header: sign(BODY, SECRET.encode())}, SECRET)
    assert mapping.verify_signature(BODY, {header.lower(): sign(BODY, SECRET.encode())}, SECRET)


@pytest.mark.parametrize(("mapping", "header"), PLAIN)
def test_any_other_signature_is_wrong(mapping: ChannelMapping, header: str):
    right = sign(BODY, SECRET.encode())

    for given in ("", "nonsense", right[:-4], sign(BODY, b"another secret"), right + "=", "ü", "\ud800"):
        assert not mapping.verify_signature(BODY, {header: given}, SECRET)
    assert not mapping.verify_signature(BODY + b" ", {header: right}, SECRET)
    assert not mapping.verify_signature(BODY, {}, SECRET)


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS.keys())
def test_without_a_secret_nothing_is_proven(mapping: ChannelMapping):
    headers = {header: sign(BODY, b"") for _, header in PLAIN} | standard_headers(b"")

    assert not mapping.verify_signature(BODY, headers, "")


@pytest.mark.parametrize("mapping", [amazon, bigcommerce, jsonl])
def test_standard_webhooks_are_verified(mapping: ChannelMapping):
    assert mapping.verify_signature(BODY, standard_headers(SECRET.encode()), SECRET)


@pytest.mark.parametrize("mapping", [amazon, jsonl])
def test_a_whsec_secret_is_base64(mapping: ChannelMapping):
    assert mapping.verify_signature(BODY, standard_headers(b"a key of twenty-four b."), WHSEC)
    assert not mapping.verify_signature(BODY, standard_headers(b""), "whsec_")
    assert not mapping.verify_signature(BODY, standard_headers(b""), "whsec_?")


def test_bigcommerce_signs_with_the_bytes_of_the_client_secret():
    assert bigcommerce.verify_signature(BODY, standard_headers(WHSEC.encode()), WHSEC)


def test_one_of_several_signatures_is_enough():
    headers = standard_headers(SECRET.encode())
    headers["webhook-signature"] = f"v1,{sign(BODY, b'old')} v1a,other {headers['webhook-signature']}"

    assert bigcommerce.verify_signature(BODY, headers, SECRET)


def drop(name: str) -> Callable[[Headers], Headers]:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


@pytest.mark.parametrize(
    "spoil",
    [
        drop("webhook-id"),
        drop("webhook-timestamp"),
        drop("webhook-signature"),
        lambda headers: headers | {"webhook-id": "msg_2"},
        lambda headers: headers | {"webhook-timestamp": "soon"},
        lambda headers: headers | {"webhook-timestamp": "²"},
        lambda headers: headers | {"webhook-timestamp": "9" * 40},
        lambda headers: headers | {"webhook-signature": headers["webhook-signature"].removeprefix("v1,")},
    ],
)
def test_a_standard_webhook_that_was_touched_is_wrong(spoil: Callable[[Headers], Headers]):
    assert not bigcommerce.verify_signature(BODY, spoil(standard_headers(SECRET.encode())), SECRET)


@pytest.mark.parametrize("off", [-301, 301])
def test_an_old_message_proves_nothing(off: int):
    headers = standard_headers(SECRET.encode(), sent_at=time.time() + off)

    assert not bigcommerce.verify_signature(BODY, headers, SECRET)
