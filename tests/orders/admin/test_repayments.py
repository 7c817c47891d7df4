"""Staff see what waits for them, do it by hand or have it sent again, and say so."""

import pytest

from orders.actions.money.asking import ask_gateways
from orders.models import Refund, Repayment
from tests.make.admin import NOW, table_rows, text_of
from tests.make.gateways import (
    SOON,
    cancelled,
    hear,
    look,
    money,
    open_page,
    paid_by_stripe,
    pay_more,
    stripe,
    unpaid_order,
)
from tests.make.orders import placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said

__all__ = ["stripe"]

LIST = "/admin/orders/repayment/"

pytestmark = pytest.mark.django_db


def by_hand():
    return cancelled(placed_order(payment={"status": "PAID", "gateway": "bank", "reference": "t-1"}))


def failed(stripe):
    stripe.account.refunds_end_as = "failed"
    repayment = cancelled(paid_by_stripe(stripe))
    ask_gateways(at=SOON)
    stripe.account.refunds_end_as = "succeeded"
    return look(repayment)


def test_what_waits_for_a_person_stands_in_front_the_oldest_first(stripe):
    first, second = by_hand(), failed(stripe)
    cancelled(paid_by_stripe(stripe))
    rows = table_rows(browser().get(LIST))
    assert [(row.pk, row.state) for row in rows] == [(first.pk, "BY_HAND"), (second.pk, "FAILED")]
    assert len(table_rows(browser().get(LIST, {"view": "underway"}))) == 1


def test_without_any_no_money_waits():
    assert "No money waits for you." in text_of(browser().get(LIST))


def test_the_list_asks_as_often_for_three_as_for_one(django_assert_max_num_queries):
    for _ in range(3):
        by_hand()
    client = browser()
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_the_page_says_what_went_wrong_and_offers_both_ways(stripe):
    page = text_of(browser().get(f"{LIST}{failed(stripe).pk}/change/"))
    assert "Stripe could not give it back: insufficient funds." in page
    assert "It went back" in page
    assert "Send again" in page


def test_what_a_clerk_recorded_of_stripe_is_sent_by_stripe_when_somebody_says_so(stripe):
    order = paid_by_stripe(stripe)
    pay_more(order, "5.10", gateway="stripe", reference=stripe.account.take(510, "eur")["id"])
    waits, client = Repayment.objects.get(), browser()
    page = text_of(client.get(f"{LIST}{waits.pk}/change/"))
    assert "look whether it has come before it goes back" in page
    assert "Send by stripe" in page
    assert "the gateway will send it" in text_of(client.get(f"{LIST}{waits.pk}/again/"))

    assert said(client.post(f"{LIST}{waits.pk}/again/")) == [f"5.10 EUR of order {order.number} is on its way."]

    ask_gateways(at=NOW)
    assert (look(waits).state, stripe.account.returned()) == ("DONE", 510)


def test_the_dashboard_counts_what_waits_for_a_person(stripe):
    pay_more(placed_order(), "5.10", gateway="bank", reference="t-9")
    assert "Repayments 1 to send back by hand" in text_of(browser().get("/admin/"))


def test_saying_that_it_went_back_needs_a_confirmation_and_records_the_refund():
    repayment, client = by_hand(), browser()
    page = f"{LIST}{repayment.pk}/done/"
    assert "Say so only once the money has left." in text_of(client.get(page))
    assert not Refund.objects.exists()

    response = client.post(page, {"reference": "SEPA-77"})

    assert said(response) == [f"19.90 EUR of order {repayment.order.number} is on record as refunded."]
    assert (look(repayment).state, look(repayment).done_at, look(repayment).refund.external_id) == (
        "DONE", NOW, "SEPA-77",
    )  # fmt: skip
    assert money(repayment.order) == ("19.90", "19.90", "0.00")


def test_saying_so_twice_is_refused_in_words():
    repayment, client = by_hand(), browser()
    client.post(f"{LIST}{repayment.pk}/done/", {"reference": ""})
    with nothing_changes():
        response = client.post(f"{LIST}{repayment.pk}/done/", {"reference": ""})
    assert "waits for nobody: it is done" in said(response)[-1]


def test_what_failed_is_sent_again(stripe):
    repayment = failed(stripe)
    response = browser().post(f"{LIST}{repayment.pk}/again/")
    assert said(response) == [f"19.90 EUR of order {repayment.order.number} is on its way again."]
    ask_gateways(at=NOW)
    assert look(repayment).state == "DONE"


def test_several_are_sent_again_at_once_and_the_others_are_named(stripe):
    ticked = [failed(stripe).pk, failed(stripe).pk, by_hand().pk]
    response = browser().post(LIST, {"action": "again", "_selected_action": ticked, "index": "0"})
    assert said(response)[0].startswith("2 are on the way again. 1 not: Repayment")
    assert Repayment.objects.filter(state="WAITING").count() == 2


def test_who_may_only_read_can_do_neither(stripe):
    repayment, client = failed(stripe), browser(role="read-only")
    assert client.get(f"{LIST}{repayment.pk}/change/").status_code == 200
    with nothing_changes():
        assert client.post(f"{LIST}{repayment.pk}/done/", {"reference": ""}).status_code == 403
        assert client.post(f"{LIST}{repayment.pk}/again/").status_code == 403


def test_there_is_no_page_of_a_repayment_that_does_not_exist():
    assert browser().get(f"{LIST}99/change/").status_code == 404
    assert browser("bob").get(f"{LIST}99/done/").status_code == 404


def test_a_repayment_is_found_by_its_order_or_reference():
    repayment = by_hand()
    by_hand()
    assert table_rows(browser().get(LIST, {"q": repayment.order.number, "view": "all"})) == [repayment]


def test_the_order_page_shows_who_is_asked_and_what_goes_back(stripe):
    checkout = open_page(unpaid_order())
    order = checkout.order
    page = text_of(browser().get(f"/admin/orders/order/{order.number}/change/"))
    assert "Asked for by stripe" in page
    hear(stripe.account.pay(checkout.reference))
    cancelled(order)
    page = text_of(browser().get(f"/admin/orders/order/{order.number}/change/"))
    assert "Goes back by stripe" in page


def test_messages_of_gateways_are_listed_with_what_came_of_them(stripe):
    hear(stripe.account.pay(open_page(unpaid_order()).reference))
    page = text_of(browser().get("/admin/orders/gatewaymessage/"))
    assert "checkout.session.completed" in page
    assert "paid" in page


def test_the_dashboard_counts_what_waits(stripe):
    by_hand()
    assert "to send back by hand, or again" in text_of(browser().get("/admin/"))
