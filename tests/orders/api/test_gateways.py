"""Gateways call us: what they signed is taken once; what they did not sign leaves only a trace."""

import pytest
from django.test import Client

from orders.models import GatewayMessage
from tests.fakes.stripe_server import signed_event
from tests.make.gateways import money, open_page, stripe, unpaid_order
from tests.make.snapshots import announced, nothing_changes

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

PATH = "/api/v1/gateways/stripe/webhooks"


def send(body, headers=None, *, path=PATH):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return browser.post(path, body, content_type="application/json", headers=headers or {})


def test_a_signed_payment_is_taken_and_the_gateway_learns_what_came_of_it(stripe):
    order = unpaid_order()
    event = stripe.account.pay(open_page(order).reference)

    answer = send(*signed_event(event))

    assert (answer.status_code, answer.json()) == (200, {"results": [{"id": event["id"], "outcome": "paid"}]})
    assert money(order) == ("19.90", "0.00", "0.00")
    assert not answer.cookies


def test_the_same_message_again_is_answered_alike_and_changes_nothing(stripe):
    event = stripe.account.pay(open_page(unpaid_order()).reference)
    first = send(*signed_event(event))
    with nothing_changes():
        again = send(*signed_event(event))
    assert again.json() == first.json()


def test_what_concerns_nobody_here_is_answered_200_and_kept(stripe):
    event = stripe.account.tell("checkout.session.expired", {"id": "cs_of_another_shop"})
    assert send(*signed_event(event)).status_code == 200
    message = GatewayMessage.objects.get()
    assert (message.gateway, message.external_id, message.outcome) == ("stripe", event["id"], "unknown here")


@pytest.mark.parametrize("how", ["changed", "other secret", "unsigned", "old"])
def test_what_the_gateway_did_not_sign_is_refused_and_leaves_one_trace_a_minute(stripe, how):
    order = unpaid_order()
    event = stripe.account.pay(open_page(order).reference)
    body, headers = signed_event(event, secret="whsec_other" if how == "other secret" else "whsec_the_one_that_fits")
    body = body + b" " if how == "changed" else body
    headers = {} if how == "unsigned" else headers
    if how == "old":
        body, headers = signed_event(event, sent_at=1_700_000_000)

    statuses = {send(body, headers).status_code for _ in range(3)}

    assert statuses == {401}
    assert announced("stripe", "gateway") == ["gateway.signature_refused"]
    assert not GatewayMessage.objects.exists()
    assert money(order) == ("0.00", "0.00", "19.90")


def test_without_a_secret_nobody_is_believed(stripe, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    body, headers = signed_event({"id": "evt_1", "type": "x", "data": {"object": {}}}, secret="")
    assert send(body, headers).status_code == 401


def test_signed_nonsense_is_refused_as_such(stripe):
    with nothing_changes():
        answer = send(*signed_event(["no event"]))
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


@pytest.mark.parametrize("code", ["manual", "sandbox", "channel", "paypal"])
def test_a_gateway_that_sends_nothing_has_no_address(stripe, code):
    with nothing_changes():
        assert send(b"{}", path=f"/api/v1/gateways/{code}/webhooks").status_code == 404


def test_only_post_is_understood_and_not_more_than_a_megabyte(stripe):
    assert Client().get(PATH).status_code == 405
    assert send(b"x" * (2**20 + 1)).status_code == 413


def test_no_secret_reaches_a_log(stripe, caplog):
    order = unpaid_order()
    caplog.set_level("DEBUG")
    event = stripe.account.pay(open_page(order).reference)
    send(*signed_event(event))
    send(b"{}", {"Stripe-Signature": "t=1,v1=x"})
    assert "sk_test" not in caplog.text
    assert "whsec" not in caplog.text
