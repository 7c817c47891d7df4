"""Staff see what customers were mailed, as they see it, and can have it sent again to the same address."""

import pytest

from oms.actions.mailing import send_messages
from oms.actions.posting import Envelope, withhold_letter
from oms.models import EventRecord, Message
from tests.make.admin import NOW, table_rows, text_of
from tests.make.mails import posted
from tests.make.orders import placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said

LIST = "/admin/oms/message/"

pytestmark = pytest.mark.django_db


def page(message, *rest):
    return "/".join([f"{LIST}{message.pk}", *rest]) + "/"


def sent(key="hello.1", **fields):
    message = posted(key, **fields)
    send_messages(at=NOW)
    return message


def test_the_list_says_what_to_whom_and_how_it_went():
    sent()
    text = text_of(browser().get(LIST))
    assert "Hello ada@example.com 1001 sent" in text


def test_what_was_held_back_says_why():
    withhold_letter(Envelope(key="x", kind="shipped", about_kind="order", about="1001"), Message.Why.TEST, at=NOW)
    text = text_of(browser().get(LIST, {"view": "suppressed"}))
    assert "Shipped" in text
    assert "It is a test order." in text


def test_a_mail_is_found_by_its_address_and_by_its_order():
    first, second = sent("a"), sent("b", to="bob@example.com")
    client = browser()
    assert table_rows(client.get(LIST, {"q": "bob@example.com"})) == [second]
    assert table_rows(client.get(LIST, {"q": "1001"})) == [second, first]
    assert table_rows(client.get(LIST, {"q": "1002"})) == []


def test_the_list_asks_as_often_for_twenty_as_for_one(django_assert_max_num_queries):
    for n in range(20):
        posted(f"m.{n}")
    client = browser()
    with django_assert_max_num_queries(18):
        client.get(LIST)


def test_the_page_shows_the_mail_in_a_frame_that_runs_nothing():
    message = sent(paragraphs=["<script>alert(1)</script>"])
    client = browser()
    shown = client.get(page(message, "change")).content.decode()
    assert f'src="{page(message, "preview")}" sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown

    framed = client.get(page(message, "preview"))
    policy = framed["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script>alert" not in framed.content.decode()


def test_sending_again_asks_and_goes_to_the_same_address(mailoutbox):
    message = sent()
    client = browser()
    assert "It goes to ada@example.com once more" in text_of(client.get(page(message, "again")))
    answer = client.post(page(message, "again"), {"to": "thief@example.com"})
    assert said(answer) == ["It is on its way to ada@example.com."]
    send_messages(at=NOW)
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]] * 2
    assert EventRecord.objects.get(type="mail.sent_again").by == "staff:ada"


def test_who_may_only_read_cannot_send():
    message = sent()
    client = browser(role="read-only")
    assert client.get(page(message, "preview")).status_code == 200
    with nothing_changes():
        assert client.post(page(message, "again")).status_code == 403


@pytest.mark.parametrize("rest", ["change", "preview", "again"])
def test_the_warehouse_reads_no_mails(rest):
    message = sent()
    assert browser(role="warehouse").get(page(message, rest)).status_code == 403


def test_what_never_was_written_is_not_found():
    assert browser().get(f"{LIST}99/preview/").status_code == 404


def test_the_order_s_page_shows_its_mails_and_the_mail_leads_back():
    order = placed_order()
    message = posted()
    Message.objects.update(about=order.number)
    client = browser()
    assert (
        f'href="{page(message, "change")}"'
        in client.get(f"/admin/orders/order/{order.number}/change/").content.decode()
    )
    assert f"/admin/orders/order/{order.number}/change/" in client.get(page(message, "change")).content.decode()
