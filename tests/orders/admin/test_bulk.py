import pytest

from oms.models import EventRecord
from orders.admin import bulk
from orders.models import Order
from tests.make.admin import text_of
from tests.make.edits import staff_must_ask
from tests.make.moments import NOON
from tests.make.orders import open_holds, placed_order, released_order
from tests.make.staff import browser, said

LIST = "/admin/orders/order/"

pytestmark = pytest.mark.django_db


def ask(action: str, *orders: Order, client=None, **more):
    """What the ticks of the list send."""
    ticked = {"action": action, "_selected_action": [order.pk for order in orders], "index": "0"}
    return (client or browser()).post(LIST, ticked | more)


def answer(asked, *, client=None, **fields):
    """What the page that asks sends back."""
    sent: dict = {"_selected_action": []}
    for name, value in asked.context["hidden"]:
        if name == "_selected_action":
            sent[name].append(value)
        else:
            sent[name] = value
    return (client or browser()).post(LIST, sent | fields)


def status_of(*orders: Order) -> list[str]:
    return [Order.objects.get(pk=order.pk).status for order in orders]


def test_the_question_says_how_many_and_which_are_left_out():
    held, gone = placed_order(), placed_order(fulfilled_at=NOON.isoformat())

    asked = ask("cancel_orders", held, gone)

    words = text_of(asked)
    assert "1 order of 2 orders selected." in words
    assert "left out: it is closed" in words
    assert status_of(held, gone) == ["HELD", "CLOSED"]


def test_holding_many_holds_each():
    orders = [placed_order(), released_order()]

    response = answer(ask("hold_orders", *orders), reason="STAFF", detail="Stocktaking")

    assert said(response) == ["2 orders held."]
    assert all("STAFF" in open_holds(order) for order in orders)
    assert status_of(*orders) == ["HELD", "HELD"]


def test_releasing_many_leaves_those_that_are_held_for_more():
    free, unpaid = placed_order(), placed_order(payment={"status": "PENDING"})
    asked = ask("release_orders", free, unpaid)
    assert "it is held for waiting for payment" in text_of(asked)

    response = answer(asked)

    assert said(response) == ["1 order released."]
    assert status_of(free, unpaid) == ["RELEASED", "HELD"]
    assert open_holds(unpaid) == ["EDIT_WINDOW", "PAYMENT"]


def test_cancelling_many_writes_the_reason_on_each():
    orders = [placed_order(), placed_order()]

    response = answer(ask("cancel_orders", *orders), reason="fraud", note="")

    assert said(response) == ["2 orders cancelled."]
    assert set(Order.objects.values_list("cancel_reason", flat=True)) == {"Fraud"}


def test_cancelling_many_leaves_to_an_approver_what_staff_may_not_decide_alone():
    held, gone = placed_order(), released_order()
    staff_must_ask(stage="RELEASED")

    response = answer(ask("cancel_orders", held, gone), reason="fraud", note="")

    assert said(response) == [
        "1 order cancelled.",
        "1 order not cancelled yet: held until somebody has approved it.",
    ]
    assert status_of(held, gone) == ["CANCELLED", "HELD"]
    assert open_holds(gone) == ["EDIT_OPEN"]


def test_an_order_that_changed_meanwhile_is_refused_and_stops_no_other():
    fine, late = placed_order(), placed_order()
    asked = ask("hold_orders", fine, late)
    Order.objects.filter(pk=late.pk).update(status="CLOSED")

    response = answer(asked, reason="STAFF", detail="")

    assert said(response) == [
        "1 order held.",
        f"1 order not held. Order {late.number} is closed: nothing of it is left to ship.",
    ]
    assert "STAFF" in open_holds(fine)


def test_nothing_is_done_until_the_question_is_answered_in_full():
    order = placed_order()
    before = EventRecord.objects.count()

    response = answer(ask("hold_orders", order), reason="", detail="")

    assert response.status_code == 422
    assert EventRecord.objects.count() == before


def test_all_that_match_are_taken_as_far_as_one_go_reaches(monkeypatch):
    monkeypatch.setattr(bulk, "LIMIT", 3)
    orders = [placed_order() for _ in range(5)]

    asked = ask("hold_orders", orders[0], select_across="1")

    assert "Only the first 3 are taken at a time." in text_of(asked)
    answer(asked, reason="STAFF", detail="")
    assert [("STAFF" in open_holds(order)) for order in orders] == [False, False, True, True, True]


def test_support_may_not_release_many():
    order = placed_order()
    client = browser(role="support")

    ask("release_orders", order, client=client, answered="1")

    assert status_of(order) == ["HELD"]
    assert open_holds(order) == ["EDIT_WINDOW"]
