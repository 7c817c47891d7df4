"""Collecting changes and seeing what they cost; all without a script."""

import pytest

from orders.models import Edit
from tests.make.edits import (
    LARGE,
    MEDIUM,
    SMALL,
    SOCKS,
    holds,
    line_of,
    open_shop,
    order_of_tees,
    promised_to,
    rate,
)
from tests.make.orders import channel
from tests.make.portal import confirm, customer, page, words_of
from tests.make.snapshots import nothing_changes
from tests.make.stock import count

pytestmark = pytest.mark.django_db

BERLIN = {"country": "DE", "name": "Ada Meier", "line1": "Torstr. 2", "postal_code": "10119", "city": "Berlin"}


def test_a_customer_changes_the_address(client, order):
    assert client.post(page(order, "address"), BERLIN)["Location"] == page(order, "preview")
    done = confirm(client, order)

    assert "Your order has been changed" in words_of(client.get(done["Location"]))
    order.refresh_from_db()
    assert order.shipping_address.line1 == "Torstr. 2"
    assert (order.edits.get().actor, order.edits.get().by) == ("CUSTOMER", "customer")


def test_nothing_happens_before_the_preview_is_confirmed(client, order):
    with nothing_changes():
        client.post(page(order, "address"), BERLIN)
        client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
        client.get(page(order, "preview"))


def test_a_wrong_address_is_told_beside_its_part_and_keeps_what_was_typed(client, order):
    answer = client.post(page(order, "address"), BERLIN | {"postal_code": "1011", "name": ""})
    assert answer.status_code == 422
    wrong = {part.name: part.error for part in answer.context["parts"] if part.error}
    assert set(wrong) == {"postal_code", "name"}
    assert "They look like" in wrong["postal_code"]
    assert 'value="Torstr. 2"' in answer.content.decode()


def test_another_country_asks_for_its_own_parts(client, order):
    answer = client.post(page(order, "address"), BERLIN | {"country": "US", "reload": "1"})
    names = {part.name: part.label for part in answer.context["parts"]}
    assert (names["province"], names["postal_code"]) == ("State", "ZIP code")
    assert len(next(part for part in answer.context["parts"] if part.name == "province").choices) > 50


@pytest.mark.parametrize("hostile", ["\x00", "a\u202eb", "x" * 300, "?", "\r\n"])
def test_hostile_input_is_refused_and_breaks_nothing(client, order, hostile):
    with nothing_changes():
        answer = client.post(page(order, "address"), BERLIN | {"line1": hostile})
    assert answer.status_code == 422


def test_a_customer_swaps_the_size(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})
    shown = words_of(client.get(page(order, "preview")))
    assert "Linen tee (M, medium) becomes L, large" in shown
    assert "It costs nothing more" in shown

    confirm(client, order)
    assert holds(order) == {LARGE: 2}


def test_one_of_two_can_be_swapped(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": SMALL, "quantity": "1"})
    confirm(client, order)
    assert holds(order) == {MEDIUM: 1, SMALL: 1}


def test_size_and_quantity_are_changed_at_once(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE, "quantity": "3"})
    shown = words_of(client.get(page(order, "preview")))
    assert "becomes L, large" in shown
    assert "quantity 3" in shown
    assert "You pay €19.90 more" in shown

    confirm(client, order)
    edit = order.edits.get()
    assert [each["op"] for each in edit.operations] == ["swap_variant", "set_quantity"]
    assert promised_to(edit.stock_reference) == {LARGE: 3}


def test_of_fewer_of_another_size_the_rest_comes_off_the_order_where_that_is_wanted(client, order):
    fewer = {"want": "swap", "sku": SMALL, "quantity": "1", "rest": "drop"}
    client.post(page(order, "lines", line_of(order, MEDIUM)), fewer)
    confirm(client, order)
    assert holds(order) == {SMALL: 1}


def test_who_counts_a_swapped_line_anew_still_wants_the_other_size(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": SMALL})
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "quantity", "quantity": "1"})
    confirm(client, order)
    assert holds(order) == {SMALL: 1}


def test_the_page_of_a_line_shows_what_was_asked_of_it_before(client, order):
    asked = {"want": "swap", "sku": SMALL, "quantity": "1", "rest": "drop"}
    client.post(page(order, "lines", line_of(order, MEDIUM)), asked)
    shown = client.get(page(order, "lines", line_of(order, MEDIUM)))
    assert {name: shown.context[name] for name in ("chosen", "units", "rest")} == {
        "chosen": SMALL,
        "units": "1",
        "rest": "drop",
    }


def test_taking_a_swapped_line_away_is_the_last_word(client, order):
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "1"})
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": SMALL, "quantity": "3"})
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
    confirm(client, order)
    assert holds(order) == {SOCKS: 1}


@pytest.mark.parametrize("typed", ["two", "0", "-1", "1e9", "1.5"])
def test_a_swap_of_no_number_is_asked_for_again_and_keeps_what_was_chosen(client, order, typed):
    asked = {"want": "swap", "sku": SMALL, "quantity": typed}
    answer = client.post(page(order, "lines", line_of(order, MEDIUM)), asked)
    assert answer.status_code == 422
    assert (answer.context["chosen"], answer.context["units"]) == (SMALL, typed)
    assert client.get(page(order, "preview")).status_code == 302


