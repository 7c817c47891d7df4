"""Confirming what was collected: once, exactly what was seen, and only while it can be done; all without a script."""

from decimal import Decimal

import pytest
import time_machine

from oms.portal import pages
from orders.actions.holding import hold_order
from orders.models import Order
from tests.make.admin import NOW
from tests.make.edits import (
    LARGE,
    MEDIUM,
    SOCKS,
    holds,
    line_of,
    move,
    order_of_tees,
    rate,
)
from tests.make.edits import edit as edit_elsewhere
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.portal import confirm, customer, page, sealed_of, words_of
from tests.make.snapshots import nothing_changes
from tests.make.stock import count

pytestmark = pytest.mark.django_db

BERLIN = {"country": "DE", "name": "Ada Meier", "line1": "Torstr. 2", "postal_code": "10119", "city": "Berlin"}


def test_several_changes_are_confirmed_as_one(client, order):
    client.post(page(order, "address"), BERLIN)
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})
    assert "2 changes collected" in words_of(client.get(page(order)))
    confirm(client, order)
    assert [operation["op"] for operation in order.edits.get().operations] == ["change_address", "swap_variant"]
    assert "collected" not in words_of(client.get(page(order)))


def test_a_collected_change_can_be_taken_back_alone(client, order):
    client.post(page(order, "address"), BERLIN)
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
    client.post(page(order, "undo"), {"key": f"line:{line_of(order, MEDIUM)}"})
    assert [change.key for change in client.get(page(order, "preview")).context["changes"]] == ["address"]


def test_a_form_that_is_sent_twice_is_done_once(client, order):
    client.post(page(order, "address"), BERLIN)
    sealed = sealed_of(client.get(page(order, "preview")))
    first, second = (client.post(page(order, "preview"), {"sealed": sealed}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert order.edits.count() == 1


def test_what_was_seen_is_what_is_done_even_when_another_tab_collected_more(client, order):
    client.post(page(order, "address"), BERLIN)
    sealed = sealed_of(client.get(page(order, "preview")))
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})

    client.post(page(order, "preview"), {"sealed": sealed})

    assert [operation["op"] for operation in order.edits.get().operations] == ["change_address"]
    assert "1 change collected" in words_of(client.get(page(order)))


def test_an_order_that_changed_meanwhile_is_shown_again_before_anything_happens(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})
    sealed = sealed_of(client.get(page(order, "preview")))
    edit_elsewhere(order, move(), actor="STAFF", at=NOW)

    with nothing_changes():
        answer = client.post(page(order, "preview"), {"sealed": sealed})

    assert answer.status_code == 409
    assert "Your order has changed since" in words_of(answer)
    assert client.post(page(order, "preview"), {"sealed": sealed_of(answer)}).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "eyJhIjoxfQ:1:x"])
def test_a_forged_confirmation_does_nothing(client, order, forged):
    with nothing_changes():
        assert client.post(page(order, "preview"), {"sealed": forged}).status_code == 302


def test_a_confirmation_of_another_order_does_nothing(client, order):
    client.post(page(order, "address"), BERLIN)
    sealed = sealed_of(client.get(page(order, "preview")))
    other = order_of_tees()
    with nothing_changes():
        customer(other).post(page(other, "preview"), {"sealed": sealed})


def test_what_was_sold_in_the_meantime_is_told_and_nothing_changes(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})
    sealed = sealed_of(client.get(page(order, "preview")))
    count(LARGE, 0)
    answer = client.post(page(order, "preview"), {"sealed": sealed})
    assert answer.status_code == 409
    assert "Just sold" in words_of(answer)
    assert holds(order) == {MEDIUM: 2}


def test_after_the_window_no_page_changes_anything_and_each_says_so(client, order):
    client.post(page(order, "address"), BERLIN)
    sealed = sealed_of(client.get(page(order, "preview")))
    with time_machine.travel(NOON + ONE_HOUR, tick=False), nothing_changes():
        for rest in ("address", "contact", "shipping", "add", f"lines/{line_of(order, MEDIUM)}"):
            assert client.get(page(order, rest)).status_code == 409
        answer = client.post(page(order, "preview"), {"sealed": sealed})
    assert "The time for changes is over" in words_of(answer)


