"""How fast one may ask."""

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from oms.api.throttling import Meter, address_of
from oms.models import ApiKey
from oms.policies.throttling import MINUTE, judge_pace
from tests.make.partners import make_partner

trial = pytest.mark.urls("tests.oms.api.trial")

gaps = st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=200)


@given(gaps, st.integers(1, 500), st.floats(0, 1e6))
def test_no_window_lets_in_more_than_twice_the_limit_and_the_long_run_keeps_it(gaps, per_minute, start):
    """A burst of the limit at once, and then the steady rate: within t seconds at most limit + rate · t."""
    allowed, full_at, now = [], 0.0, start
    for gap in gaps:
        now += gap
        pace = judge_pace(full_at=full_at, now=now, per_minute=per_minute)
        full_at = pace.full_at
        allowed += [now] if pace.allowed else []
    for place, first in enumerate(allowed):
        for count, last in enumerate(allowed[place:], start=1):
            assert count <= per_minute + (last - first) * per_minute / MINUTE + 1e-3


@given(st.integers(1, 1000), st.floats(0, 1e6))
def test_the_whole_limit_may_come_at_once_and_not_one_more(per_minute, now):
    full_at, remaining = 0.0, []
    for _ in range(per_minute):
        pace = judge_pace(full_at=full_at, now=now, per_minute=per_minute)
        assert pace.allowed
        full_at = pace.full_at
        remaining.append(pace.remaining)
    assert remaining == list(range(per_minute - 1, -1, -1))
    assert not judge_pace(full_at=full_at, now=now, per_minute=per_minute).allowed


@given(gaps, st.integers(1, 100))
def test_whoever_waits_as_long_as_told_is_let_in(gaps, per_minute):
    full_at, now = 0.0, 1000.0
    for gap in gaps:
        now += gap / 100
        pace = judge_pace(full_at=full_at, now=now, per_minute=per_minute)
        if not pace.allowed:
            now += pace.wait
            pace = judge_pace(full_at=full_at, now=now, per_minute=per_minute)
        assert pace.allowed
        full_at = pace.full_at


def test_a_meter_forgets_whom_it_has_not_seen_for_longest():
    meter = Meter(most=2)
    for who in ("a", "b", "a", "c"):
        meter.count(who, per_minute=1, now=1000.0)
    assert len(meter) == 2
    assert not meter.count("a", per_minute=1, now=1000.0).allowed
    assert meter.count("b", per_minute=1, now=1000.0).allowed


@trial
@pytest.mark.django_db
def test_a_key_that_asks_too_often_is_told_when_to_come_again():
    partner = make_partner()
    ApiKey.objects.filter(pk=partner.key.pk).update(requests_per_minute=2)
    answers = [partner.get("/channels") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit"] == '"minute";r=1;t=30'
    assert answers[2]["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert answers[2]["Retry-After"] == "30"
    assert answers[2].json()["code"] == "too_many_requests"
    assert make_partner().get("/channels").status_code == 200


@trial
@pytest.mark.django_db
def test_the_processes_share_one_limit(settings):
    settings.WEB_CONCURRENCY = 4
    partner = make_partner()
    ApiKey.objects.filter(pk=partner.key.pk).update(requests_per_minute=8)
    assert [partner.get("/channels").status_code for _ in range(3)] == [200, 200, 429]


@trial
@pytest.mark.django_db
def test_guessing_keys_is_slowed_down_but_never_stops_a_good_one():
    guesser = Client(headers={"authorization": "Bearer guess"})
    answers = [guesser.get("/api/v1/channels") for _ in range(90)]  # in far less than the minute that 90 may take
    assert {answer.status_code for answer in answers[:60]} == {401}
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1
    assert make_partner().get("/channels").status_code == 200
    elsewhere = Client(REMOTE_ADDR="198.51.100.7").get("/api/v1/channels")
    assert elsewhere.status_code == 401


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "1.2.3.4"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies_vouch_for_it(settings, proxies, forwarded, address):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    http = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    assert address_of(http) == address
