"""Staff change an order by a form: what they type, what it comes to, and the deed."""

from decimal import Decimal
from typing import Any

import pytest

from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.models import Edit, Order
from tests.make.admin import NOW, text_of
from tests.make.edits import (
    LARGE,
    MEDIUM,
    MUNICH,
    SMALL,
    SOCKS,
    edit,
    holds,
    line_of,
    money_of,
    move,
    open_shop,
    order_of_tees,
    promised_to,
    rate,
    swap,
)
from tests.make.moments import ADA
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    open_shop()
    rate()
    rate("9.90", method="express", title="Express")


def address_of(order: Order) -> str:
    return f"/admin/orders/order/{order.number}/edit/"


def fields_of(response: Any) -> dict[str, str]:
    """What the form holds as it is shown, as a browser would send it."""
    context = response.context
    forms = context["forms"]
    sent = {"version": str(context["order"].version), "seen": str(context["seen"]), "searched": context["q"]}
    sent |= {"items-TOTAL_FORMS": str(forms.items.total_form_count()), "items-INITIAL_FORMS": "0"}
    for form in forms.every:
        for bound in form:
            value = bound.value()
            if value not in (None, False):
                sent[bound.html_name] = str(value)
    return sent


def asked(order: Order, client: Any = None, **typed: Any) -> Any:
    """The form opened, filled in and sent; names with a dash are written with two underscores."""
    client = client or browser()
    sent = fields_of(client.get(address_of(order)))
    return client.post(address_of(order), sent | {name.replace("__", "-"): value for name, value in typed.items()})


def of_line(order: Order, name: str, value: Any, *, sku: str = MEDIUM) -> dict[str, Any]:
    return {f"line__{line_of(order, sku)}__{name}": value}


def confirm(order: Order, previewed: Any, client: Any = None) -> Any:
    return (client or browser()).post(
        address_of(order), {**dict(previewed.context["kept"]), "token": previewed.context["token"], "do": "confirm"}
    )


def edited(order: Order, **typed: Any) -> Any:
    """Filled in, looked at and confirmed."""
    client = browser()
    previewed = asked(order, client, **typed)
    assert "token" in previewed.context, text_of(previewed)
    return confirm(order, previewed, client)


def errors_of(response: Any) -> dict[str, list[str]]:
    return {
        form[name].html_name: [str(each) for each in found]
        for form in response.context["forms"].every
        for name, found in form.errors.items()
        if name in form.fields
    }


def test_the_form_offers_other_variants_with_what_is_in_stock():
    order = order_of_tees()

    response = browser().get(address_of(order))

    choices = dict(response.context["forms"].lines[0].fields["sku"].choices)
    assert choices == {MEDIUM: "M (as it is)", SMALL: "S – 10 in stock", LARGE: "L – 10 in stock"}


def test_a_preview_changes_nothing():
    order = order_of_tees()
    client = browser()
    client.get(address_of(order))

    with nothing_changes():
        response = asked(order, client, **of_line(order, "sku", LARGE))

    assert response.context["comparison"].lines[0].mark == "swapped"
    assert "changes at once. Nothing is to pay" in text_of(response)


def test_a_confirmed_swap_is_done_in_the_name_of_whoever_confirmed():
    order = order_of_tees()

    response = edited(order, **of_line(order, "sku", LARGE))

    change = order.edits.get()
    assert said(response) == ["The order is changed."]
    assert (change.state, change.actor, change.by) == (Edit.State.COMMITTED, Edit.Actor.STAFF, "staff:ada")
    assert holds(order) == {LARGE: 2}
    assert promised_to(order.number) == {LARGE: 2}


def test_some_of_a_line_are_swapped():
    order = order_of_tees()

    edited(order, **of_line(order, "sku", LARGE), **of_line(order, "units", "1"))

    assert holds(order) == {MEDIUM: 1, LARGE: 1}


def test_fewer_of_a_line_and_a_lower_price():
    order = order_of_tees()

    edited(order, **of_line(order, "quantity", "1"), **of_line(order, "unit_price", "15.00"))

    assert holds(order) == {MEDIUM: 1}
    assert money_of(order)["total"] == "19.90"


