"""Events, deliveries and channels."""

import pytest

from oms.models import Channel, Delivery, EventRecord
from tests.make.admin import NOW, table_rows, text_of
from tests.make.moments import NOON
from tests.make.orders import channel
from tests.make.staff import browser, said

EVENTS, DELIVERIES = "/admin/oms/eventrecord/", "/admin/oms/delivery/"

pytestmark = pytest.mark.django_db


def event(subject: str = "1000001", *, kind: str = "order", type_: str = "order.placed", **facts) -> EventRecord:
    sequence = EventRecord.objects.filter(subject_kind=kind, subject=subject).count() + 1
    return EventRecord.objects.create(
        type=type_, subject_kind=kind, subject=subject, sequence=sequence, by="channel:web", at=NOON, facts=facts
    )


def dead_letter(subject: str = "1000001", error: str = "ConnectionError: timed out") -> Delivery:
    return Delivery.objects.create(
        event=event(subject), reaction="orders.reactions.tell", state=Delivery.State.DEAD, attempts=12, last_error=error
    )


def test_events_are_found_by_what_they_are_about():
    wanted = [event("1000001"), event("1000001", type_="order.held")]
    event("1000002")

    response = browser().get(EVENTS, {"q": " 1000001 "})

    assert table_rows(response) == wanted[::-1]


def test_events_are_narrowed_by_type_and_the_choice_is_offered():
    event()
    held = event(type_="order.held")

    response = browser().get(EVENTS, {"type": "order.held"})

    assert table_rows(response) == [held]
    assert "order.placed" in response.content.decode()


def test_the_facts_of_an_event_are_escaped():
    hostile = event(note="<script>alert(1)</script>")

    page = browser().get(f"{EVENTS}{hostile.pk}/change/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_events_cannot_be_changed_or_deleted():
    recorded, client = event(), browser(superuser=True)

    assert client.post(f"{EVENTS}{recorded.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{EVENTS}add/").status_code == 403
    assert EventRecord.objects.get() == recorded


def test_dead_letters_stand_first_with_their_error():
    dead = dead_letter(error="<b>boom</b>")
    Delivery.objects.create(event=event(), reaction="orders.reactions.tell")

    response = browser().get(DELIVERIES)

    assert table_rows(response) == [dead]
    assert "<b>boom</b>" in text_of(response)


def test_selected_dead_letters_are_sent_again():
    first, second = dead_letter("1"), dead_letter("2")

    response = browser().post(DELIVERIES, {"action": "send_again", "_selected_action": [first.pk], "index": "0"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert said(response) == ["1 delivery is on the way again."]
    assert (first.state, first.attempts, first.run_after) == (Delivery.State.WAITING, 0, NOW)
    assert second.state == Delivery.State.DEAD


def test_all_dead_letters_are_sent_again_after_a_question():
    dead_letter("1"), dead_letter("2")
    client = browser()

    assert "Mend the cause first" in text_of(client.get(f"{DELIVERIES}send-all-again/"))
    assert Delivery.objects.dead().count() == 2
    client.post(f"{DELIVERIES}send-all-again/")

    assert not Delivery.objects.dead().exists()


def test_without_dead_letters_all_is_well():
    assert "All is well." in text_of(browser().get(DELIVERIES))


def test_readers_cannot_send_again():
    dead = dead_letter()
    client = browser(role="read-only")

    client.post(DELIVERIES, {"action": "send_again", "_selected_action": [dead.pk], "index": "0"})

    assert client.post(f"{DELIVERIES}send-all-again/").status_code == 403
    assert Delivery.objects.dead().count() == 1


CHANNEL = {
    "name": "Web",
    "connector": "SHOPIFY",
    "currency": "EUR",
    "edit_window_minutes": 45,
    "self_service_share": 100,
    "approval_minutes": 600,
    "payment_minutes": 20,
    "gateway": "manual",
}
"""What the form of a channel sends."""


def test_a_channels_secret_goes_in_and_never_comes_out():
    web = channel("web")
    client, page = browser(), f"/admin/oms/channel/{web.pk}/change/"

    client.post(page, CHANNEL | {"currency": "eur", "active": "on", "new_secret": "whsec-very-secret"})

    web.refresh_from_db()
    assert (web.webhook_secret, web.currency, web.edit_window_minutes) == ("whsec-very-secret", "EUR", 45)
    shown = client.get(page).content.decode()
    assert "whsec-very-secret" not in shown
    assert "http://testserver/api/v1/channels/web/webhooks/" in shown


def test_an_empty_secret_keeps_the_old_one():
    web = channel("web", webhook_secret="kept")

    response = browser().post(f"/admin/oms/channel/{web.pk}/change/", CHANNEL | {"new_secret": ""})

    assert response.status_code == 302
    assert Channel.objects.get().webhook_secret == "kept"


def test_how_customers_may_edit_is_said_on_the_channel():
    web = channel("web")

    browser().post(f"/admin/oms/channel/{web.pk}/change/", CHANNEL | {"self_service_share": 25, "gateway": "stripe"})

    web.refresh_from_db()
    assert (web.self_service_share, web.gateway, web.payment_minutes, web.approval_minutes) == (25, "stripe", 20, 600)


@pytest.mark.parametrize("wrong", [{"gateway": "purse"}, {"self_service_share": 101}])
def test_a_gateway_or_share_that_cannot_be_changes_nothing(wrong):
    web = channel("web")

    response = browser().post(f"/admin/oms/channel/{web.pk}/change/", CHANNEL | wrong)

    web.refresh_from_db()
    assert response.status_code == 200
    assert (web.gateway, web.self_service_share, web.edit_window_minutes) == ("manual", 100, 30)


def test_a_currency_that_does_not_exist_is_refused():
    web = channel("web")
    body = {"name": "Web", "connector": "SHOPIFY", "currency": "XQX", "edit_window_minutes": 45}

    response = browser().post(f"/admin/oms/channel/{web.pk}/change/", body)

    assert "XQX is not an ISO 4217 currency code." in text_of(response)
    assert Channel.objects.get().currency == "EUR"
