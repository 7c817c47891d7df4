"""Hand-written statements run on cursors that are kept: what one run leaves behind must not show in the next."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from oms import events
from oms.key_events import ApiKeyIssued
from oms.models import EventRecord
from oms.sql import LARGE_DOCUMENT, MOST_KEPT, fetch_all, fetch_one
from tests.make.moments import NOON


@pytest.mark.django_db
def test_the_same_statement_again_answers_the_new_values():
    assert [fetch_one("SELECT %s::int + 1, %s::text", [number, text]) for number, text in ((1, "a"), (2, None))] == [
        (2, "a"),
        (3, None),
    ]


@pytest.mark.django_db
def test_rows_stay_as_they_were_when_their_statement_runs_again():
    first = fetch_all("SELECT generate_series(1, %s::int)", [3])
    second = fetch_all("SELECT generate_series(1, %s::int)", [0])
    assert (first, second) == ([(1,), (2,), (3,)], [])


@pytest.mark.django_db
def test_json_is_read_and_jsonb_left_to_django():
    assert fetch_one("SELECT '[1, \"a\"]'::json, '[1]'::jsonb", []) == ([1, "a"], "[1]")
    events.publish([ApiKeyIssued(subject="1", by="system", at=NOON, facts={"scopes": ["admin"]})])
    assert EventRecord.objects.get().facts == {"scopes": ["admin"]}


@pytest.mark.django_db
def test_a_large_document_and_many_statements_are_answered_like_any_other():
    document = "x" * (LARGE_DOCUMENT + 1)
    assert fetch_one("SELECT length(%s::text)", [document]) == (len(document),)
    assert [fetch_one(f"SELECT {n}", [])[0] for n in range(MOST_KEPT * 2)] == list(range(MOST_KEPT * 2))


@pytest.mark.django_db(transaction=True)
def test_a_statement_runs_on_the_new_connection_when_the_old_one_was_closed():
    backend = "SELECT pg_backend_pid()"
    before = fetch_one(backend, [])
    connection.close()
    assert fetch_one(backend, []) != before


@pytest.mark.django_db(transaction=True)
def test_a_refused_statement_says_so_in_djangos_words_and_runs_again_after_the_rollback():
    insert = "INSERT INTO auth_group (name) VALUES (%s) RETURNING name"
    with pytest.raises(IntegrityError), transaction.atomic():
        fetch_all(insert, ["pickers"])
        fetch_all(insert, ["pickers"])
    assert fetch_all(insert, ["pickers"]) == [("pickers",)]


@pytest.mark.django_db
def test_nothing_runs_in_a_transaction_that_is_broken():
    with pytest.raises(TransactionManagementError), transaction.atomic():
        transaction.set_rollback(True)
        fetch_all("SELECT 1", [])
