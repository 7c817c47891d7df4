"""Finding an order: everybody gets the same answer, only its owner gets in."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from orders.models import Order, PortalCode
from orders.queries.portal_links import make_link
from tests.make.admin import NOW
from tests.make.orders import placed_order
from tests.make.portal import EMAIL, ask_for_code, customer, last_code, mails, page, path_of, visitor, words_of
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return placed_order(external_number="#MF-1001")


def enter(client, code, handle=None):
    return client.post(f"/orders/code/{handle or last_code()[0].handle}", {"code": code})


def test_a_customer_opens_an_order_by_number_mail_and_code(order):
    client = visitor()
    assert ask_for_code(client, order.number).status_code == 302
    (mail,) = mails()
    digits = mail.subject.split()[0]

    assert mail.to == [EMAIL]
    assert enter(client, digits)["Location"] == page(order)
    assert client.get(page(order)).status_code == 200


@pytest.mark.parametrize("typed", ["#MF-1001", "MF-1001", "mf-1001", " MF-1001 "])
def test_the_shop_s_own_number_opens_it_as_well(order, typed):
    ask_for_code(visitor(), typed, "Ada@Example.com ")
    assert last_code()[0].order == order


def test_who_types_something_else_sees_the_same_page_and_gets_no_mail(order):
    known, unknown = visitor(), visitor()
    right, wrong = ask_for_code(known, order.number), ask_for_code(unknown, "999", EMAIL)

    assert (right.status_code, right["Location"][:13]) == (wrong.status_code, wrong["Location"][:13])
    pages = [words_of(client.get(answer["Location"])) for client, answer in ((known, right), (unknown, wrong))]
    assert pages[0] == pages[1]
    assert [mail.to for mail in mails()] == [[EMAIL]]


def test_the_database_does_the_same_whether_or_not_there_is_an_order(order):
    made = []
    for number in (order.number, "999"):
        with statements_made() as statements:
            ask_for_code(visitor(), number)
        made.append(len(statements))
    assert made[0] == made[1]


def test_the_code_itself_is_stored_nowhere(order):
    ask_for_code(visitor(), order.number)
    row, digits = last_code()
    assert digits not in str(PortalCode.objects.values_list().get())
    assert row.digest != PortalCode().digest


def test_five_wrong_tries_lock_a_code_and_the_right_one_comes_too_late(order):
    client = visitor()
    ask_for_code(client, order.number)
    _, digits = last_code()
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"

    answers = [enter(client, wrong) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 409]
    assert "4 tries left" in words_of(answers[0])
    assert "locked" in words_of(enter(client, digits))
    assert client.get(page(order)).status_code == 404


def test_a_code_runs_out_after_ten_minutes(order):
    client = visitor()
    ask_for_code(client, order.number)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert "too old" in words_of(enter(client, last_code()[1]))
        assert client.get(page(order)).status_code == 404


def test_a_code_opens_once(order):
    ask_for_code(visitor(), order.number)
    _, digits = last_code()
    enter(visitor(), digits)
    assert "used already" in words_of(enter(visitor(), digits))


def test_a_code_that_fits_no_order_never_opens_anything(order):
    client = visitor()
    ask_for_code(client, "999")
    assert enter(client, last_code()[1]).status_code == 422


def test_a_code_may_be_typed_with_spaces_and_in_other_digits(order):
    client = visitor()
    ask_for_code(client, order.number)
    digits = last_code()[1].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert enter(client, f" {digits[:3]} {digits[3:]} ").status_code == 302


def test_who_asks_for_too_many_codes_is_told_to_wait_with_or_without_an_order(order):
    for number in (order.number, "999"):
        answers = [ask_for_code(visitor(), number) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert "wait 60 minutes" in words_of(answers[-1])


def test_one_address_cannot_ask_for_the_codes_of_many_orders(order):
    answers = [ask_for_code(visitor(), str(number)) for number in range(31)]
    assert answers[-1].status_code == 429
    assert PortalCode.objects.count() == 30


def test_a_new_code_can_be_asked_for_without_typing_again(order):
    client = visitor()
    shown = client.get(ask_for_code(client, order.number)["Location"])
    assert client.post("/orders/", {"again": shown.context["again"]}).status_code == 302
    assert PortalCode.objects.filter(order=order).count() == 2


def test_a_forged_request_for_a_new_code_asks_for_nothing(order):
    assert visitor().post("/orders/", {"again": f"{order.number}:forged"}).status_code == 422
    assert not PortalCode.objects.exists()


def test_empty_fields_are_named_and_nothing_is_asked():
    answer = visitor().post("/orders/", {"number": "", "email": "nobody"})
    assert answer.status_code == 422
    assert set(answer.context["errors"]) == {"number", "email"}
    assert not PortalCode.objects.exists()


def test_the_link_of_a_mail_opens_its_order_and_no_other(order):
    other = placed_order()
    client = customer(order)
    assert client.get(page(order)).status_code == 200
    assert client.get(page(other)).status_code == 404


@pytest.mark.parametrize("spoil", [lambda token: token[:-2], lambda token: "x" + token, lambda token: "a:b:c"])
def test_a_spoilt_link_opens_nothing(order, spoil):
    token = make_link(order).rsplit("/", 1)[1]
    client = visitor()
    assert client.get(f"/orders/link/{spoil(token)}").status_code == 404
    assert client.get(page(order)).status_code == 404


def test_a_token_that_was_signed_for_something_else_opens_nothing(order):
    token = signing.dumps([order.number, "x"], salt="something.else")
    assert visitor().get(f"/orders/link/{token}").status_code == 404


def test_a_link_is_too_old_after_two_months(order):
    link = path_of(make_link(order))
    with time_machine.travel(NOW + timedelta(days=61), tick=False):
        assert visitor().get(link).status_code == 404


def test_a_link_dies_with_the_address_it_was_sent_to(order):
    link = path_of(make_link(order))
    Order.objects.filter(pk=order.pk).update(email="new@example.com")
    assert visitor().get(link).status_code == 404


def test_links_survive_a_rotated_key_until_it_is_forgotten(order, settings):
    link = path_of(make_link(order))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-another-key", [settings.SECRET_KEY]
    assert visitor().get(link).status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    assert visitor().get(link).status_code == 404


def test_an_order_that_is_not_there_looks_like_one_that_is_not_yours(order):
    client = customer(placed_order())
    hidden, absent = client.get(page(order)), client.get("/orders/999/")
    assert hidden.status_code == absent.status_code == 404
    assert words_of(hidden) == words_of(absent)


def test_the_door_closes_after_four_hours(order):
    client = customer(order)
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        assert client.get(page(order)).status_code == 404


def test_what_was_typed_when_the_door_closed_is_sent_again_after_the_code(order):
    client = customer(order)
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        shut = client.post(page(order, "contact"), {"email": "new@example.com", "phone": "+49 30 901820"})
        assert shut.status_code == 404
        assert "What you typed is kept" in words_of(shut)

        ask_for_code(client, order.number)
        back = client.get(enter(client, last_code()[1])["Location"])

    assert back.context["path"] == page(order, "contact")
    assert ["email", "new@example.com"] in [list(pair) for pair in back.context["fields"]]


def test_what_was_typed_waits_until_something_is_sent_and_the_link_leaves_the_address(order):
    client = visitor()
    form = {"email": "new@example.com", "phone": "+49 30 901820"}
    client.post(page(order, "contact"), form)

    entered = client.get(path_of(make_link(order)))
    assert entered["Location"] == page(order, "again")
    for _ in range(2):
        assert "What you typed is still here" in words_of(client.get(page(order, "again")))

    client.post(page(order, "contact"), form)
    assert client.get(page(order, "again"))["Location"] == page(order)
    assert visitor().get(page(order, "again")).status_code == 404


def test_the_session_gets_a_new_name_when_somebody_is_let_in(order):
    client = Client()
    client.get("/orders/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["oms_session"] = session.session_key
    client.get(path_of(make_link(order)))
    assert client.session.session_key != session.session_key


def test_leaving_closes_the_order_in_this_browser(order):
    client = customer(order)
    client.post("/orders/leave")
    assert client.get(page(order)).status_code == 404


def test_a_script_that_sends_forms_without_end_is_stopped(order):
    client = customer(order)
    answers = {client.post(page(order, "contact"), {"email": "x"}).status_code for _ in range(70)}
    assert answers == {422, 429}


def test_test_orders_get_no_mail():
    order = placed_order(test=True)
    ask_for_code(visitor(), order.number)
    assert mails() == []


HOSTILE = ["\x00", "10\x0001", "{{7*7}}", "<script>alert(1)</script>", "\u202e1001", "9" * 9_000]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_is_typed_into_the_search_gets_the_same_page_or_a_plain_sentence(order, hostile):
    client = visitor()
    for number, email in ((hostile, EMAIL), (order.number, f"{hostile}{EMAIL}")):
        assert ask_for_code(client, number, email).status_code in (302, 422)
    shown = client.get("/orders/", {"number": hostile})
    assert (shown.status_code, "<script>alert" in shown.content.decode()) == (200, False)


@pytest.mark.parametrize(
    ("to", "path"),
    [("returns/R-1/", "returns/R-1/"), ("//evil.example/", ""), ("../../admin/", ""), ("https://evil.example/", "")],
)
def test_a_link_may_lead_to_a_page_below_its_order_and_nowhere_else(order, to, path):
    answer = visitor().get(path_of(make_link(order, to=to)))
    assert answer["Location"] == page(order) + path
