"""The queue of changes that staff decide on, the page of one of them, and where else they are seen."""

from datetime import timedelta

import pytest

from orders.actions.edits.approving import approve_edit, decline_edit, expire_edits, withdraw_edit
from orders.actions.edits.editing import edit_order
from orders.models import Edit, Order
from tests.make.admin import NOW, table_rows, text_of
from tests.make.edits import LARGE, PARIS, SOON, add, edit, money_of, move, open_shop, order_of_tees, rate, swap, tax
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import open_holds
from tests.make.snapshots import announced, nothing_changes
from tests.make.staff import browser, said

LIST = "/admin/orders/edit/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    open_shop()
    rate()
    tax("19")
    tax("20", country="FR")


def waiting_edit(**fields) -> Edit:
    """A customer wants it sent to another country, so that staff are asked."""
    return edit(order_of_tees(), move(PARIS), **fields)


def state_of(change: Edit) -> str:
    change.refresh_from_db()
    return change.state


def page(change: Edit, name: str = "change") -> str:
    return f"{LIST}{change.pk}/{name}/"


def order_page(order: Order) -> str:
    return f"/admin/orders/order/{order.number}/change/"


def test_the_queue_shows_what_waits_for_us_the_oldest_first():
    newer = waiting_edit(at=NOW)
    older, unpaid = waiting_edit(), edit(order_of_tees(), add())
    client = browser()

    assert table_rows(client.get(LIST, {"view": "approval"})) == [older, newer]
    assert table_rows(client.get(LIST, {"view": "payment"})) == [unpaid]


def test_the_queue_says_in_plain_words_what_changes_and_why_it_waits():
    waiting_edit()

    words = text_of(browser().get(LIST, {"view": "approval"}))

    assert "send it to 75001 Paris, FR" in words
    assert "It would go to another country: shipping, tax and customs change." in words
    assert "customer" in words


def test_a_done_swap_names_what_stood_there_before():
    order = order_of_tees()
    edit(order, swap(order))

    assert "TEE-M → TEE-L" in text_of(browser().get(LIST, {"view": "done"}))


def test_the_list_asks_the_database_as_often_for_many_changes_as_for_one(django_assert_max_num_queries):
    client = browser()
    for _ in range(3):
        edit(order_of_tees(1), move(PARIS))
        order = order_of_tees(1)
        edit(order, swap(order))
    client.get(LIST, {"view": "all"})

    with django_assert_max_num_queries(16):
        client.get(LIST, {"view": "all"})


def test_changes_are_found_by_the_number_of_their_order_and_by_who_asked():
    change, other = waiting_edit(), waiting_edit()
    mine = edit(order_of_tees(), add(), actor="STAFF")

    assert table_rows(browser().get(LIST, {"q": change.order.number, "view": "all"})) == [change]
    assert table_rows(browser("bob").get(LIST, {"q": "staff", "view": "all"})) == [mine]
    assert table_rows(browser("eve").get(LIST, {"actor": "CUSTOMER", "view": "all"})) == [other, change]


def test_an_empty_queue_says_so():
    assert "Nothing waits for you." in text_of(browser().get(LIST, {"view": "approval"}))


def test_the_page_shows_the_order_before_and_after():
    change = waiting_edit()

    response = browser().get(page(change))

    comparison = response.context["comparison"]
    assert comparison.address[0][-2:] == ["10119 Berlin", "DE"]
    assert comparison.address[1] == ["Ada Meier", "1 rue de Rivoli", "75001 Paris", "FR"]
    assert "The order changes at once." in text_of(response)


def test_the_page_foretells_what_the_customer_has_to_pay():
    change = edit(order_of_tees(), move(PARIS), add(quantity=2))

    assert "The customer is asked to pay 15.00 EUR within 30 minutes." in text_of(browser().get(page(change)))


def test_approving_needs_one_click_and_keeps_the_note():
    change = waiting_edit()

    response = browser().post(page(change, "approve"), {"note": "Fine with us"})

    assert response["Location"] == page(change)
    assert said(response) == [f"Approved: order {change.order.number} is changed."]
    assert state_of(change) == Edit.State.COMMITTED
    assert (change.note, change.decided_by, change.decided_at) == ("Fine with us", "staff:ada", NOW)
    assert Order.objects.get(pk=change.order_id).country == "FR"


def test_an_approved_change_that_costs_more_waits_for_its_payment():
    change = edit(order_of_tees(), move(PARIS), add())

    response = browser().post(page(change, "approve"), {"note": ""})

    assert "changes once the customer has paid" in said(response)[0]
    assert state_of(change) == Edit.State.AWAITING_PAYMENT


def test_declining_leaves_the_order_as_it_was():
    change = waiting_edit()
    before = money_of(change.order)

    response = browser().post(page(change, "decline"), {"note": "We do not ship there"})

    assert said(response) == [f"Declined: order {change.order.number} stays as it is."]
    assert (state_of(change), change.note) == (Edit.State.DECLINED, "We do not ship there")
    assert (money_of(change.order), change.order.country) == (before, "DE")


