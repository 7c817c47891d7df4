import orjson
import pytest

from orders.actions.intake.taking import Message, take_messages
from orders.models import Order, QuarantinedMessage
from tests.make.admin import NOW, table_rows, text_of
from tests.make.moments import NOON
from tests.make.orders import channel, order_body
from tests.make.staff import browser, said
from tests.make.stock import stocked_variant

LIST = "/admin/orders/quarantinedmessage/"

pytestmark = pytest.mark.django_db


def quarantined(body: bytes = b'{"id": 1, "note": "<script>alert(1)</script>"') -> QuarantinedMessage:
    """A message that is broken JSON, unless said otherwise."""
    take_messages(
        [Message(body=body, source="webhook")], channel=channel("web"), format="jsonl", by="channel:web", at=NOON
    )
    return QuarantinedMessage.objects.latest("id")


def of_an_unknown_sku() -> QuarantinedMessage:
    return quarantined(orjson.dumps(order_body()))


def state_of(message: QuarantinedMessage) -> str:
    message.refresh_from_db()
    return message.state


def test_messages_are_counted_by_reason_the_most_first():
    quarantined(), quarantined(b"{"), of_an_unknown_sku()

    response = browser().get(LIST)

    assert response.context["cl"].reasons == [("broken_json", "Broken JSON", 2), ("unknown_sku", "Unknown SKU", 1)]
    assert len(table_rows(response)) == 3


def test_the_list_never_reads_the_messages_themselves(django_assert_max_num_queries):
    quarantined()
    client = browser()

    with django_assert_max_num_queries(20) as queries:
        client.get(LIST)

    assert not any('"orders_quarantinedmessage"."body"' in query["sql"] for query in queries)


def test_without_messages_all_is_well():
    assert "All is well. Every message of every channel was taken." in text_of(browser().get(LIST))


def test_a_message_shows_escaped_with_what_to_do():
    message = quarantined()

    response = browser().get(f"{LIST}{message.pk}/change/")

    html = response.content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "Ask the sender for it again." in text_of(response)


def test_json_is_indented_and_binary_shown_in_hexadecimal():
    client = browser()
    tidy = of_an_unknown_sku()
    binary = quarantined(b"\x00\xff\x01PK")

    assert client.get(f"{LIST}{tidy.pk}/change/").context["body"].text.startswith('{\n  "channel": "web"')
    shown = client.get(f"{LIST}{binary.pk}/change/").context["body"]
    assert shown.kind == "binary"
    assert shown.text.startswith("00000000  00 ff 01 50 4b")
    assert shown.text.endswith("...PK")


def test_the_message_can_be_downloaded_byte_for_byte_but_never_shown_as_a_page():
    message = quarantined(b"<script>alert(1)</script>")

    response = browser().get(f"{LIST}{message.pk}/body/")

    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_retrying_once_the_cause_is_mended_makes_the_order():
    message = of_an_unknown_sku()
    stocked_variant()
    client, page = browser(), f"{LIST}retry/?id={message.pk}"
    assert "1 message will be read again" in text_of(client.get(page))
    assert not Order.objects.exists()

    response = client.post(page)

    assert said(response) == ["1 message taken."]
    assert state_of(message) == QuarantinedMessage.State.TAKEN
    assert message.order == Order.objects.get()
    assert message.settled_by == "staff:ada"


def test_retrying_too_early_says_so_and_keeps_the_message():
    message = of_an_unknown_sku()

    response = browser().post(f"{LIST}retry/?id={message.pk}")

    assert "1 message still cannot be taken" in said(response)[0]
    assert state_of(message) == QuarantinedMessage.State.OPEN
    assert message.attempts == 2


def test_all_of_one_reason_are_retried_and_no_others():
    unknown, broken = of_an_unknown_sku(), quarantined()
    stocked_variant()

    browser().post(f"{LIST}retry/?reason=unknown_sku")

    assert state_of(unknown) == QuarantinedMessage.State.TAKEN
    assert state_of(broken) == QuarantinedMessage.State.OPEN
    assert broken.attempts == 1


def test_the_ticks_of_the_list_lead_to_the_question():
    first, second = quarantined(), quarantined(b"{")

    response = browser().post(LIST, {"action": "dismiss", "_selected_action": [first.pk, second.pk], "index": "0"})

    assert response["Location"] == f"{LIST}dismiss/?id={first.pk}&id={second.pk}"


def test_dismissing_needs_a_note_and_keeps_the_message():
    message, other = quarantined(), quarantined(b"{")
    client, page = browser(), f"{LIST}dismiss/?id={message.pk}"

    assert client.post(page).status_code == 422
    assert state_of(message) == QuarantinedMessage.State.OPEN
    response = client.post(page, {"note": "A test of theirs"})

    assert said(response) == ["1 message dismissed."]
    assert state_of(message) == QuarantinedMessage.State.DISMISSED
    assert (message.note, message.settled_by, message.settled_at) == ("A test of theirs", "staff:ada", NOW)
    assert state_of(other) == QuarantinedMessage.State.OPEN


def test_settled_messages_have_views_of_their_own():
    message = quarantined()
    client = browser()
    client.post(f"{LIST}dismiss/?id={message.pk}", {"note": "x"})

    assert table_rows(client.get(LIST, {"view": "open"})) == []
    assert table_rows(client.get(LIST, {"view": "dismissed"})) == [message]


def test_readers_may_look_but_not_settle():
    message = quarantined()
    client = browser(role="read-only")

    assert client.get(f"{LIST}{message.pk}/change/").status_code == 200
    assert client.post(f"{LIST}retry/?id={message.pk}").status_code == 403
    assert client.post(f"{LIST}dismiss/?id={message.pk}", {"note": "x"}).status_code == 403
    assert state_of(message) == QuarantinedMessage.State.OPEN


def test_there_is_no_page_of_a_message_that_does_not_exist():
    assert browser().get(f"{LIST}99/change/").status_code == 404
    assert browser("bob").get(f"{LIST}nonsense/change/").status_code == 404
