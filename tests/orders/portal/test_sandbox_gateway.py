"""The sandbox's pay page: it pays once, declines, or does nothing, and nobody guesses its address."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from orders.actions.money.asking import ask_gateways
from orders.models import Checkout
from tests.make.gateways import DEADLINE, LATER, cancelled, look, money, open_page, take_question_back, unpaid_order
from tests.make.portal import visitor, words_of
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _soon():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def order():
    return unpaid_order()


@pytest.fixture
def checkout(order):
    return open_page(order, gateway="sandbox")


def path_of(checkout):
    return checkout.url.removeprefix("http://localhost:8000")


def press(checkout, answer, client=None):
    return (client or Client()).post(path_of(checkout), {"answer": answer})


def test_the_page_says_what_it_is_and_what_is_to_pay(checkout):
    page = Client().get(path_of(checkout))
    assert "Test payment no money moves here" in words_of(page)
    assert "Pay €19.90" in words_of(page)
    assert f"/orders/{checkout.order.number}/paid" in page.content.decode()


def test_the_page_speaks_the_reader_s_language_in_every_state(order, checkout):
    reader = visitor("zh-hans")
    assert "支付 €19.90" in words_of(reader.get(path_of(checkout)))
    assert "银行卡被拒绝" in words_of(press(checkout, "decline", reader))
    with time_machine.travel(DEADLINE + timedelta(seconds=1), tick=False):
        assert "付款时间已过" in words_of(reader.get(path_of(checkout)))
    press(checkout, "pay", reader)
    assert "已收到付款" in words_of(reader.get(path_of(checkout)))


def test_paying_pays_the_order_and_leads_back_to_the_shop(order, checkout):
    response = press(checkout, "pay")
    assert (response.status_code, response["Location"]) == (302, f"/orders/{order.number}/paid")
    assert look(checkout).state == Checkout.State.PAID
    assert money(order) == ("19.90", "0.00", "0.00")


def test_paying_twice_pays_once(order, checkout):
    press(checkout, "pay")
    with nothing_changes():
        assert press(checkout, "pay").status_code == 302
    assert money(order) == ("19.90", "0.00", "0.00")


def test_a_declined_card_pays_nothing_and_can_be_tried_again(order, checkout):
    assert "The card was declined." in press(checkout, "decline").content.decode()
    assert money(order) == ("0.00", "0.00", "19.90")
    press(checkout, "pay")
    assert money(order) == ("19.90", "0.00", "0.00")


def test_doing_nothing_changes_nothing(checkout):
    with nothing_changes():
        Client().get(path_of(checkout))


def test_a_page_that_has_run_out_takes_no_money(order, checkout):
    with time_machine.travel(DEADLINE + timedelta(seconds=1), tick=False), nothing_changes():
        assert "The time for this payment is over" in Client().get(path_of(checkout)).content.decode()
        assert press(checkout, "pay").status_code == 409


def test_a_page_that_was_taken_back_takes_no_money(order, checkout):
    take_question_back(order)
    ask_gateways(at=LATER)
    with nothing_changes():
        assert press(checkout, "pay").status_code == 409


def test_what_was_paid_there_goes_back_there(order, checkout):
    press(checkout, "pay")
    cancelled(order)
    ask_gateways(at=LATER)
    assert money(order) == ("19.90", "19.90", "0.00")


@pytest.mark.parametrize("wrong", ["sb_123", "sb_123:forged", "x" * 500])
def test_nobody_guesses_an_address(wrong):
    assert Client().get(f"/sandbox-gateway/{wrong}").status_code == 404


def test_where_the_sandbox_is_switched_off_there_is_no_page(checkout, settings):
    settings.SANDBOX_GATEWAY = False
    with nothing_changes():
        assert Client().get(path_of(checkout)).status_code == 404
        assert press(checkout, "pay").status_code == 404


def test_another_site_cannot_press_its_buttons(checkout):
    strict = Client(enforce_csrf_checks=True)
    with nothing_changes():
        assert press(checkout, "pay", strict).status_code == 403
