"""The log of events: complete, in order, and at the same speed on every page."""

import pytest
from django.db import connection
from django.utils import timezone

from inventory.events import StockRanLow
from oms.api.events import LOG
from oms.models import EventRecord
from oms.queries import event_log
from orders.events import CodeAsked, OrderReleased
from tests.make.orders import placed_order
from tests.make.partners import make_partner
from tests.make.statements import rows_touched, statements_made
from tests.make.stock import SKU
from tests.make.webhooks import Clock, announce, send_due, told_partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner():
    return make_partner("webhooks:write")


def walk(partner, query="limit=3"):
    """Every page from the beginning on: their subjects, and the last page."""
    subjects, cursor = [], ""
    while True:
        page = partner.get(f"/events?{query}&cursor={cursor}").json()
        subjects += [(event["type"], event["data"]["subject"]) for event in page["results"]]
        if page["next_cursor"] is None:
            return subjects, page
        cursor = page["next_cursor"]


def test_all_events_are_there_once_and_in_their_order(partner):
    for number in range(1, 9):
        announce(str(number))
    announce("handle", cls=CodeAsked)
    subjects, _ = walk(partner)
    assert subjects == [("order.held", str(number)) for number in range(1, 9)]


def test_whoever_stopped_at_the_end_goes_on_there_next_week(partner):
    announce("1")
    _, last = walk(partner)
    assert partner.get(f"/events?cursor={last['resume_cursor']}").json()["results"] == []
    announce("2")
    later = partner.get(f"/events?cursor={last['resume_cursor']}").json()
    assert [event["data"]["subject"] for event in later["results"]] == ["2"]


def test_pulled_and_pushed_an_event_has_the_same_id_and_says_the_same(partner):
    with told_partner() as (_, receiver):
        placed_order()
        send_due(Clock(timezone.now()))
    pulled = [event for event in partner.get("/events").json()["results"] if event["data"]["kind"] == "order"]
    assert pulled[0] == {"id": receiver.ids[0], **receiver.messages[0]}


def test_types_can_be_chosen_and_a_misspelt_one_is_an_error(partner):
    announce("1")
    announce("1", cls=OrderReleased)
    assert walk(partner, "type=order.released")[0] == [("order.released", "1")]
    assert len(walk(partner, "type=order.*,stock.low")[0]) == 2
    wrong = partner.get("/events?type=oder.*")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/type")


def test_a_key_with_limits_reads_of_its_own_channels_alone():
    mine, theirs = placed_order(channel="web"), placed_order(channel="shop")
    numbers = {subject for _, subject in walk(make_partner("webhooks:write", channels=("web",)))[0]}
    assert mine.number in numbers
    assert theirs.number not in numbers


def test_a_warehouse_reads_of_its_own_fulfillments_and_gets_no_order(partner):
    order = placed_order()
    announce(order.number, warehouse="LEJ")
    announce(order.number, warehouse="JFK")
    events = make_partner("webhooks:write", warehouses=("LEJ",)).get("/events?type=order.*").json()["results"]
    assert [event["data"]["facts"] for event in events] == [{"warehouse": "LEJ"}]
    assert events[0]["data"]["order"] is None


def test_stock_is_shown_as_the_stock_list_shows_it():
    placed_order()
    announce(SKU, cls=StockRanLow)
    partner = make_partner()
    (event,) = partner.get("/events?type=stock.low").json()["results"]
    assert event["data"]["stock"] == partner.get(f"/stock/{SKU}").json()


def test_a_page_that_finds_little_looks_at_no_more_than_it_may(partner, monkeypatch):
    monkeypatch.setattr(event_log, "LOOKED_THROUGH", 10)
    for number in range(25):
        announce(str(number))
    announce("last", cls=OrderReleased)
    first = partner.get("/events?type=order.released").json()
    assert first["results"] == []
    assert first["next_cursor"] is not None
    assert walk(partner, "type=order.released")[0] == [("order.released", "last")]


def test_a_late_page_costs_what_the_first_one_does(partner):
    for number in range(300):
        announce(str(number))
    with connection.cursor() as cursor:  # with so few rows the planner would rather read them all
        cursor.execute("ANALYZE oms_eventrecord")  # else it knows what another test had left
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    places = [event_log.BEGINNING, *EventRecord.objects.order_by("id").values_list("turn", "id")[100:300:100]]
    assert len({len(say_page(partner, place)) for place in places}) == 1
    touched = [rows_touched(as_text(event_log._PAGE, place)) for place in places]
    first, *late = touched  # with so few rows the planner may still read them all where it begins at the beginning
    assert len(set(late)) == 1
    assert late[0] <= first


def say_page(partner, place):
    """The statements of one page."""
    with statements_made() as statements:
        partner.get(f"/events?limit=30&cursor={LOG.write_cursor(place)}")
    return statements


def as_text(statement, place):
    asked = {"turn": place[0], "id": place[1], "last_turn": 2**62, "last_id": 2**62, "limit": 31}
    return statement % (asked | {"types": "'{order.held}'"})
