"""Pages by keyset."""

from datetime import UTC, datetime, timedelta

import pytest

from oms.api.pagination import Keyset, answer_page
from oms.api.problems import Problem
from oms.models import EventRecord

NEWEST = Keyset("events", {"at": datetime, "id": int}, descending=True)
NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


def record_events(count: int) -> None:
    EventRecord.objects.bulk_create(
        EventRecord(
            type="t", subject_kind="k", subject=str(n), sequence=1, by="system", at=NOON + timedelta(hours=n // 3)
        )
        for n in range(count)
    )


def page(cursor: str, limit: int) -> dict:
    rows = list(NEWEST.narrow(EventRecord.objects.all(), NEWEST.read_cursor(cursor))[: limit + 1])
    shown, next_cursor = NEWEST.page(rows, limit=limit, place=lambda event: [event.at, event.id])
    return answer_page([event.id for event in shown], next_cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 3, 10, 11])
def test_pages_show_every_row_once_and_in_order_even_when_many_share_a_moment(limit):
    record_events(10)
    seen, cursor = [], ""
    while cursor is not None:
        answer = page(cursor, limit)
        seen += answer["results"]
        cursor = answer["next_cursor"]
    assert seen == list(EventRecord.objects.order_by("-at", "-id").values_list("id", flat=True))


@pytest.mark.django_db
def test_rows_that_arrive_meanwhile_shift_nothing():
    record_events(4)
    first = page("", 2)
    EventRecord.objects.create(
        type="t", subject_kind="k", subject="new", sequence=1, by="s", at=NOON + timedelta(days=9)
    )
    assert not set(page(first["next_cursor"], 2)["results"]) & set(first["results"])


def test_hand_written_sql_gets_the_same_condition():
    place = NEWEST.read_cursor(NEWEST.write_cursor([NOON, 7]))
    assert NEWEST.condition(place, names=["o.at", "o.id"]) == ("(o.at, o.id) < (%s, %s)", [NOON, 7])
    assert NEWEST.condition(None, names=["o.at", "o.id"]) == ("TRUE", [])


def test_a_cursor_can_be_sent_in_an_address_as_it_is():
    assert all(c.isalnum() or c in "-_.~" for c in NEWEST.write_cursor([NOON, 7]))


@pytest.mark.parametrize("cursor", ["x", ".", "a.b.c", "é", "\x00", "WzFd.", "WzFd" * 100])
def test_a_forged_cursor_is_refused(cursor):
    with pytest.raises(Problem) as refusal:
        NEWEST.read_cursor(cursor)
    assert (refusal.value.status, refusal.value.code) == (400, "cursor_invalid")


def test_a_cursor_of_another_list_or_a_changed_one_is_refused():
    other = Keyset("orders", {"at": datetime, "id": int}, descending=True).write_cursor([NOON, 7])
    own = NEWEST.write_cursor([NOON, 7])
    for cursor in (other, own[:-1] + ("A" if own[-1] != "A" else "B"), "X" + own):
        with pytest.raises(Problem):
            NEWEST.read_cursor(cursor)
