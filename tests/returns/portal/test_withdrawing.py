"""Withdrawing from the contract: in two steps, without a reason, and acknowledged with date and time."""

import re

import pytest
import time_machine

from orders.models import Order
from returns.models import Return
from tests.make.edits import line_of, order_of_tees
from tests.make.moments import ONE_DAY
from tests.make.portal import customer, mails, page, words_of
from tests.make.returns import ASKED, told


def state(client, order, **fields):
    line = line_of(order, "TEE-M")
    return client.post(page(order, "returns/withdrawal"), {f"pick-{line}": "1"} | fields)


def sealed_of(answer):
    return re.search(r'name="sealed" value="([^"]+)"', answer.content.decode()).group(1)


def confirm(client, order):
    sealed = sealed_of(state(client, order))
    return client.post(page(order, "returns/withdrawal/confirmation"), {"sealed": sealed})


def test_the_first_step_names_the_customer_the_contract_and_where_the_receipt_goes(client, order):
    text = words_of(client.get(page(order, "returns/withdrawal")))
    assert "You need not give a reason." in text
    assert f"Order {order.number} of 14 November" in text
    assert "We confirm it to ada@example.com" in text


def test_nothing_is_declared_before_the_second_step(client, order):
    assert "Confirm withdrawal" in words_of(state(client, order))
    assert not Return.objects.exists()


def test_a_confirmed_withdrawal_is_acknowledged_on_the_page_and_by_mail(client, order):
    answer = confirm(client, order)
    made = Return.objects.get()
    assert (made.kind, made.withdrawn_at, made.status) == ("WITHDRAWAL", ASKED, "OPEN")
    assert "return.withdrawal_acknowledged" in told(made)
    text = words_of(client.get(answer["Location"]))
    assert "We have received your withdrawal" in text
    assert "on 19 Nov" in text
    mail = next(each for each in mails() if "withdrawal" in each.subject)
    assert f"I withdraw from the contract of order {order.number}" in mail.body
    assert "13:00:00 (Berlin time)" in mail.body
    assert "2 × Linen tee" in mail.body


def test_confirming_twice_withdraws_once(client, order):
    sealed = sealed_of(state(client, order))
    answers = [client.post(page(order, "returns/withdrawal/confirmation"), {"sealed": sealed}) for _ in range(2)]
    assert Return.objects.count() == 1
    assert answers[1]["Location"] in answers[0]["Location"]


@pytest.mark.parametrize("sealed", ["", "forged", "WyIxMDAxIl0:1:abc"])
def test_a_forged_confirmation_changes_nothing(client, order, sealed):
    answer = client.post(page(order, "returns/withdrawal/confirmation"), {"sealed": sealed})
    assert answer["Location"] == page(order, "returns/withdrawal")
    assert not Return.objects.exists()


def test_after_the_statutory_time_it_says_when_that_ended(order):
    with time_machine.travel(ASKED + 60 * ONE_DAY, tick=False):
        text = words_of(customer(order).get(page(order, "returns/withdrawal")))
    assert "There is nothing to withdraw from now" in text
    assert "It could be returned until" in text


def test_what_has_not_left_is_withdrawn_from_on_the_same_page_and_never_leaves(client, order):
    fresh = order_of_tees(2, external_id="fresh", at=ASKED)
    visitor = customer(fresh)
    assert "Withdraw from contract here" in words_of(visitor.get(page(fresh)))
    answer = confirm(visitor, fresh)

    assert answer["Location"] == page(fresh, "returns/withdrawal/declared")
    text = words_of(visitor.get(answer["Location"]))
    assert "We have received your withdrawal" in text
    assert "Nothing of it is sent any more." in text
    assert Order.objects.get(pk=fresh.pk).status == "CANCELLED"
    mail = next(each for each in mails() if "withdrawal" in each.subject)
    assert "13:00:00 (Berlin time)" in mail.body
    assert "We have received your withdrawal" in words_of(visitor.get(page(fresh)))


def test_the_page_of_a_declaration_that_nobody_made_leads_to_where_it_is_made(client, order):
    answer = client.get(page(order, "returns/withdrawal/declared"))
    assert answer["Location"] == page(order, "returns/withdrawal")
