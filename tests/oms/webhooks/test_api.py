"""Webhook endpoints over HTTP."""

import pytest

from oms.models import EventRecord, StoredAnswer, WebhookDelivery, WebhookEndpoint
from tests.make.moments import NOON, ONE_DAY
from tests.make.orders import channel
from tests.make.partners import fresh, make_partner
from tests.make.snapshots import nothing_changes
from tests.make.webhooks import Clock, announce, endpoint, send_due, told_partner

pytestmark = pytest.mark.django_db(transaction=True)

URL = "https://partner.example/hooks"
MOMENTS = {"since": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z"}


@pytest.fixture
def partner():
    return make_partner("webhooks:write")


def test_an_address_is_entered_and_its_secret_is_in_that_answer_alone(partner):
    answer = partner.post("/webhook-endpoints", {"url": URL, "types": ["order.*"]})

    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["types"], made["active"], made["version"]) == (URL, ["order.*"], True, 1)
    assert answer["Location"] == f"/api/v1/webhook-endpoints/{made['id']}"
    read = partner.get(f"/webhook-endpoints/{made['id']}")
    assert read.json() == {name: value for name, value in made.items() if name != "secret"}
    assert read["ETag"] == '"1"'
    (told,) = EventRecord.objects.filter(type="webhook.added")
    assert told.by == partner.key.actor
    assert made["secret"] not in str(told.facts)


def test_asked_again_the_same_secret_is_told_and_none_lies_in_the_clear(partner):
    label = fresh()
    first = partner.post("/webhook-endpoints", {"url": URL}, label=label)
    again = partner.post("/webhook-endpoints", {"url": URL}, label=label)

    assert again["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.json(), again["Content-Type"]) == (201, first.json(), "application/json")
    assert WebhookEndpoint.objects.count() == 1
    assert first.json()["secret"].encode() not in bytes(StoredAnswer.objects.get().body)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"url": "http://partner.example/"}, "/url", "url_not_https"),
        ({"url": "ftp://partner.example/"}, "/url", "url_not_https"),
        ({"url": "https://10.0.0.1/"}, "/url", "url_private"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "/url", "url_private"),
        ({"url": "https://localhost/"}, "/url", "url_private"),
        ({"url": "https://partner.example:25/"}, "/url", "url_private"),
        ({"url": "https://a:b@partner.example/"}, "/url", "url_with_password"),
        ({"url": "https:///hooks"}, "/url", "url_malformed"),
        ({"url": "https://partner.example:99999/"}, "/url", "url_malformed"),
        ({"url": URL, "types": ["oder.placed"]}, "/types/0", "unknown_event_type"),
        ({"url": URL, "types": ["portal.code_asked"]}, "/types/0", "unknown_event_type"),
        ({"url": URL, "types": []}, "/types", "too_short"),
    ],
)
def test_what_cannot_be_called_or_heard_is_refused_and_changes_nothing(partner, settings, body, pointer, code):
    settings.CALL_PRIVATE_ADDRESSES = False
    with nothing_changes():
        answer = partner.post("/webhook-endpoints", body)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_only_who_may_manage_webhooks_gets_in():
    assert make_partner("orders:read").get("/webhook-endpoints").status_code == 403
    assert make_partner("orders:read").get("/events").status_code == 403


def test_a_key_with_limits_makes_and_sees_addresses_within_them_alone():
    channel("web"), channel("shop")
    everything = make_partner("webhooks:write")
    limited = make_partner("webhooks:write", channels=("web",))
    theirs = everything.post("/webhook-endpoints", {"url": URL}).json()["id"]

    made = limited.post("/webhook-endpoints", {"url": URL}).json()
    refused = limited.post("/webhook-endpoints", {"url": URL, "channels": ["shop"]})

    assert made["channels"] == ["web"]
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "outside_limits")
    assert [each["id"] for each in limited.get("/webhook-endpoints").json()["results"]] == [made["id"]]
    for path in ("", "/deliveries"):
        assert limited.get(f"/webhook-endpoints/{theirs}{path}").status_code == 404
    for path in ("/ping", "/secret-rotation"):
        assert limited.post(f"/webhook-endpoints/{theirs}{path}").status_code == 404
    assert limited.patch(f"/webhook-endpoints/{theirs}", {"types": ["order.*"]}).status_code == 404
    assert limited.delete(f"/webhook-endpoints/{theirs}").status_code == 404
    assert len(everything.get("/webhook-endpoints").json()["results"]) == 2


