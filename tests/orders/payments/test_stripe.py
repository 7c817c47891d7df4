"""What is Stripe's own: its units, its page's times, its keys, its silence, its words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.currencies import MINOR_UNITS
from oms.money import minor_unit
from orders.payments.limits import find_limits
from orders.payments.port import GatewayRefused, GatewayUnavailable, NewsKind, NotNews, Pending, Refunded
from orders.payments.stripe_gateway import StripeGateway, page_end
from orders.payments.stripe_money import from_stripe, to_stripe
from tests.fakes.serving import GONE, LOST
from tests.fakes.stripe_rules import SMALLEST as SMALLEST_THERE
from tests.fakes.stripe_server import DOWN, IN_USE, SECRET_KEY, TOO_MANY, WEBHOOK_SECRET, signed_event
from tests.orders.payments.asks import checkout_ask, now, refund_ask
from tests.properties.profiles import PURE


@pytest.fixture
def gateway(stripe):
    return StripeGateway(SECRET_KEY, api_base=stripe.url, timeout=5)


@pytest.fixture
def payment(stripe):
    return stripe.account.take(1990, "eur")["id"]


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("19.90", "EUR", 1990), ("500", "JPY", 500), ("5", "UGX", 500), ("7", "ISK", 700), ("5.120", "KWD", 5120),
     ("1200", "HUF", 120000), ("3", "MGA", 3)],
)  # fmt: skip
def test_amounts_are_counted_as_stripe_counts_them(amount, currency, units):
    assert to_stripe(Decimal(amount), currency) == units
    assert from_stripe(units, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("5.124", "KWD"), ("0.5", "MGA"), ("0.001", "EUR")])
def test_what_stripe_cannot_count_is_refused_and_not_rounded(amount, currency):
    with pytest.raises(GatewayRefused, match="too fine"):
        to_stripe(Decimal(amount), currency)


@PURE
@given(st.sampled_from(sorted(MINOR_UNITS)), st.integers(1, 10**9))
def test_an_amount_is_the_same_there_and_back_or_it_is_refused(currency, units):
    amount = units * minor_unit(currency)
    try:
        assert from_stripe(to_stripe(amount, currency), currency) == amount
    except GatewayRefused:
        assert currency in {"BHD", "JOD", "KWD", "OMR", "TND", "IQD", "LYD", "MGA", "CLF", "UYW"}


@PURE
@given(st.sampled_from(sorted(MINOR_UNITS)), st.integers(1, 10**6))
def test_what_may_be_asked_for_is_what_can_be_counted_and_is_large_enough(currency, units):
    amount = units * minor_unit(currency)
    limits = find_limits("stripe", currency)
    try:
        to_stripe(amount, currency)
    except GatewayRefused:
        assert not limits.allow(amount)
    else:
        assert limits.allow(amount) == (amount >= limits.smallest)


@pytest.mark.parametrize("currency", sorted(SMALLEST_THERE))
def test_a_page_opens_for_the_smallest_amount_and_not_for_less(gateway, currency):
    smallest = find_limits("stripe", currency.upper()).smallest
    asked = {"asked_at": now(), "currency": currency.upper()}
    assert gateway.open_checkout(checkout_ask(key="least", amount=smallest, **asked)).url
    with pytest.raises(GatewayRefused, match="at least"):
        gateway.open_checkout(checkout_ask(key="less", amount=smallest - minor_unit(currency.upper()), **asked))


@pytest.mark.parametrize("gateway_code", ["manual", "channel", "sandbox"])
def test_other_gateways_ask_for_any_amount(gateway_code):
    assert find_limits(gateway_code, "EUR").allow(Decimal("0.01"))


def test_a_page_lives_as_long_as_stripe_allows_and_says_the_same_whenever_it_is_asked_for():
    at = now()
    short = checkout_ask(asked_at=at, expires_at=at + timedelta(minutes=5))
    long = checkout_ask(asked_at=at, expires_at=at + timedelta(days=3))
    assert page_end(short) == at + timedelta(hours=1)
    assert page_end(long) == at + timedelta(hours=24)


def test_a_page_can_still_be_opened_half_an_hour_after_it_was_asked_for(gateway):
    at = now() - timedelta(minutes=29)
    assert gateway.open_checkout(checkout_ask(asked_at=at, expires_at=at + timedelta(minutes=30))).url


def test_the_page_names_the_order_and_the_checkout(gateway, stripe):
    ask = checkout_ask()
    gateway.open_checkout(ask)
    (sent,) = stripe.posts("/checkout/sessions")
    assert (sent["mode"], sent["client_reference_id"]) == ("payment", "1001")
    assert sent["metadata"] == sent["payment_intent_data"]["metadata"] == {"checkout": ask.key, "order": "1001"}
    assert sent["line_items"]["0"]["price_data"]["unit_amount"] == "1990"


def test_an_amount_below_stripes_smallest_is_refused_in_stripes_words(gateway):
    with pytest.raises(GatewayRefused, match="at least 50 cents"):
        gateway.open_checkout(checkout_ask(amount=Decimal("0.20")))


@pytest.mark.parametrize("trouble", [TOO_MANY, DOWN, IN_USE, GONE])
def test_what_may_pass_is_asked_again(gateway, stripe, trouble):
    ask = checkout_ask()
    stripe.have_trouble(trouble)
    with pytest.raises(GatewayUnavailable) as silence:
        gateway.open_checkout(ask)
    assert silence.value.retry_after == (7 if trouble is TOO_MANY else 0)
    assert gateway.open_checkout(ask).url
    assert len(stripe.account.sessions) == 1


def test_a_wrong_key_is_something_to_mend_and_its_error_does_not_tell_it(stripe):
    stranger = StripeGateway("sk_test_wrong_one", api_base=stripe.url)
    with pytest.raises(GatewayUnavailable) as silence:
        stranger.open_checkout(checkout_ask())
    assert "sk_test" not in str(silence.value)


def test_a_lost_answer_is_found_again_by_the_key(gateway, stripe, payment):
    ask = refund_ask(payment)
    stripe.have_trouble(LOST)
    with pytest.raises(GatewayUnavailable):
        gateway.refund(ask)
    assert isinstance(gateway.refund(ask), Refunded)
    assert stripe.account.returned() == 500


def test_a_day_later_when_the_key_is_forgotten_the_refund_is_found_by_its_name(gateway, stripe, payment):
    ask = refund_ask(payment)
    first = gateway.refund(ask)
    stripe.forget_keys()
    assert gateway.refund(refund_ask(payment, identity=ask.identity, key=ask.key, again=True)) == first
    assert stripe.account.returned() == 500


def test_it_is_found_among_more_refunds_than_one_page_holds(gateway, stripe, payment):
    ask = refund_ask(payment, amount=Decimal("0.50"))
    first = gateway.refund(ask)
    for _ in range(120):
        gateway.refund(refund_ask(payment, amount=Decimal("0.01")))
    stripe.forget_keys()
    again = refund_ask(payment, identity=ask.identity, key=ask.key, amount=ask.amount, again=True)
    assert gateway.refund(again) == first


def test_a_stored_500_is_repeated_until_staff_send_it_under_a_new_key(gateway, stripe, payment):
    ask = refund_ask(payment)
    stripe.breaks_next = True
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            gateway.refund(ask)
    again = refund_ask(payment, identity=ask.identity, key=f"{ask.key}-1", again=True)
    assert isinstance(gateway.refund(again), Refunded)
    assert stripe.account.returned() == 500


def test_a_refund_that_takes_its_time_is_pending_and_then_done_or_not(gateway, stripe, payment):
    stripe.account.refunds_end_as = "pending"
    ask = refund_ask(payment)
    answer = gateway.refund(ask)
    assert isinstance(answer, Pending)
    stripe.account.end_refund(answer.reference, "succeeded")
    known = refund_ask(payment, identity=ask.identity, key=ask.key, reference=answer.reference)
    assert gateway.refund(known) == Refunded(answer.reference)
    stripe.account.end_refund(answer.reference, "failed", reason="expired_or_canceled_card")
    with pytest.raises(GatewayRefused, match="expired or canceled card"):
        gateway.refund(known)


def test_a_failed_attempt_is_no_refund_so_the_next_one_makes_a_new(gateway, stripe, payment):
    stripe.account.refunds_end_as = "failed"
    ask = refund_ask(payment)
    with pytest.raises(GatewayRefused, match="insufficient funds"):
        gateway.refund(ask)
    stripe.account.refunds_end_as = "succeeded"
    again = refund_ask(payment, identity=ask.identity, key=f"{ask.key}-1", again=True)
    assert isinstance(gateway.refund(again), Refunded)


def test_a_payment_that_stripe_never_saw_is_refused_before_anybody_is_asked(gateway, stripe):
    with pytest.raises(GatewayRefused, match="names no payment at Stripe"):
        gateway.refund(refund_ask("bank transfer 7"))
    assert stripe.asked == []


def test_a_signed_webhook_is_believed_for_five_minutes_and_by_its_secret_only(gateway, stripe):
    reference = gateway.open_checkout(checkout_ask()).reference
    event = stripe.account.pay(reference)
    body, headers = signed_event(event)
    assert gateway.verify_webhook(body, headers, WEBHOOK_SECRET)
    assert not gateway.verify_webhook(body + b" ", headers, WEBHOOK_SECRET)
    assert not gateway.verify_webhook(body, headers, "whsec_another")
    assert not gateway.verify_webhook(b"\xff", headers, WEBHOOK_SECRET)
    old_body, old = signed_event(event, sent_at=now().timestamp() - 301)
    assert not gateway.verify_webhook(old_body, old, WEBHOOK_SECRET)


def test_a_page_that_was_completed_but_not_paid_is_no_payment_yet(gateway, stripe):
    reference = gateway.open_checkout(checkout_ask()).reference
    body, _ = signed_event(stripe.account.pay(reference, later=True))
    assert gateway.read_news(body)[0].kind == NewsKind.OTHER
    assert gateway.close_checkout(reference) is None
    session = stripe.account.sessions[reference] | {"payment_status": "paid"}
    body, _ = signed_event(stripe.account.tell("checkout.session.async_payment_succeeded", session))
    assert gateway.read_news(body)[0].kind == NewsKind.CHECKOUT_PAID


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": "evt_1"}', b'{"id":"e","type":"x","data":{}}',
                                  b'{"id":"e","type":"refund.updated","data":{"object":{"id":"re","status":"x",'
                                  b'"currency":"zz","amount":1}}}',
                                  b'{"id":"e\\u0000","type":"x","data":{"object":{"id":"re"}}}',
                                  b'{"id":"e","type":"refund.updated","data":{"object":{"id":"re","status":"x",'
                                  b'"currency":"eur","amount":1e40}}}'])  # fmt: skip
def test_what_is_no_event_is_no_news(gateway, body):
    with pytest.raises(NotNews):
        gateway.read_news(body)


def test_an_event_that_does_not_concern_us_is_other_news(gateway, stripe):
    body, _ = signed_event(stripe.account.tell("customer.created", {"id": "cus_1"}))
    assert gateway.read_news(body)[0].kind == NewsKind.OTHER
