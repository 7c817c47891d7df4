from datetime import timedelta

import pytest

from oms.admin.keyset import slice_page
from oms.models import EventRecord
from tests.make.moments import NOON, ONE_MINUTE

ORDER = ("-at", "-id")

pytestmark = pytest.mark.django_db


def make_events(count: int, *, apart: timedelta = ONE_MINUTE) -> None:
    EventRecord.objects.bulk_create(
        EventRecord(type="t", subject_kind="k", subject="s", sequence=n, by="system", at=NOON + n // 3 * apart)
        for n in range(1, count + 1)
    )


def walk(direction: str, token: str = "", size: int = 4) -> list[list[int]]:
    """All pages from there on, as sequences of their rows."""
    pages = []
    while True:
        page = slice_page(EventRecord.objects.all(), order=ORDER, token=token, size=size)
        pages.append([event.sequence for event in page.rows])
        token = getattr(page, direction)
        if not token:
            return pages


@pytest.mark.parametrize("count", [0, 1, 4, 5, 23])
@pytest.mark.parametrize("apart", [ONE_MINUTE, timedelta(0)], ids=["moments of three", "one moment for all"])
def test_walking_forward_meets_every_row_once(count, apart):
    make_events(count, apart=apart)

    met = [sequence for page in walk("next") for sequence in page]

    assert met == list(range(count, 0, -1))


def test_walking_back_meets_the_same_pages():
    make_events(23)
    last = slice_page(EventRecord.objects.all(), order=ORDER, token="", size=4)
    while last.next:
        last = slice_page(EventRecord.objects.all(), order=ORDER, token=last.next, size=4)

    back = walk("previous", last.previous)

    assert back == [[7, 6, 5, 4], [11, 10, 9, 8], [15, 14, 13, 12], [19, 18, 17, 16], [23, 22, 21, 20]]


def test_the_first_page_has_none_before_it_and_the_last_none_after():
    make_events(8)
    first = slice_page(EventRecord.objects.all(), order=ORDER, token="", size=4)
    second = slice_page(EventRecord.objects.all(), order=ORDER, token=first.next, size=4)

    assert (first.previous, second.next) == ("", "")


def test_rows_that_arrive_meanwhile_move_nothing():
    make_events(8)
    first = slice_page(EventRecord.objects.all(), order=ORDER, token="", size=4)
    EventRecord.objects.create(
        type="t", subject_kind="k", subject="s", sequence=99, by="system", at=NOON + 9 * ONE_MINUTE
    )

    second = slice_page(EventRecord.objects.all(), order=ORDER, token=first.next, size=4)

    assert [event.sequence for event in second.rows] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    "token",
    ["x", "n", "nbm90IGpzb24", "nWzFd", "nW10", "n%%%", "nWyJ5ZXN0ZXJkYXkiLDFd", "nWyJcdTAwMDAiLDFd", "nWzEsW11d"],
)
def test_a_token_that_nobody_gave_out_shows_the_first_page(token):
    make_events(3)

    page = slice_page(EventRecord.objects.all(), order=ORDER, token=token, size=2)

    assert [event.sequence for event in page.rows] == [3, 2]


def test_the_last_page_costs_one_short_query_like_the_first(django_assert_num_queries):
    make_events(40)
    token = ""
    for _ in range(9):
        token = slice_page(EventRecord.objects.all(), order=ORDER, token=token, size=4).next

    with django_assert_num_queries(1) as queries:
        slice_page(EventRecord.objects.all(), order=ORDER, token=token, size=4)

    assert "OFFSET" not in queries[0]["sql"]