def test_a_change_that_ran_out_meanwhile_cannot_be_approved():
    change = waiting_edit()
    expire_edits(at=NOW + timedelta(days=2))
    client = browser()

    with nothing_changes():
        response = client.post(page(change, "approve"), {"note": ""})

    assert said(response) == [f"Edit {change.pk} has ended: expired."]


def test_many_are_approved_each_for_itself_and_what_failed_says_why():
    fine, late = waiting_edit(), waiting_edit()
    client = browser()
    ticked = client.post(LIST, {"action": "approve", "_selected_action": [fine.pk, late.pk], "index": "0"})
    assert ticked["Location"] == f"{LIST}approve/?id={fine.pk}&id={late.pk}"
    assert "2 changes." in text_of(client.get(ticked["Location"]))
    withdraw_edit(edit_id=late.pk, by="customer", at=NOW)

    response = client.post(f"{LIST}approve/", {"_selected_action": [fine.pk, late.pk], "note": ""})

    outcomes = {outcome.edit: outcome.refusal for outcome in response.context["outcomes"]}
    assert outcomes[fine] == ""
    assert str(late.pk) in outcomes[late]
    assert "1 of 2 approved. 1 could not be" in text_of(response)
    assert (state_of(fine), state_of(late)) == (Edit.State.COMMITTED, Edit.State.CANCELED)


def test_declining_many_writes_the_note_on_each():
    changes = [waiting_edit(), waiting_edit()]

    browser().post(f"{LIST}decline/", {"_selected_action": [each.pk for each in changes], "note": "Not today"})

    assert {(state_of(each), each.note) for each in changes} == {(Edit.State.DECLINED, "Not today")}


def test_the_order_page_shows_the_waiting_change_with_its_way_out_and_the_history_below():
    order = order_of_tees()
    decline_edit(edit_id=edit(order, move(PARIS)).pk, note="No", by=ADA, at=SOON)
    change = edit(order, add(), at=SOON + ONE_MINUTE)

    words = text_of(browser().get(order_page(order)))

    assert "add 1 × SOCKS" in words
    assert "send it to 75001 Paris, FR" in words
    assert page(change, "withdraw") in browser("bob").get(order_page(order)).content.decode()


def test_a_change_is_withdrawn_from_the_order_page():
    change = edit(order_of_tees(), add())
    client = browser()
    assert client.get(page(change, "withdraw")).status_code == 200

    response = client.post(page(change, "withdraw"))

    assert response["Location"] == order_page(change.order)
    assert state_of(change) == Edit.State.CANCELED
    assert "order.edit_ended" in announced(change.order.number)
    assert open_holds(change.order) == ["EDIT_WINDOW"]


def test_the_hold_of_a_waiting_change_cannot_be_lifted_around_it():
    change = waiting_edit()
    hold = change.order.holds.get(reason="EDIT_OPEN")
    client = browser()

    with nothing_changes():
        response = client.post(f"/admin/orders/order/{change.order.number}/holds/{hold.pk}/lift/")

    assert said(response) == ["This hold ends with the change that waits: decide on it, or withdraw it."]


def test_the_dashboard_and_the_menu_count_what_waits_for_us():
    waiting_edit()
    waiting_edit()

    response = browser().get("/admin/")

    assert "To decide 2" in text_of(response)
    assert "Changes 2" in text_of(response)


def test_a_done_change_shows_what_is_on_record():
    order = order_of_tees()
    change = edit(order, swap(order))

    assert ("Line 1", "2 × TEE-M at 19.90", f"2 × {LARGE} at 19.90") in browser().get(page(change)).context["changes"]


def test_only_who_decides_may_decide_and_readers_may_look():
    change = waiting_edit()
    client = browser(role="read-only")

    assert client.get(page(change)).status_code == 200
    for name in ("approve", "decline", "withdraw"):
        assert client.post(page(change, name), {"note": ""}).status_code == 403
        assert client.post(f"{LIST}decline/", {"_selected_action": [change.pk]}).status_code == 403
    assert state_of(change) == Edit.State.AWAITING_APPROVAL


def test_support_may_decide():
    change = waiting_edit()

    browser(role="support").post(page(change, "approve"), {"note": ""})

    assert state_of(change) == Edit.State.COMMITTED


def test_a_cancellation_that_waits_says_that_everything_goes_back():
    order = order_of_tees()
    change = edit_order(
        number=order.number,
        operations=[{"op": "cancel_order", "reason": "Bot"}],
        actor="BOT",
        by="key:bot",
        at=SOON,
    )

    response = browser().get(page(change))

    assert "The whole order is cancelled. 44.70 EUR goes back to them." in text_of(response)
    assert approve_edit(edit_id=change.pk, by=ADA, at=NOW).state == Edit.State.COMMITTED
    assert Order.objects.get(pk=order.pk).status == Order.Status.CANCELLED


def test_there_is_no_page_of_a_change_that_does_not_exist():
    assert browser().get(f"{LIST}99/change/").status_code == 404
    assert browser("bob").get(f"{LIST}nonsense/change/").status_code == 404
    assert browser("eve").post(f"{LIST}99/approve/").status_code == 404
