"""Hand-written statements are kept ready: what one run leaves behind must not show in the next."""

import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from oms import events
from oms.key_events import ApiKeyIssued
from oms.models import EventRecord
from oms.prepared import LONG, MOST_KEPT
from oms.sql import fetch_all, fetch_one
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
    document = "x" * 5_000_000
    assert fetch_one("SELECT length(%s::text), %s::text", [document, document]) == (len(document), document)
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


@pytest.mark.django_db(transaction=True)
def test_a_statement_outlives_the_table_that_was_altered_under_it():
    fetch_all("CREATE TABLE changing (a int)", [])
    try:
        for _ in range(5):
            assert fetch_all("SELECT * FROM changing", []) == []
        fetch_all("ALTER TABLE changing ADD b text DEFAULT 'new'", [])
        with pytest.raises(NotSupportedError):
            fetch_all("SELECT * FROM changing", [])
        fetch_all("INSERT INTO changing VALUES (1)", [])
        assert fetch_all("SELECT * FROM changing", []) == [(1, "new")]
    finally:
        fetch_all("DROP TABLE changing", [])


@pytest.mark.django_db
def test_one_statement_takes_numbers_of_every_size():
    numbers = [1, 40_000, 3_000_000_000, 10**18, None, 2]
    assert [fetch_one("SELECT %s::numeric", [number])[0] for number in numbers * 5] == numbers * 5


@pytest.mark.django_db(transaction=True)
def test_what_is_prepared_stays_so_after_a_rollback():
    for _ in range(10):
        fetch_one("SELECT %s::int + 40", [2])
    with pytest.raises(IntegrityError), transaction.atomic():
        fetch_all("INSERT INTO auth_group (name) VALUES (NULL)", [])
    ready = fetch_all("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT $1::int + 40"])
    assert ready == [("SELECT $1::int + 40",)]


@pytest.mark.django_db
def test_a_long_statement_is_planned_once_also_for_the_first_that_ask():
    statement = f"SELECT %s::int + 39 {' ' * LONG}"
    assert [fetch_one(statement, [number]) for number in (1, 2)] == [(40,), (41,)]
    ready = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"
    assert fetch_all(ready, ["SELECT $1::int + 39 %"]) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_gone_is_said_in_djangos_words():
    with pytest.raises(OperationalError), transaction.atomic():
        fetch_all("SELECT 1", [])
        fetch_all("SELECT pg_terminate_backend(pg_backend_pid())", [])
    assert fetch_all("SELECT 1", []) == [(1,)]
