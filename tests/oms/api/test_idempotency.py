"""Asking twice does it once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from oms.api.idempotency import Attempt, Rendered, parse_label, remember_answer
from oms.api.views import Answer, answer_once
from oms.errors import VersionStale
from oms.models import Channel, StoredAnswer
from tests.make.partners import Partner, make_partner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.oms.api.trial")]

WEB = {"code": "web"}


def test_the_same_key_and_body_is_answered_again_and_not_done_again():
    partner = make_partner()
    first = partner.post("/channels", WEB, label='"order-1"')
    second = partner.post("/channels", WEB, label="order-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert Channel.objects.count() == StoredAnswer.objects.count() == 1


def test_the_same_key_with_another_body_is_refused_and_does_nothing():
    partner = make_partner()
    partner.post("/channels", WEB, label="a")
    answer = partner.post("/channels", {"code": "shop"}, label="a")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert list(Channel.objects.values_list("code", flat=True)) == ["web"]


def test_the_same_key_at_another_address_is_refused():
    partner = make_partner()
    partner.post("/channels", WEB, label="a")
    assert partner.put("/optional", WEB, label="a").json()["code"] == "idempotency_key_reused"


def test_two_partners_may_use_the_same_key():
    assert make_partner().post("/channels", WEB, label="a").status_code == 201
    assert make_partner().post("/channels", {"code": "shop"}, label="a").status_code == 201


def test_a_refusal_is_answered_again_even_when_it_would_no_longer_hold():
    partner, body = make_partner(), WEB | {"fate": "refused"}
    first = partner.post("/channels", body, label="a")
    second = partner.post("/channels", body, label="a")
    assert (first.status_code, second.content) == (409, first.content)
    assert second["Content-Type"] == "application/problem+json"
    assert second["Idempotent-Replayed"] == "true"
    assert not Channel.objects.exists()


def test_what_is_wrong_with_a_body_is_answered_again():
    partner = make_partner()
    answers = [partner.post("/channels", {"code": ""}, label="a") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[1]["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("fate", ["missing", "broken", "always_raced"])
def test_what_may_go_better_next_time_is_not_stored(fate):
    partner = make_partner(crashes_are_errors=False)
    for _ in range(2):
        assert "Idempotent-Replayed" not in partner.post("/channels", WEB | {"fate": fate}, label="a")
    assert not StoredAnswer.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_what_is_malformed_is_not_stored(body):
    make_partner().post("/channels", body, label="a")
    assert not StoredAnswer.objects.exists()


def test_a_write_that_moves_something_must_bear_a_key():
    answer = make_partner().post("/channels", WEB)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not Channel.objects.exists()


def test_other_writes_may_do_without_and_run_in_a_transaction_all_the_same():
    assert make_partner().put("/optional", {}).json() == {"in_transaction": True}
    assert not StoredAnswer.objects.exists()


def test_an_answer_without_a_body_can_be_stored_too():
    partner = make_partner()
    answers = [partner.delete("/optional", label="a") for _ in range(2)]
    assert [(a.status_code, a.content, "Content-Type" in a) for a in answers] == [(204, b"", False)] * 2


@pytest.mark.parametrize(
    "label",
    ["", '""', "a b", '"a', 'a"b', '"a" b', '"a", "b"', "a,b", '"a\\n"', "'a'", "a" * 256, '"' + "a" * 256 + '"', "é"],
)
def test_a_malformed_key_is_refused(label):
    answer = make_partner().post("/channels", WEB, label=label)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ('"a b"', "a b"),
        (r'"a\"b\\"', 'a"b\\'),
        ('"a";x=1; y="z";w', "a"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("  a  ", "a"),
        ("a:b;c=d/e", "a:b;c=d/e"),
    ],
)
def test_a_key_is_a_structured_string_or_a_bare_token(header, label):
    assert parse_label(header) == label


def test_a_write_costs_the_foundation_three_statements():
    partner = make_partner()
    with CaptureQueriesContext(connection) as queries:
        partner.put("/optional", {}, label="a")
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT", "INSERT"]
    assert "oms_apikey" in statements[0]
    assert "pg_try_advisory_xact_lock" in statements[1]


@pytest.mark.django_db(transaction=True)
def test_the_second_request_is_told_to_wait_while_the_first_runs():
    partner, hindered = make_partner(), make_partner()
    with held_channel("web"):
        first: list = []
        thread = threading.Thread(target=lambda: first.append(_post_apart(partner)))
        thread.start()
        wait_until_blocked()
        second = partner.post("/channels", WEB, label="a")
        other = hindered.post("/channels", {"code": "other"}, label="a")
    thread.join(10)

    assert (second.status_code, second.json()["code"], second["Retry-After"]) == (409, "idempotency_in_progress", "1")
    assert other.status_code == 201
    assert first[0].status_code == 201
    assert partner.post("/channels", WEB, label="a")["Idempotent-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_does_it():
    partner = make_partner()
    answers: list = []
    threads = [threading.Thread(target=lambda: answers.append(_post_apart(partner))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Channel.objects.count() == 1
    done = [answer for answer in answers if answer.status_code == 201]
    assert sum("Idempotent-Replayed" not in answer for answer in done) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stopped_by", [IntegrityError("its row is there"), VersionStale("It has changed.")])
def test_who_is_stopped_by_the_same_request_gets_its_answer(stopped_by):
    """Between a statement's snapshot and its lock the same request was answered: our work meets what it has done."""
    attempt = Attempt(make_partner().key.pk, "a", b"the same request")

    def meet_the_other() -> Answer:
        with ThreadPoolExecutor(1) as apart:
            apart.submit(_answer_apart, attempt, Rendered(201, b"{}")).result()
        raise stopped_by

    answer = answer_once(attempt, meet_the_other)
    assert (answer.status, answer.body, answer.replayed) == (201, b"{}", True)


@pytest.mark.django_db(transaction=True)
def test_what_breaks_on_its_own_stays_broken_and_is_not_stored():
    def break_down() -> Answer:
        raise IntegrityError("nobody else was here")

    with pytest.raises(IntegrityError, match="nobody else"):
        answer_once(Attempt(make_partner().key.pk, "a", b""), break_down)
    assert not StoredAnswer.objects.exists()


def _answer_apart(attempt: Attempt, answer: Rendered) -> None:
    try:
        remember_answer(attempt, answer)
    finally:
        connections.close_all()


def _post_apart(partner: Partner):
    """In another thread, with a connection of its own."""
    try:
        return Partner(partner.key, partner.secret).post("/channels", WEB, label="a")
    finally:
        connections.close_all()


class held_channel:  # noqa: N801 - reads as a sentence
    """Another connection holds the place of a channel's code, so that whoever makes it must wait."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        self.other = connection.copy()
        self.other.set_autocommit(False)
        with self.other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO oms_channel (code, name, connector, currency, already_sold, edit_window_minutes,"
                " webhook_secret, active) VALUES (%s, '', 'API', 'EUR', false, 30, '', true)",
                [self.code],
            )

    def __exit__(self, *_: object) -> None:
        self.other.rollback()
        self.other.close()


def wait_until_blocked() -> None:
    """Until some session waits for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")
