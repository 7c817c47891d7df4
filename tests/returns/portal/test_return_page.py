"""The page of one return, and who may see it."""

from returns.actions.deciding import refuse_return
from returns.models import Return
from tests.make.edits import order_of_tees
from tests.make.moments import ADA
from tests.make.portal import customer, mails, page, words_of
from tests.make.returns import ASKED, item, line_of, open_return, waiting_return


def read(client, order, return_):
    answer = client.get(page(order, f"returns/{return_.number}/"))
    assert answer.status_code == 200
    return words_of(answer)


def test_an_open_return_says_what_to_do_now(client, order):
    made = open_return(order, item(line_of(order)))
    text = read(client, order, made)
    assert "Now send it back to us" in text
    assert "Print the label and stick it on the parcel" in text
    assert "What it brings €19.90" in text
    assert "Cancel this return" in text


def test_a_return_is_canceled_while_nothing_has_moved(client, order):
    made = open_return(order, item(line_of(order)))
    client.post(page(order, f"returns/{made.number}/cancellation"))
    assert Return.objects.get().status == "CANCELED"
    assert "This return was canceled" in read(client, order, made)
    assert "As you asked, we do not expect anything any more." in mails()[-1].body


def test_what_has_moved_is_not_canceled_any_more(client, order):
    made = open_return(order, item(line_of(order)))
    Return.objects.update(moved_at=ASKED)
    client.post(page(order, f"returns/{made.number}/cancellation"))
    assert Return.objects.get().status == "OPEN"
    assert "Cancel this return" not in read(client, order, made)


def test_a_declined_return_says_why_on_the_page_and_by_mail(client, order):
    made = waiting_return(order, item(line_of(order)))
    assert "We look at it and write to you." in read(client, order, made)
    refuse_return(number=made.number, explanation="The seal is broken.", by=ADA, at=ASKED)
    assert "The seal is broken." in read(client, order, made)
    assert "The seal is broken." in mails()[-1].body


def test_nobody_sees_the_return_of_another_order(client, order):
    made = open_return(order, item(line_of(order)))
    other = order_of_tees(1, external_id="other", at=ASKED)
    answer = customer(other).get(page(other, f"returns/{made.number}/"))
    assert answer.status_code == 404
    assert customer(other).get(page(order, f"returns/{made.number}/")).status_code == 404


def test_a_forged_number_is_not_found(client, order):
    assert client.get(page(order, "returns/9999999-R1/")).status_code == 404


def test_the_order_s_page_lists_its_returns(client, order):
    made = open_return(order, item(line_of(order)))
    assert f"Return {made.number}" in words_of(client.get(page(order)))


def test_mails_lead_to_the_page_of_the_return(client, order):
    made = open_return(order, item(line_of(order)))
    mail = mails()[-1]
    assert mail.subject == f"Return {made.number}: how to send it back"
    assert f"to=returns%2F{made.number}%2F" in mail.body