def test_a_line_is_swapped_and_counted_at_once():
    order = order_of_tees()

    edited(order, **of_line(order, "sku", LARGE), **of_line(order, "quantity", "1"))

    assert holds(order) == promised_to(order.number) == {LARGE: 1}


def test_swapping_some_and_counting_the_line_is_pointed_out():
    order = order_of_tees()
    some = {**of_line(order, "sku", LARGE), **of_line(order, "units", "1"), **of_line(order, "quantity", "3")}

    response = asked(order, browser(), **some)

    assert response.status_code == 422
    sentence = "Swap some, or change how many there are: not both. Add the others below."
    assert errors_of(response) == {f"line-{line_of(order, MEDIUM)}-units": [sentence]}


def test_an_item_is_found_added_and_waits_for_its_payment():
    order = order_of_tees()
    client = browser()
    found = asked(order, client, q="wool")
    assert [offer.sku for offer in found.context["found"]] == [SOCKS]

    added = client.post(address_of(order), fields_of(found) | {"add": SOCKS})
    previewed = client.post(address_of(order), fields_of(added) | {"do": "preview"})
    response = confirm(order, previewed, client)

    assert "once the customer has paid 7.50 EUR" in text_of(previewed)
    assert "waits until the customer has paid" in said(response)[0]
    change = order.edits.get()
    assert (change.state, promised_to(change.stock_reference)) == (Edit.State.AWAITING_PAYMENT, {SOCKS: 1})
    assert holds(order) == {MEDIUM: 2}


def test_what_was_typed_stays_while_an_item_is_searched():
    order = order_of_tees()

    found = asked(order, **of_line(order, "quantity", "7"), contact__email="new@example.com", q="wool")

    sent = fields_of(found)
    assert (sent[f"line-{line_of(order, MEDIUM)}-quantity"], sent["contact-email"]) == ("7", "new@example.com")
    assert errors_of(found) == {}


def test_an_address_is_asked_for_by_the_fields_of_its_country():
    order = order_of_tees()

    response = asked(order, address__country="US", do="country")

    form = response.context["forms"].address
    assert form.fields["province"].label == "State"
    assert form.fields["postal_code"].label == "ZIP code"
    assert form["line1"].value() == "Torstr. 1"


def test_an_address_is_changed_and_what_is_wrong_with_it_stands_beside_its_field():
    order = order_of_tees()
    typed = {f"address__{part}": value for part, value in MUNICH.items()}

    wrong = asked(order, **(typed | {"address__postal_code": "ABC"}))
    assert list(errors_of(wrong)) == ["address-postal_code"]
    assert fields_of(wrong)["address-city"] == "München"

    client = browser("bob")
    confirm(order, asked(order, client, **typed), client)
    order.refresh_from_db()
    assert order.shipping_address.city == "München"


def test_contact_and_shipping_are_changed_together():
    order = order_of_tees()

    edited(order, contact__phone="+49 30 1234567", shipping__method="express")

    change = order.edits.get()
    assert {operation["op"] for operation in change.operations} == {"change_contact", "change_shipping"}
    assert change.total_after - change.total_before == Decimal("5.00")


def test_too_many_are_refused_beside_the_line_with_what_is_left():
    order = order_of_tees()
    client = browser()
    client.get(address_of(order))

    with nothing_changes():
        response = asked(order, client, **of_line(order, "quantity", "99"))

    assert response.status_code == 422
    assert errors_of(response)[f"line-{line_of(order, MEDIUM)}-quantity"] == [
        "Only 8 of TEE-M are left; 97 more are needed."
    ]
    assert fields_of(response)[f"line-{line_of(order, MEDIUM)}-quantity"] == "99"


def test_an_unknown_sku_is_refused_beside_its_row():
    response = asked(order_of_tees(), items__0__sku="NO-SUCH", items__0__quantity="1")

    assert errors_of(response) == {"items-0-sku": ["There is no SKU NO-SUCH."]}


