import re

import pytest

from oms.models import EventRecord, WebhookDelivery, WebhookEndpoint, WebhookReplay
from tests.fakes.serving import BROKEN
from tests.make.admin import NOW, table_rows, text_of
from tests.make.orders import channel
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.webhooks import Clock, announce, endpoint, send_due, told_partner

pytestmark = pytest.mark.django_db

LIST = "/admin/oms/webhookendpoint/"
LOG = "/admin/oms/webhookdelivery/"
NEW = {"url": "https://partner.example/hooks", "types": "order.*\nstock.low", "description": "3PL Leipzig"}


def page(made, verb=""):
    return f"{LIST}{made.pk}/do/{verb}/" if verb else f"{LIST}{made.pk}/change/"


@pytest.fixture
def ops():
    return browser()


def test_an_endpoint_is_entered_and_its_secret_shown_once(ops):
    channel("web")
    answer = ops.post(f"{LIST}new/", NEW | {"channels": ["web"], "warehouses": "lej"})

    made = WebhookEndpoint.objects.get()
    assert re.findall(r"whsec_[\w+/=]+", answer.content.decode()) == [made.secret]
    assert (made.types, made.channels, made.warehouses) == (["order.*", "stock.low"], ["web"], ["LEJ"])
    assert "no-store" in answer["Cache-Control"]
    for path in (LIST, page(made)):
        assert made.secret not in ops.get(path).content.decode()


def test_what_cannot_be_called_is_said_beside_its_field_and_enters_nothing(ops):
    with nothing_changes():
        answer = ops.post(f"{LIST}new/", NEW | {"url": "https://10.0.0.1/", "types": "oder.*"})
    assert answer.status_code == 422
    assert "This address lies in a private network" in text_of(answer)
    assert "Oder.* is no event" in text_of(answer)


def test_the_list_says_how_each_did_and_finds_the_troubled(ops, settings):
    settings.CALL_PRIVATE_ADDRESSES = True
    with told_partner() as (made, receiver):
        announce("1001")
        receiver.have_trouble(BROKEN)
        send_due(Clock(NOW))
    well = endpoint("https://well.example/hooks")
    words = text_of(ops.get(f"{LIST}?view=all"))
    assert "0 delivered, 1 failed" in words
    assert "nothing sent" in words
    assert table_rows(ops.get(f"{LIST}?view=troubled")) == [made]
    assert well.active


def test_the_page_shows_the_last_day_by_the_hour_and_the_newest_deliveries(ops, settings):
    settings.CALL_PRIVATE_ADDRESSES = True
    with told_partner() as (made, _):
        empty = text_of(ops.get(page(made)))
        announce("1001", "1002")
        send_due(Clock(NOW))
    assert "Nothing was sent in the last 24 hours." in empty
    shown = ops.get(page(made))
    assert shown.context["rows"][0][1:] == (2, 0)
    assert "1001" in text_of(shown)


def test_a_test_message_is_asked_for_and_stands_among_the_deliveries(ops):
    made = endpoint()
    assert "webhook.pinged" in text_of(ops.get(page(made, "ping")))
    answer = ops.post(page(made, "ping"))
    assert "A test message is on its way" in said(answer)[0]
    assert WebhookDelivery.objects.get().type == "webhook.pinged"


def test_switching_off_and_on_again_is_signed(ops):
    made = endpoint()
    ops.post(page(made, "off"))
    made.refresh_from_db()
    assert not made.active
    assert "Switch on" in text_of(ops.get(page(made)))
    ops.post(page(made, "on"))
    made.refresh_from_db()
    assert made.active
    told = EventRecord.objects.filter(subject_kind="webhook_endpoint").values_list("type", "by").order_by("id")
    assert list(told)[1:] == [("webhook.disabled", "staff:ada"), ("webhook.enabled", "staff:ada")]


def test_a_new_secret_is_shown_once_and_the_old_one_kept_as_long_as_wished(ops):
    made = endpoint()
    answer = ops.post(page(made, "rotate"), {"keep_hours": 48})
    now = WebhookEndpoint.objects.get()
    assert now.secret in answer.content.decode()
    assert (now.previous_secret, (now.previous_secret_until - NOW).days) == (made.secret, 2)


def test_a_span_is_sent_again_with_its_progress_on_the_page(ops):
    made = endpoint()
    answer = ops.post(page(made, "replay"), {"since": "2020-01-01T00:00", "until": "2040-01-01T00:00"})
    assert "The span is being sent again" in said(answer)[0]
    assert WebhookReplay.objects.get().endpoint == made
    assert "0 % looked through" in text_of(ops.get(page(made)))


def test_a_change_and_a_removal(ops):
    made = endpoint()
    ops.post(page(made, "edit"), NEW)
    made.refresh_from_db()
    assert (made.types, made.description) == (["order.*", "stock.low"], "3PL Leipzig")
    ops.post(page(made, "remove"))
    assert ops.get(page(made)).status_code == 404
    assert table_rows(ops.get(LIST)) == []


def test_deliveries_are_found_by_order_by_message_and_by_endpoint_and_sent_again(ops, settings):
    settings.CALL_PRIVATE_ADDRESSES = True
    with told_partner() as (made, _):
        announce("1001", "1002")
        send_due(Clock(NOW))
    one, other = WebhookDelivery.objects.order_by("subject")
    assert table_rows(ops.get(f"{LOG}?q=1001")) == [one]
    assert table_rows(ops.get(f"{LOG}?q={other.message_id}")) == [other]
    assert len(table_rows(ops.get(f"{LOG}?endpoint={made.pk}&view=delivered"))) == 2
    assert one.message_id in text_of(ops.get(f"{LOG}{one.pk}/change/"))

    answer = ops.post(LOG, {"action": "send_again", "_selected_action": [one.pk, other.pk]}, follow=True)
    assert "2 messages are on the way again." in text_of(answer)
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"WAITING"}


@pytest.mark.parametrize("verb", ["ping", "replay", "edit", "rotate", "off", "remove"])
def test_who_may_only_read_changes_nothing(verb):
    made = endpoint()
    reader = browser("eve", role="read-only")
    assert reader.get(page(made)).status_code == 200
    with nothing_changes():
        assert reader.post(page(made, verb)).status_code == 403


def test_the_dashboard_says_when_an_endpoint_is_in_trouble(ops):
    made = endpoint()
    made.failing_since = NOW
    made.save()
    assert "off or failing" in text_of(ops.get("/admin/"))


def test_empty_lists_say_so(ops):
    assert "Nobody is told by webhook yet." in text_of(ops.get(LIST))
    assert "Nothing was sent yet." in text_of(ops.get(LOG))