def test_what_is_sold_out_cannot_be_chosen_and_says_so(client, order):
    count(LARGE, 0)
    answer = client.get(page(order, "lines", line_of(order, MEDIUM)))
    stock = {choice.sku: choice.in_stock for shade in answer.context["shades"] for choice in shade.choices}
    assert stock == {SMALL: True, LARGE: False}
    assert "Sold out" in words_of(answer)


def test_a_size_that_costs_more_says_how_much_before_it_is_chosen():
    open_shop(large_price="24.90")
    order = order_of_tees()
    assert "+€5.00" in words_of(customer(order).get(page(order, "lines", line_of(order, MEDIUM))))


def test_a_smaller_quantity_gives_money_back_and_says_so_first(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "quantity", "quantity": "1"})
    assert "You get €19.90 back" in words_of(client.get(page(order, "preview")))
    confirm(client, order)
    assert holds(order) == {MEDIUM: 1}
    assert [str(amount) for amount in order.repayments.values_list("amount", flat=True)] == ["19.9000"]


@pytest.mark.parametrize("typed", ["", "two", "-1", "1e9", "NaN", "1.5", "2"])
def test_a_quantity_that_is_none_is_asked_for_again(client, order, typed):
    answer = client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "quantity", "quantity": typed})
    assert answer.status_code == 422
    assert client.get(page(order, "preview")).status_code == 302


def test_a_customer_adds_something_and_is_asked_to_pay(client, order):
    found = client.get(page(order, "add"), {"q": "wool"})
    assert [product.title for product in found.context["products"]] == ["Wool socks"]
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "2"})
    assert "You pay €15.00 more" in words_of(client.get(page(order, "preview")))

    waits = client.get(confirm(client, order)["Location"])
    assert "One step is left: the payment" in words_of(waits)
    assert holds(order) == {MEDIUM: 2}
    assert order.edits.get().state == Edit.State.AWAITING_PAYMENT


def test_a_search_finds_only_what_is_in_stock_and_has_a_price(client, order):
    count(SOCKS, 0)
    assert client.get(page(order, "add"), {"q": "socks"}).context["products"] == []
    assert client.get(page(order, "add"), {"q": "%_'; DROP TABLE"}).status_code == 200


def test_the_search_answers_a_script_with_the_findings_alone(client, order):
    part = client.get(page(order, "add"), {"q": "wool"}, headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert b"Wool socks" in part.content


def test_a_waiting_change_can_be_taken_back(client, order):
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "1"})
    done = confirm(client, order)["Location"]
    client.post(f"{done}/withdrawal")
    assert "This change was taken back" in words_of(client.get(done))
    assert order.edits.get().state == Edit.State.CANCELED


def test_a_customer_takes_a_line_away(client, order):
    client.post(page(order, "add"), {"sku": SOCKS, "quantity": "1"})
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
    confirm(client, order)
    assert holds(order) == {SOCKS: 1}


def test_taking_away_the_last_line_is_refused_beside_the_change(client, order):
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "remove"})
    shown = client.get(page(order, "preview"))
    assert shown.context["quote"] is None
    assert "sealed" not in shown.content.decode()


def test_the_contact_is_checked_and_changed(client, order):
    wrong = client.post(page(order, "contact"), {"email": "new@example.com\nBcc: x@y.z", "phone": "abc"})
    assert set(wrong.context["errors"]) == {"email", "phone"}
    client.post(page(order, "contact"), {"email": "new@example.com", "phone": "+49 30 901820"})
    confirm(client, order)
    order.refresh_from_db()
    assert (order.email, order.phone) == ("new@example.com", "+49 30 901820")


def test_the_way_of_shipping_is_chosen_from_the_table(client, order):
    rate("4.90", title="Standard")
    rate("12.90", method="express", title="Express", days_least=1, days_most=2)
    assert "1 to 2 days" in words_of(client.get(page(order, "shipping")))
    assert client.post(page(order, "shipping"), {"method": "teleport"}).status_code == 422
    client.post(page(order, "shipping"), {"method": "express"})
    assert "You pay €8.00 more" in words_of(client.get(page(order, "preview")))


def test_what_costs_too_little_to_be_paid_online_says_so_in_the_preview(settings):
    settings.STRIPE_SECRET_KEY = "sk_test"
    channel(gateway="stripe")
    open_shop(large_price="20.20")
    order = order_of_tees(1)
    client = customer(order)
    client.post(page(order, "lines", line_of(order, MEDIUM)), {"want": "swap", "sku": LARGE})
    shown = client.get(page(order, "preview"))
    assert shown.context["quote"] is None
    assert "This would cost €0.30 more, and less than €0.50 cannot be paid online." in words_of(shown)


def test_what_is_added_to_an_unpaid_order_is_said_to_be_paid_with_it(order):
    owing = order_of_tees(payment={"status": "PENDING", "gateway": "sandbox", "reference": ""})
    client = customer(owing)
    client.post(page(owing, "add"), {"sku": SOCKS, "quantity": "1"})
    shown = words_of(client.get(page(owing, "preview")))
    assert "Nothing to pay now" in shown
    assert "more is to be paid with it." in shown