def test_a_change_asks_for_the_version_that_was_read(partner):
    made = endpoint(URL)
    stale = partner.patch(f"/webhook-endpoints/{made.pk}", {"types": ["order.held"]}, if_match='"7"')
    assert stale.status_code == 412
    changed = partner.patch(f"/webhook-endpoints/{made.pk}", {"types": ["order.held"]}, if_match='"1"')
    assert (changed.status_code, changed.json()["types"], changed["ETag"]) == (200, ["order.held"], '"2"')
    assert EventRecord.objects.get(type="webhook.changed").facts["changes"] == {
        "types": {"before": ["*"], "after": ["order.held"]}
    }


def test_removing_an_address_forgets_its_secret_and_ends_what_it_is_told(partner):
    made = endpoint(URL)
    assert partner.delete(f"/webhook-endpoints/{made.pk}").status_code == 204
    assert partner.get(f"/webhook-endpoints/{made.pk}").status_code == 404
    announce("1001")
    assert send_due(Clock()) == 0
    made.refresh_from_db()
    assert (made.secret, made.active) == ("", False)


def test_a_new_secret_leaves_the_old_one_good_for_a_day(partner):
    made = endpoint(URL)
    answer = partner.post(f"/webhook-endpoints/{made.pk}/secret-rotation")
    old, made = made.secret, WebhookEndpoint.objects.get()
    assert answer.json()["secret"] == made.secret != old
    assert made.previous_secret == old
    assert made.previous_secret_until is not None


def test_a_test_message_goes_the_way_of_all_others(partner):
    with told_partner("stock.low") as (made, receiver), told_partner() as (_, other):
        answer = partner.post(f"/webhook-endpoints/{made.pk}/ping")
        assert (answer.status_code, answer.json()["type"], answer.json()["state"]) == (202, "webhook.pinged", "WAITING")
        send_due(Clock(NOON + 3650 * ONE_DAY))
    assert (receiver.types, other.types) == (["webhook.pinged"], [])
    (row,) = partner.get(f"/webhook-endpoints/{made.pk}/deliveries").json()["results"]
    assert (row["id"], row["state"], row["status"]) == (answer.json()["id"], "DELIVERED", 200)


def test_a_delivery_is_sent_again_under_its_old_id(partner):
    clock = Clock(NOON + 3650 * ONE_DAY)
    with told_partner() as (made, receiver):
        announce("1001")
        send_due(clock)
        row = WebhookDelivery.objects.get()
        answer = partner.post(f"/deliveries/{row.pk}/replay")
        assert (answer.status_code, answer.json()["message_id"]) == (202, row.message_id)
        send_due(clock)
        assert receiver.ids == [row.message_id] * 2

        partner.patch(f"/webhook-endpoints/{made.pk}", {"active": False})
        refused = partner.post(f"/deliveries/{row.pk}/replay")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_endpoint_off")


def test_a_span_is_sent_again_and_what_was_never_sent_with_it(partner):
    clock = Clock(NOON + 3650 * ONE_DAY)
    announce("1001")
    with told_partner("order.*") as (made, receiver):
        announce("1002")
        send_due(clock)
        answer = partner.post(f"/webhook-endpoints/{made.pk}/replays", MOMENTS)
        assert answer.status_code == 202
        running = partner.post(f"/webhook-endpoints/{made.pk}/replays", MOMENTS)
        assert running.json()["code"] == "webhook_replay_running"
        send_due(clock)

    replay = partner.get(answer["Location"].removeprefix("/api/v1")).json()
    assert (replay["queued"], replay["per_cent"]) == (2, 100)
    assert sorted(message["data"]["subject"] for message in receiver.messages) == ["1001", "1002", "1002"]
    assert len(set(receiver.ids)) == 2


def test_a_span_that_ends_before_it_begins_is_refused(partner):
    made = endpoint(URL)
    span = {"since": MOMENTS["until"], "until": MOMENTS["since"]}
    answer = partner.post(f"/webhook-endpoints/{made.pk}/replays", span)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "span_empty")


@pytest.mark.parametrize(("skip", "sent"), [(False, ["1001", "1002"]), (True, ["1003"])])
def test_switched_on_again_it_goes_on_where_it_stopped_unless_that_is_to_be_skipped(partner, skip, sent):
    clock = Clock(NOON + 3650 * ONE_DAY)
    with told_partner() as (made, receiver):
        partner.patch(f"/webhook-endpoints/{made.pk}", {"active": False})
        announce("1001", "1002")
        assert send_due(clock) == 0
        partner.patch(f"/webhook-endpoints/{made.pk}", {"active": True, "skip_missed": skip})
        if skip:
            announce("1003")
        send_due(clock)
    assert sorted(message["data"]["subject"] for message in receiver.messages) == sent
