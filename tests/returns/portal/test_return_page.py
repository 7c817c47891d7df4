"""The page of one return, and who may see it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.actions.shipping.buying import buy_due_labels
from returns.actions.advancing import advance_return, mark_overdue
from returns.actions.asking import ask_for_photo
from returns.actions.deciding import refuse_return
from returns.models import Return, ReturnPhoto
from tests.make.edits import order_of_tees
from tests.make.moments import ADA, ONE_DAY
from tests.make.photos import photo
from tests.make.portal import customer, mails, page, visitor, words_of
from tests.make.returns import ASKED, BOUGHT, ask_return, item, line_of, open_return, rule, waiting_return
from tests.make.settled import come_back
from tests.make.ways_back import LABELLED_AT


def read(client, order, return_):
    answer = client.get(page(order, f"returns/{return_.number}/"))
    assert answer.status_code == 200
    return words_of(answer)


def test_an_open_return_says_what_to_do_now(client, order):
    made = open_return(order, item(line_of(order)))
    text = read(client, order, made)
    assert "Now send it back to us" in text
    assert "Print the label and stick it on the parcel" in text
    assert "What it brings You get back €19.90" in text
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
    text = read(client, order, made)
    assert "The seal is broken." in text
    assert "You keep the goods; please do not send anything." in text
    assert "€" not in text.split("What it was about")[1]
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


@pytest.fixture
def labelled(order):
    """One whose label is there."""
    made = open_return(order, item(line_of(order)), method="PREPAID_LABEL")
    mails()
    buy_due_labels(at=LABELLED_AT)
    mails()
    return made


def test_label_and_slip_are_given_to_the_owner_alone(client, order, labelled):
    text = read(client, order, labelled)
    assert "Open the label (PDF)" in text
    for paper in ("label", "slip"):
        answer = client.get(page(order, f"returns/{labelled.number}/{paper}.pdf"))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert visitor().get(page(order, f"returns/{labelled.number}/{paper}.pdf")).status_code == 404


def test_whoever_scans_the_code_gets_the_label_as_long_as_the_parcel_is_awaited(client, order, labelled):
    path = f"/returns/drop-off/{labelled.parcels.get().token}"
    assert visitor().get(path).content.startswith(b"%PDF")
    assert visitor().get("/returns/drop-off/guessed").status_code == 404
    client.post(page(order, f"returns/{labelled.number}/cancellation"))
    assert visitor().get(path).status_code == 404


def test_before_the_label_is_bought_the_page_says_so(client, order):
    made = open_return(order, item(line_of(order)), method="PREPAID_LABEL")
    assert "We are preparing your label." in read(client, order, made)
    assert client.get(page(order, f"returns/{made.number}/label.pdf")).status_code == 404


def test_the_number_of_one_s_own_carrier_is_taken_and_followed(client, order):
    made = open_return(order, item(line_of(order)), method="OWN_CARRIER")
    path = page(order, f"returns/{made.number}/parcel")
    assert client.post(path, {"tracking_number": "no number!"}).status_code == 422
    client.post(path, {"tracking_number": "00340434161094042557"})
    assert made.parcels.get().tracking_number == "00340434161094042557"
    assert "00340434161094042557" in read(client, order, made)


def test_what_was_opened_is_told_why_it_is_not_taken_back(order, client):
    made = open_return(order, item(line_of(order)))
    made.items.update(conditions=["SEAL_UNBROKEN"], sealed_only=True)
    come_back(made, grade="B", unmet=("SEAL_UNBROKEN",))
    said = "For reasons of hygiene it comes back only with its seal unbroken."
    assert said in words_of(client.get(page(order, f"returns/{made.number}/")))
    assert said in mails()[-1].body


def test_what_staff_ask_to_see_is_shown_on_the_page(order, client):
    made = waiting_return(order, item(line_of(order)))
    ask_for_photo(number=made.number, show="FAULT", by=ADA, at=ASKED)
    assert "Please show it to us" in read(client, order, made)
    assert "Add it on the page of your return" in mails()[-1].body

    upload = SimpleUploadedFile("torn.jpg", photo(), "image/jpeg")
    answer = client.post(page(order, f"returns/{made.number}/photos"), {"photo": upload})

    assert answer["Location"] == page(order, f"returns/{made.number}/")
    kept = ReturnPhoto.objects.get()
    assert (kept.of, kept.by) == (made, "customer")
    assert "photo asked" not in Return.objects.get().tags
    shown = client.get(page(order, f"returns/{made.number}/")).content.decode()
    assert f"photos/{kept.key}.jpg" in shown
    assert "Please show it to us" not in shown


def test_a_script_is_no_photo_and_a_stranger_sends_none(order, client):
    made = open_return(order, item(line_of(order)))
    script = SimpleUploadedFile("torn.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = client.post(page(order, f"returns/{made.number}/photos"), {"photo": script})
    assert answer.status_code == 422
    assert "This file is not a picture." in words_of(answer)
    other = order_of_tees(1, external_id="other", at=ASKED)
    upload = SimpleUploadedFile("torn.jpg", photo(), "image/jpeg")
    assert customer(other).post(page(other, f"returns/{made.number}/photos"), {"photo": upload}).status_code == 404
    assert not ReturnPhoto.objects.exists()


def test_the_page_says_what_happens_next_and_how_it_adds_up(client, order):
    made = open_return(order, item(line_of(order), resolution="STORE_CREDIT"), method="PREPAID_LABEL")
    Return.objects.update(label_fee="3.90")
    text = read(client, order, made)
    assert "Return label −€3.90 Bonus on store credit €1.60 You get as store credit €17.60" in text
    assert "We check the goods." in text
    come_back(made)
    text = read(client, order, made)
    assert "You can spend your credit at once" in text
    assert "How it adds up Value of the items €19.90 Return label −€3.90" in text


def test_an_advance_says_until_when_the_goods_must_be_back(client, order, settings):
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["50.00", "500.00"]}
    made = open_return(order, item(line_of(order)))
    advance_return(number=made.number, by=ADA, at=ASKED)
    said = "They have to reach us by 10 December; if they do not, we ask you for €19.90."
    assert said in read(client, order, made)
    assert said in " ".join(mails()[-1].body.split())
    mark_overdue(at=ASKED + 30 * ONE_DAY)
    assert "otherwise we ask you for €19.90" in read(client, order, made)


def test_a_rule_that_declines_says_why_in_the_reader_s_language_whatever_the_rule_says_later(order):
    why = {"en": "Sale goods stay sold.", "zh-hans": "特价商品不退。"}
    row = rule("DECLINE", explanations=why, conditions={"kind": ["RETURN"]})
    made = ask_return(order, at=BOUGHT + 25 * ONE_DAY)  # the law's own days are over, the shop's are not
    row.explanations = {"en": "Something else."}
    row.save()

    assert (made.status, made.explanation) == ("DECLINED", "Sale goods stay sold.")
    shown = page(order, f"returns/{made.number}/")
    assert "Sale goods stay sold." in words_of(customer(order).get(shown))
    assert "特价商品不退。" in words_of(customer(order, "zh-hans").get(shown))
    assert "Sale goods stay sold." in next(mail.body for mail in mails() if "cannot take back" in mail.subject)


def test_the_mail_of_the_approval_adds_up_as_the_page_does(client, order):
    made = open_return(order, item(line_of(order), resolution="STORE_CREDIT"))
    body = next(mail.body for mail in mails() if "how to send it back" in mail.subject)
    assert "Value of the items: €19.90\nBonus on store credit: €1.99\nYou get as store credit: €21.89" in body
    summed = "Value of the items €19.90 Bonus on store credit €1.99 You get as store credit €21.89"
    assert summed in read(client, order, made)
