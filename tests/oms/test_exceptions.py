"""The queue of exceptions, with dead letters as the trouble: they need nothing of other apps."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config import wiring
from oms import exceptions
from oms.actions import reviewing_exceptions
from oms.actions.reviewing_exceptions import Reviewed, review_exceptions, review_type
from oms.actions.tending_exceptions import assign_exceptions, dismiss_exceptions, snooze_exceptions
from oms.errors import Invalid, NotDismissible
from oms.events import publish
from oms.exceptions import ExceptionType, Trouble
from oms.key_events import ApiKeyIssued
from oms.models import Delivery, EventRecord, ExceptionItem
from oms.queries.exceptions import count_by_age, count_by_type
from oms.queries.untold import DEAD_LETTERS
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.staff import staff

pytestmark = pytest.mark.django_db


def dead_letter(subject: str = "1", *, at=NOON) -> Delivery:
    with transaction.atomic():
        publish([ApiKeyIssued(subject=subject, by=ADA, at=at)])
    event = EventRecord.objects.latest("id")
    return Delivery.objects.create(event=event, reaction="a.b", state=Delivery.State.DEAD, last_error="Boom")


def announced() -> list[str]:
    return list(EventRecord.objects.filter(subject_kind="exception").order_by("id").values_list("type", flat=True))


@contextmanager
def only(*types: ExceptionType):
    exceptions.connect(types)
    try:
        yield
    finally:
        wiring.connect()


def test_a_trouble_is_opened_once_however_often_one_looks():
    letter = dead_letter()

    assert [review_type(DEAD_LETTERS, at=NOON) for _ in range(3)] == [Reviewed(1, 0), Reviewed(), Reviewed()]

    item = ExceptionItem.objects.get()
    assert (item.type, item.key, item.subject_kind, item.subject) == ("dead_letter", letter.pk, "api_key", "1")
    assert item.cause == "a.b could not be told of api_key.issued: Boom"
    assert (item.since, item.opened_at, item.closed_at) == (NOON, NOON, None)
    assert announced() == ["exception.opened"]


def test_it_closes_itself_once_its_cause_is_gone_and_opens_anew_when_that_comes_back():
    letter = dead_letter()
    review_type(DEAD_LETTERS, at=NOON)
    Delivery.objects.update(state=Delivery.State.WAITING)

    assert review_type(DEAD_LETTERS, at=NOON + ONE_HOUR) == Reviewed(0, 1)

    item = ExceptionItem.objects.get()
    assert (item.closed_at, item.closed_by, item.closed_because) == (NOON + ONE_HOUR, "system", "GONE")
    Delivery.objects.filter(id=letter.pk).update(state=Delivery.State.DEAD)
    assert review_type(DEAD_LETTERS, at=NOON + ONE_DAY) == Reviewed(1, 0)
    assert announced() == ["exception.opened", "exception.closed", "exception.opened"]


def test_the_deadline_counts_working_hours_since_the_trouble_began():
    """21 November 2026 is a Saturday, and a dead letter should be gone within two hours at the desk."""
    dead_letter()
    review_type(DEAD_LETTERS, at=NOON + ONE_HOUR)
    assert ExceptionItem.objects.get().deadline == NOON + timedelta(days=1, hours=23)


def test_looking_takes_as_many_statements_for_one_as_for_fifty():
    def statements(at):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            review_type(DEAD_LETTERS, at=at)
        return len(seen)

    dead_letter()
    one = statements(NOON)
    for place in range(50):
        dead_letter(f"k{place}")
    assert statements(NOON) == one
    assert ExceptionItem.objects.open().count() == 51


def test_more_troubles_than_one_transaction_takes_are_all_opened(monkeypatch):
    monkeypatch.setattr(reviewing_exceptions, "AT_ONCE", 3)
    for place in range(7):
        dead_letter(f"k{place}")

    with only(DEAD_LETTERS):
        assert review_exceptions(at=NOON) == Reviewed(7, 0)
        Delivery.objects.update(state=Delivery.State.WAITING)
        assert review_exceptions(at=NOON) == Reviewed(0, 7)


def test_a_question_that_fails_keeps_no_other_from_being_asked(caplog):
    def fail(at):
        raise LookupError("nobody knows")

    broken = ExceptionType("broken", "Broken", 1, fail, lambda row: Trouble("a", "b", "c", NOON))
    dead_letter()

    with only(broken, DEAD_LETTERS):
        assert review_exceptions(at=NOON) == Reviewed(1, 0)
    assert "Nobody knows what is wrong now: broken" in caplog.text


def test_an_item_changes_hands_once_and_says_so():
    dead_letter()
    review_type(DEAD_LETTERS, at=NOON)
    item, ada = ExceptionItem.objects.get(), staff("ada")

    assert [assign_exceptions(ids=[item.pk], owner=ada, by=ADA, at=NOON) for _ in range(2)] == [1, 0]

    item.refresh_from_db()
    assert item.owner == ada
    assert EventRecord.objects.get(type="exception.assigned").facts["owner"] == "ada"


def test_what_is_put_off_comes_back_by_itself():
    dead_letter()
    review_type(DEAD_LETTERS, at=NOON)
    item = ExceptionItem.objects.get()

    snooze_exceptions(ids=[item.pk], until=NOON + ONE_HOUR, by=ADA, at=NOON)

    assert not ExceptionItem.objects.waiting(NOON + ONE_MINUTE).exists()
    assert ExceptionItem.objects.waiting(NOON + ONE_HOUR).get() == item
    assert review_type(DEAD_LETTERS, at=NOON) == Reviewed()


@pytest.mark.parametrize("until", [NOON - ONE_MINUTE, NOON, NOON + 31 * ONE_DAY])
def test_putting_off_into_the_past_or_for_ever_is_refused_and_changes_nothing(until):
    dead_letter()
    review_type(DEAD_LETTERS, at=NOON)
    item = ExceptionItem.objects.get()

    with pytest.raises(Invalid):
        snooze_exceptions(ids=[item.pk], until=until, by=ADA, at=NOON)

    item.refresh_from_db()
    assert item.snoozed_until is None
    assert announced() == ["exception.opened"]


def test_what_must_be_solved_cannot_be_put_aside():
    dead_letter()
    review_type(DEAD_LETTERS, at=NOON)
    item = ExceptionItem.objects.get()

    with pytest.raises(NotDismissible):
        dismiss_exceptions(ids=[item.pk], note="Never mind", by=ADA, at=NOON)

    item.refresh_from_db()
    assert item.closed_at is None
    assert announced() == ["exception.opened"]


def test_what_was_put_aside_is_not_opened_again_though_its_cause_stands():
    mild = ExceptionType("mild", "Mild", 1, DEAD_LETTERS.find, DEAD_LETTERS.describe, dismissible=True)
    dead_letter()
    with only(mild):
        review_exceptions(at=NOON)
        item = ExceptionItem.objects.get()
        assert dismiss_exceptions(ids=[item.pk], note="Seen", by=ADA, at=NOON) == 1
        assert review_exceptions(at=NOON + ONE_HOUR) == Reviewed()

    item.refresh_from_db()
    assert (item.closed_by, item.closed_because, item.note) == (ADA, "DISMISSED", "Seen")


def test_the_plots_count_what_waits_by_type_and_by_age():
    dead_letter("old", at=NOON - 2 * ONE_DAY)
    dead_letter("new", at=NOON - 30 * ONE_MINUTE)
    review_type(DEAD_LETTERS, at=NOON)

    (load,) = count_by_type(NOON)
    ages = {each.name: (each.number, each.overdue) for each in count_by_age(NOON) if each.number}

    assert (load.name, load.number, load.overdue) == ("dead_letter", 2, 1)
    assert ages == {"under 1 h": (1, 0), "1–3 days": (1, 1)}


def test_every_type_of_the_house_has_a_desk_and_a_title_of_its_own():
    codes = [each.code for each in wiring.TROUBLES]
    assert sorted(codes) == sorted(set(codes)) == sorted(wiring.DESKS)
    assert len({each.title for each in wiring.TROUBLES}) == len(codes)