def test_a_change_to_another_country_is_asked_for_and_not_done(client, order):
    rate("9.90", country="FR")
    paris = {"country": "FR", "name": "Ada", "line1": "1 rue de Rivoli", "postal_code": "75001", "city": "Paris"}
    client.post(page(order, "address"), paris)
    assert "We look at it first" in words_of(client.get(page(order, "preview")))
    asked = client.get(confirm(client, order)["Location"])
    assert "We look at it and write to you" in words_of(asked)
    order.refresh_from_db()
    assert order.shipping_address.city == "Berlin"


def test_a_customer_cancels_the_order_and_gets_the_money_back(client, order):
    assert "€44.70 goes back" in words_of(client.get(page(order, "cancellation")))
    client.post(page(order, "cancellation"), {"reason": "changed_mind", "version": order.version})
    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("CANCELLED", "customer: changed_mind")
    assert sum(order.repayments.values_list("amount", flat=True)) == Decimal("44.70")


def test_cancelling_what_was_changed_meanwhile_is_refused(client, order):
    hold_order(number=order.number, reason="STAFF", by=ADA, at=NOW)
    with nothing_changes():
        answer = client.post(page(order, "cancellation"), {"version": order.version})
    assert answer.status_code == 412


def test_cancelling_after_the_window_is_refused_with_its_reason(client, order):
    with time_machine.travel(NOON + ONE_HOUR, tick=False), nothing_changes():
        answer = client.post(page(order, "cancellation"), {"version": order.version})
    assert answer.status_code == 409
    assert "The time for changes is over" in words_of(answer)


def test_lines_and_edits_of_other_orders_are_not_reached_through_this_one(client, order):
    other = order_of_tees()
    foreign = edit_elsewhere(other, move(), at=NOW)
    assert client.get(page(order, "lines", line_of(other, MEDIUM))).status_code == 404
    assert client.get(page(order, "changes", foreign.pk)).status_code == 404
    assert client.post(page(order, "changes", foreign.pk, "withdrawal")).status_code == 404


def test_the_gateway_s_way_back_leads_to_the_change_that_was_paid_for(client, order):
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "1"})
    done = confirm(client, order)["Location"]
    back = client.get(page(order, "paid"))
    assert back["Location"] == f"{done}?returned=1"
    assert "We wait for the word of your bank" in words_of(client.get(back["Location"]))
    assert Order.objects.get(pk=order.pk).paid == Decimal("44.70")


@pytest.mark.parametrize("hostile", ["\x00", "TEE\x00", "{{7*7}}", "<script>alert(1)</script>", "\u202eTEE"])
def test_a_hostile_sku_is_told_at_the_preview_and_breaks_no_page(client, order, hostile):
    with nothing_changes():
        client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": hostile})
        client.post(page(order, "add"), {"sku": hostile, "quantity": "1"})
        shown = [client.get(page(order, *rest)) for rest in (("preview",), (), ("add",))]
    assert not [each for each in shown if each.status_code >= 400 or b"<script>alert" in each.content]


def test_who_asks_for_what_the_order_has_already_is_told_so(client, order):
    with nothing_changes():
        client.post(page(order, "contact"), {"email": order.email, "phone": order.phone})
        shown = client.get(page(order, "preview"))
    assert "Your order is like this already" in words_of(shown)
    assert "Confirm the change" not in words_of(shown)


def test_who_takes_the_last_line_away_is_told_to_cancel_instead(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
    assert "You can cancel the whole order instead" in words_of(client.get(page(order, "preview")))


def test_what_a_second_tab_collected_stays_and_what_the_first_confirmed_is_not_asked_again(client, order):
    client.post(page(order, "contact"), {"email": order.email, "phone": "+49 30 901820"})
    first = sealed_of(client.get(page(order, "preview")))
    client.post(page(order, "address"), BERLIN)
    client.post(page(order, "preview"), {"sealed": first})

    left = words_of(client.get(page(order, "preview")))
    assert "Torstr. 2" in left
    assert "Contact:" not in left


def test_as_much_can_be_collected_as_one_edit_may_hold(client, order):
    for number in range(70):
        client.post(page(order, "add"), {"sku": f"S-{number}", "quantity": "1"})
        pages._submissions.forget()
    assert "70 changes collected" in words_of(client.get(page(order)))