def test_without_a_change_there_is_nothing_to_confirm():
    response = asked(order_of_tees())

    assert response.status_code == 422
    assert "Nothing is changed yet." in text_of(response)


def test_sending_the_confirmation_twice_changes_the_order_once():
    order = order_of_tees()
    client = browser()
    previewed = asked(order, client, **of_line(order, "sku", LARGE))

    confirm(order, previewed, client)
    again = confirm(order, previewed, client)

    assert again.status_code == 302
    assert order.edits.count() == 1


def test_an_order_that_changed_meanwhile_is_not_touched_and_the_page_says_what_happened():
    order = order_of_tees()
    client = browser()
    previewed = asked(order, client, **of_line(order, "sku", LARGE))
    hold_order(number=order.number, reason="STAFF", detail="Gift wrap", by=ADA, at=NOW)

    response = confirm(order, previewed, client)

    assert response.status_code == 409
    assert "Held by staff: Gift wrap" in text_of(response)
    assert not order.edits.exists()
    assert fields_of(response)[f"line-{line_of(order, MEDIUM)}-sku"] == LARGE
    assert confirm(order, client.post(address_of(order), fields_of(response)), client).status_code == 302
    assert holds(order) == {LARGE: 2}


def test_a_forged_confirmation_is_not_taken():
    order = order_of_tees()
    client = browser()
    sent = fields_of(client.get(address_of(order)))

    with nothing_changes():
        response = client.post(address_of(order), sent | {"do": "confirm", "token": "forged"})

    assert response.status_code == 409


def test_a_confirmation_of_one_order_does_not_change_another():
    order, other = order_of_tees(), order_of_tees()
    client = browser()
    previewed = asked(order, client, **of_line(order, "sku", LARGE))

    response = client.post(
        address_of(other), {**dict(previewed.context["kept"]), "token": previewed.context["token"], "do": "confirm"}
    )

    assert response.status_code == 409
    assert not Edit.objects.exists()


def test_a_change_that_waits_stands_in_the_way_and_is_named():
    order = order_of_tees()
    change = edit(order, move(MUNICH | {"country": "FR", "city": "Paris", "postal_code": "75001"}))

    response = asked(order, **of_line(order, "sku", LARGE))

    assert response.status_code == 422
    assert f"/admin/orders/edit/{change.pk}/change/" in response.content.decode()


def test_staff_are_warned_of_what_others_would_need_approval_for():
    order = order_of_tees()

    previewed = asked(
        order,
        **{f"address__{part}": v for part, v in MUNICH.items()}
        | {"address__country": "AT", "address__postal_code": "1010", "address__city": "Wien"},
    )

    assert "The address lies in another tax area, whose rates are not known here." in text_of(previewed)
    assert previewed.context["quote"].verdict == "ALLOW"


def test_the_form_asks_the_database_as_often_for_many_lines_as_for_one(django_assert_max_num_queries):
    order = order_of_tees()
    edit(order, swap(order, quantity=1), actor="STAFF")
    client = browser()
    client.get(address_of(order))

    with django_assert_max_num_queries(16):
        client.get(address_of(order))


def test_a_cancelled_order_is_refused_in_plain_words():
    order = order_of_tees()
    client = browser()
    sent = fields_of(client.get(address_of(order)))
    cancel_order(number=order.number, reason="customer", by=ADA, at=NOW)

    response = client.post(address_of(order), sent | {f"line-{line_of(order, MEDIUM)}-quantity": "1"})

    assert response.status_code in (409, 422)
    assert not Edit.objects.exists()


def test_who_may_not_edit_sees_no_button_and_no_form():
    order = order_of_tees()
    client = browser(role="read-only")

    assert address_of(order) not in client.get(f"/admin/orders/order/{order.number}/change/").content.decode()
    assert client.get(address_of(order)).status_code == 403
    assert client.post(address_of(order), {"do": "confirm"}).status_code == 403
    assert address_of(order) in browser("bob").get(f"/admin/orders/order/{order.number}/change/").content.decode()


def test_there_is_no_form_of_an_order_that_does_not_exist():
    assert browser().get("/admin/orders/order/99/edit/").status_code == 404
