import pytest
from django.test import Client

from oms.actions.reviewing_exceptions import review_exceptions
from oms.models import ExceptionItem
from orders.models import Hold, Order
from tests.make.admin import NOW, table_rows, text_of
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import open_holds, placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said, staff
from tests.make.stock import stocked_variant
from tests.oms.test_exceptions import dead_letter

LIST = "/admin/oms/exceptionitem/"

pytestmark = pytest.mark.django_db


def address_to_check(*, since=NOON) -> ExceptionItem:
    """An order whose address somebody must look at, seen by the queue."""
    order = placed_order(at=NOON)
    order.holds.all().delete()
    Hold.objects.create(order=order, reason="ADDRESS_CHECK", detail="No street.", opened_at=since, opened_by=ADA)
    review_exceptions(at=NOW)
    return ExceptionItem.objects.get(subject=order.number)


def press(client: Client, item: ExceptionItem, name: str, **answer):
    return client.post(f"{LIST}{item.pk}/do/{name}/", answer)


def solve(client: Client, items: list[ExceptionItem], name: str, **answer):
    """The question, its answer, and as many goes as it takes."""
    ids = [item.pk for item in items]
    client.post(f"{LIST}solve/address/{name}/", {"id": ids, **answer})
    while "Go on" in text_of(page := client.post(f"{LIST}solving/")):
        pass
    return page


def test_an_empty_queue_says_that_nothing_waits():
    assert "Nothing waits for a person." in text_of(browser().get(LIST))


def test_what_is_due_first_stands_on_top_and_what_is_late_says_so():
    new, old = address_to_check(), address_to_check(since=NOON - 3 * ONE_DAY)

    page = browser().get(LIST)

    assert table_rows(page) == [old, new]
    assert "overdue by" in text_of(page)
    assert "No street." in text_of(page)


def test_the_queue_asks_as_often_for_twenty_as_for_two(django_assert_max_num_queries):
    for place in range(20):
        dead_letter(f"k{place}")
    review_exceptions(at=NOW)
    client = browser()
    with django_assert_max_num_queries(22):
        client.get(f"{LIST}?view=waiting")


def test_each_view_shows_its_own():
    mine, free, later = address_to_check(), address_to_check(), address_to_check()
    client = browser("ada")
    press(client, mine, "take")
    ExceptionItem.objects.filter(pk=later.pk).update(snoozed_until=NOW + ONE_HOUR)

    seen = {view: table_rows(client.get(LIST, {"view": view})) for view in ("waiting", "mine", "free", "later")}

    assert seen == {"waiting": [mine, free], "mine": [mine], "free": [free], "later": [later]}


def test_filters_are_remembered():
    dead_letter()
    item = address_to_check()
    client = browser()
    client.get(LIST, {"view": "waiting", "type": "address"})

    assert table_rows(client.get(LIST, follow=True)) == [item]


def test_lifting_the_hold_from_the_queue_lets_the_order_go_and_closes_the_item_at_once():
    item = address_to_check()

    press(browser(), item, "lift")

    item.refresh_from_db()
    assert (item.closed_at, item.closed_because) == (NOW, "GONE")
    assert Order.objects.get(number=item.subject).status == "RELEASED"


def test_a_remedy_that_is_refused_is_said_and_the_order_stays_as_it_was():
    item = address_to_check()
    Order.objects.filter(number=item.subject).update(test=True)
    Hold.objects.filter(order__number=item.subject).update(reason="STAFF")

    answer = press(browser(), item, "lift")

    assert said(answer) == ["A test order never goes out; cancel it when you are done."]
    assert open_holds(item.subject) == ["STAFF"]


def test_who_may_only_look_is_offered_no_verb_and_refused_one():
    item = address_to_check()
    reader = browser("eva", role="read-only")

    assert "Take over" not in text_of(reader.get(f"{LIST}{item.pk}/change/"))
    with nothing_changes():
        answers = [press(reader, item, name).status_code for name in ("take", "lift")]
        answers.append(reader.post(f"{LIST}dismiss/", {"id": item.pk, "note": "No"}).status_code)
    assert answers == [403, 403, 403]


def test_a_role_without_the_remedys_permission_works_the_queue_all_the_same():
    item = address_to_check()
    packer = browser("pat", role="warehouse")

    press(packer, item, "take")

    item.refresh_from_db()
    assert item.owner.username == "pat"
    assert press(packer, item, "lift").status_code == 403
    assert open_holds(item.subject) == ["ADDRESS_CHECK"]


def test_many_are_solved_by_one_answer_with_their_progress_shown():
    stocked_variant(on_hand=100)
    items = [address_to_check() for _ in range(12)]
    client = browser()
    client.post(f"{LIST}solve/address/lift/", {"id": [item.pk for item in items]})

    first = text_of(client.post(f"{LIST}solving/"))
    second = text_of(client.post(f"{LIST}solving/"))

    assert "10 of 12 done" in first
    assert "12 of 12 done" in second
    assert not ExceptionItem.objects.open().exists()
    assert set(Order.objects.values_list("status", flat=True)) == {"RELEASED"}


def test_one_refusal_among_many_stops_no_other():
    items = [address_to_check() for _ in range(3)]
    Hold.objects.filter(order__number=items[1].subject).update(reason="STOCK_SHORT")

    words = text_of(solve(browser(), items, "lift"))

    assert "2 of 3 done, 1 not" in words
    assert f"{items[1].subject}: This hold ends when stock arrives" in words
    assert [item.subject for item in ExceptionItem.objects.open()] == []  # its address is no longer in question


def test_what_was_ticked_is_offered_by_type_with_what_can_be_done_for_many():
    dead_letter()
    item = address_to_check()
    ids = list(ExceptionItem.objects.values_list("id", flat=True))

    words = text_of(browser().get(f"{LIST}solve/", {"id": ids}))

    assert "Address to check 1 It is all right: lift the hold Cancel the order" in words
    assert "Dead letter 1 Send again" in words
    assert item.pk in ids


def test_several_are_given_to_a_colleague_and_put_off_in_one_go():
    items, eva = [address_to_check() for _ in range(2)], staff("eva")
    ids, client = [item.pk for item in items], browser()

    client.post(f"{LIST}assign/", {"id": ids, "owner": eva.pk})
    client.post(f"{LIST}snooze/", {"id": ids, "until": "4"})

    kept = ExceptionItem.objects.values_list("owner__username", "snoozed_until")
    assert list(kept) == [("eva", NOW + 4 * ONE_HOUR)] * 2


def test_the_page_of_an_item_leads_to_its_order_and_to_what_is_due_next():
    first, second = address_to_check(), address_to_check()

    html = browser().get(f"{LIST}{first.pk}/change/").content.decode()

    assert f'href="/admin/orders/order/{first.subject}/change/"' in html
    assert f'href="{LIST}{second.pk}/change/"' in html


def test_the_dashboard_counts_what_waits_and_the_order_shows_it():
    item = address_to_check(since=NOON - 5 * ONE_DAY)
    client = browser()

    words = text_of(client.get("/admin/"))

    assert "Exceptions 1 1 overdue" in words
    assert "Address to check 1 (1 overdue)" in words
    assert "Waits for a person" in text_of(client.get(f"/admin/orders/order/{item.subject}/change/"))
