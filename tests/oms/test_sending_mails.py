"""Mails on their way: sent once, tried again, given up, kept, forgotten."""

import pytest

from oms.actions.mailing import (
    BACKOFF,
    KEPT_FOR,
    forget_words,
    lease_messages,
    record_bounce,
    send_again,
    send_messages,
)
from oms.actions.posting import Envelope, withhold_letter
from oms.errors import MailNotSendable
from oms.models import EventRecord, Message
from tests.fakes.mail_server import mail_server
from tests.make.mails import posted
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

State, Why = Message.State, Message.Why


@pytest.fixture
def server(settings):
    settings.SHOP_NAME, settings.SHOP_CONTACT = "Morrow & Flax", "hello@shop.example"
    with mail_server(settings) as running:
        yield running


def look(message):
    message.refresh_from_db()
    return message.state, str(message.why)


def send_all(at=NOON):
    return send_messages(at=at)


def test_a_mail_goes_out_once_with_its_headers_and_both_its_parts(server):
    message = posted(locale="zh_CN")
    assert [send_all(), send_all()] == [1, 0]

    (mail,) = server.mails
    assert mail["Message-ID"] == "<hello.1@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-hans"
    assert (mail["From"], mail["Reply-To"]) == ("Morrow & Flax <shop@localhost>", "hello@shop.example")
    assert mail["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
    assert look(message) == (State.SENT, "")
    assert message.sent_at == NOON


def test_a_mail_that_can_be_unsubscribed_says_so_in_the_two_headers_of_rfc_8058(server):
    address = "https://shop.example/unsubscribe/" + "a" * 120
    posted(unsubscribe=address)
    send_all()
    (mail,) = server.mails
    assert mail["List-Unsubscribe"].strip() == f"<{address}>"  # folded: it is long
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_is_not_promised_without_https(server):
    posted(unsubscribe="http://localhost:8000/unsubscribe/abc")
    send_all()
    (mail,) = server.mails
    assert mail["List-Unsubscribe"] == "<http://localhost:8000/unsubscribe/abc>"
    assert mail["List-Unsubscribe-Post"] is None


def test_the_same_key_is_written_once_whatever_it_says(server):
    posted(headline="First")
    posted(headline="Second")
    send_all()
    assert ["First" in str(mail) for mail in server.mails] == [True]


def test_many_mails_go_in_one_conversation_even_when_one_of_them_is_refused(server):
    server.refusals["nobody@example.com"] = "550 no such user"
    posted("a"), posted("b", to="nobody@example.com"), posted("c")
    send_all()
    assert (len(server.mails), server.conversations) == (2, 1)


def test_an_address_that_the_server_refuses_is_given_up_at_once_and_the_others_are_not(server):
    server.refusals["nobody@example.com"] = "550 no such user"
    lost, fine = posted("a", to="nobody@example.com"), posted("b")
    send_all()
    assert (look(lost), look(fine)) == ((State.FAILED, Why.REFUSED), (State.SENT, ""))
    assert "no such user" in lost.last_error
    record = EventRecord.objects.get(type="mail.failed")
    assert (record.subject, record.facts["to"], record.facts["why"]) == ("a", "nobody@example.com", "refused")


def test_a_full_mailbox_is_tried_again_for_a_day_and_then_given_up(server):
    server.refusals["ada@example.com"] = "452 mailbox full"
    message, at = posted(), NOON
    for wait in BACKOFF:
        assert send_all(at) == 1
        assert look(message) == (State.WAITING, "")
        assert send_all(at + wait * 0.7) == 0
        at += wait * 1.3
    send_all(at)
    assert look(message) == (State.FAILED, Why.GIVEN_UP)


def test_a_server_that_is_away_costs_one_mail_a_try_and_the_rest_nothing(server, settings):
    settings.EMAIL_PORT = 1
    first, second = posted("a"), posted("b")
    send_all()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, second.attempts) == (1, 0)
    settings.EMAIL_PORT = server.port
    send_all(NOON + ONE_MINUTE)
    assert (look(first), look(second)) == ((State.SENT, ""), (State.SENT, ""))


def test_a_server_that_hangs_up_gets_the_mail_again_under_the_same_id(server):
    server.hang_up = True
    message = posted()
    send_all()
    assert look(message) == (State.WAITING, "")
    server.hang_up = False
    send_all(NOON + ONE_HOUR)
    assert [mail["Message-ID"] for mail in server.mails] == ["<hello.1@localhost>"]


def test_what_a_dead_worker_held_is_sent_when_its_lease_has_run_out(server):
    message = posted()
    lease_messages(at=NOON)
    assert send_all(NOON + ONE_MINUTE) == 0
    assert send_all(NOON + ONE_HOUR) == 1
    assert look(message) == (State.SENT, "")


def test_an_address_that_cannot_be_one_is_no_reason_to_stop(server):
    broken, fine = posted("a", to="ada\n@example.com"), posted("b")
    send_all()
    assert (look(broken), look(fine)) == ((State.FAILED, Why.REFUSED), (State.SENT, ""))


def test_without_a_mail_server_a_mail_is_kept_and_says_so(settings, mailoutbox):
    settings.MAIL_SERVER = False
    message = posted()
    assert send_all() == 0
    assert look(message) == (State.KEPT, Why.NO_SERVER)
    assert "One thing." in message.text
    assert mailoutbox == []


def test_what_is_withheld_has_a_reason_and_no_words(server):
    withhold_letter(Envelope(key="x", kind="hello", about_kind="order", about="1001"), Why.TEST, at=NOON)
    message = Message.objects.get(key="x")
    assert (look(message), message.text) == ((State.SUPPRESSED, Why.TEST), "")
    assert send_all() == 0


def test_words_that_open_something_are_forgotten_once_they_went(server):
    message = posted(secret=True, subject="123456 opens your order", code="123456")
    send_all()
    message.refresh_from_db()
    assert (message.subject, message.text, message.html, message.forgotten_at) == ("", "", "", NOON)
    assert "123456" in str(server.mails[0])


def test_sending_again_is_a_mail_of_its_own_to_the_same_address(server):
    message = posted()
    send_all()
    again = send_again(message_id=message.pk, by=ADA, at=NOON + ONE_DAY)
    send_all(NOON + ONE_DAY)
    assert (again.key, again.to) == ("hello.1.again-1", message.to)
    assert [mail["Message-ID"] for mail in server.mails] == ["<hello.1@localhost>", "<hello.1.again-1@localhost>"]
    record = EventRecord.objects.get(type="mail.sent_again")
    assert (record.subject, record.by, record.facts["again"]) == ("hello.1", ADA, "hello.1.again-1")


def test_what_never_went_is_sent_as_itself(server):
    server.refusals["ada@example.com"] = "550 not yet"
    message = posted()
    send_all()
    server.refusals.clear()
    send_again(message_id=message.pk, by=ADA, at=NOON)
    send_all()
    assert look(message) == (State.SENT, "")
    assert Message.objects.count() == 1


def test_what_waits_or_is_forgotten_or_has_no_server_cannot_be_sent_again(server, settings):
    waiting, secret = posted("a"), posted("b", secret=True)
    with nothing_changes(), pytest.raises(MailNotSendable):
        send_again(message_id=waiting.pk, by=ADA, at=NOON)
    send_all()
    with nothing_changes(), pytest.raises(MailNotSendable):
        send_again(message_id=secret.pk, by=ADA, at=NOON)
    settings.MAIL_SERVER = False
    with nothing_changes(), pytest.raises(MailNotSendable):
        send_again(message_id=waiting.pk, by=ADA, at=NOON)


def test_a_mail_that_came_back_says_so_and_counts_as_not_arrived(server):
    message = posted()
    send_all()
    for _ in range(2):
        record_bounce(key="hello.1", error="550 user unknown", at=NOON + ONE_HOUR)
    assert look(message) == (State.BOUNCED, Why.BOUNCED)
    assert list(Message.objects.unsent()) == [message]
    assert EventRecord.objects.filter(type="mail.bounced").count() == 1


def test_words_of_long_ago_are_forgotten_and_that_they_went_is_not(server):
    message = posted()
    send_all()
    assert forget_words(at=NOON + KEPT_FOR) == 0
    assert forget_words(at=NOON + KEPT_FOR + ONE_MINUTE) == 1
    message.refresh_from_db()
    assert (message.text, message.html, message.state, message.to) == ("", "", State.SENT, "ada@example.com")


def test_leasing_takes_as_many_queries_for_twenty_as_for_one(django_assert_num_queries):
    for n in range(20):
        posted(f"m.{n}")
    with django_assert_num_queries(4):  # a savepoint, look, lease, and its end
        assert len(lease_messages(at=NOON)) == 20
