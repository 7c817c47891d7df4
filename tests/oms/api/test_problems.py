"""What goes wrong is said in one form, everywhere under /api/."""

import logging

import pytest
from django.db import connection, connections
from django.test import Client

from oms.models import Channel
from tests.make.partners import fresh, make_partner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.oms.api.trial")]


def problem(answer, status, code):
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.json()["type"] == f"/problems/{code}"
    return answer.json()


def post(body, partner=None, **headers):
    return (partner or make_partner()).post("/channels", body, label=fresh(), **headers)


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/orders", "/api/v1/channels/", "/api/v1/a%00b"]
)
def test_an_unknown_address_is_a_problem_too(path):
    problem(Client().get(path), 404, "not_found")


def test_a_wrong_method_is_told_the_right_ones():
    answer = make_partner().delete("/channels")
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_an_unheard_of_method_is_refused():
    problem(Client().generic("BREW", "/api/v1/channels"), 405, "method_not_allowed")


def test_options_says_what_is_allowed_and_no_more():
    answer = Client().options("/api/v1/channels")
    assert (answer.status_code, answer["Allow"], answer.content) == (204, "GET, POST, HEAD, OPTIONS", b"")


def test_head_is_get_without_its_body():
    answer = make_partner().client.head("/api/v1/channels")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0"])
def test_who_does_not_accept_json_cannot_be_served(accept):
    problem(make_partner().get("/channels", accept=accept), 406, "not_acceptable")


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "application/problem+json"]
)
def test_who_accepts_json_among_others_is_served(accept):
    assert make_partner().get("/channels", accept=accept).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""]
)
def test_a_body_that_is_not_said_to_be_json_is_refused(content_type):
    problem(post({"code": "web"}, content_type=content_type), 415, "media_type_unsupported")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", "application/vnd.shop+json", "Application/JSON"]
)
def test_json_under_its_other_names_is_taken(content_type):
    assert post({"code": "web"}, content_type=content_type).status_code == 201


def test_a_body_of_more_than_five_megabytes_is_refused_unread():
    problem(post(b'{"code": "' + b"a" * 5 * 2**20 + b'"}'), 413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"code": nan}', b'{"code": "a" "b"}', b"\xff", b'{"code": "\\ud800"}', b"[" * 100_000, b'{"a":' * 100_000],
)
def test_broken_json_is_refused_with_its_position(body):
    answer = problem(post(body), 400, "json_broken")
    assert {"line", "column", "position"} <= answer.keys()


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"1", b"null"])
def test_json_that_is_no_object_is_well_formed_but_wrong(body):
    assert problem(post(body), 422, "body_not_an_object")["errors"][0]["pointer"] == ""


def test_no_body_where_one_is_needed_is_malformed():
    problem(post(b""), 400, "body_missing")


def test_no_body_where_none_is_needed_is_well():
    assert make_partner().put("/optional").status_code == 200


def test_a_nul_anywhere_is_pointed_at():
    body = problem(post(b'{"code": "a\\u0000", "x": [{"b\\u0000/": 1}], "y": "\\\\u0000"}'), 422, "nul_character")
    assert sorted(error["pointer"] for error in body["errors"]) == ["/code", "/x/0/b\x00~1"]


def test_text_that_only_looks_like_a_nul_is_text():
    assert post(b'{"code": "a\\\\u0000"}').status_code == 201


def test_wrong_places_are_pointed_at_and_unknown_fields_too():
    body = problem(post({"code": "", "words": ["short", "too long"], "wrods": 1}), 422, "invalid")
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [
        ("/code", "string_too_short"),
        ("/words/1", "string_too_long"),
        ("/wrods", "extra_forbidden"),
    ]


def test_a_refusal_is_a_conflict_with_its_facts_and_changes_nothing():
    body = problem(post({"code": "web", "fate": "refused"}), 409, "shop_is_shut")
    assert (body["detail"], body["opens"]) == ("The shop is shut.", "tomorrow")
    assert not Channel.objects.exists()


def test_what_breaks_is_logged_under_an_id_and_says_nothing_of_itself(caplog):
    partner = make_partner(crashes_are_errors=False)
    with caplog.at_level(logging.ERROR, logger="oms.api.problems"):
        body = problem(post({"code": "web", "fate": "broken"}, partner), 500, "internal_error")
    assert "secret" not in str(body)
    assert body["id"] in caplog.text
    assert "a secret of the database" in caplog.text
    assert not Channel.objects.exists()


def test_a_write_that_loses_every_race_asks_to_come_again():
    answer = post({"code": "web", "fate": "always_raced"})
    problem(answer, 503, "busy")
    assert answer["Retry-After"] == "1"


def test_a_write_that_loses_a_race_is_made_again():
    answer = post({"code": "web", "fate": "raced"})
    assert answer.status_code == 201
    assert Channel.objects.count() == 1


def test_a_foreign_host_name_is_a_problem_for_pages_only():
    assert make_partner().client.get("/api/v1/channels", headers={"host": "evil.example"}).status_code == 200


def test_without_a_database_one_is_asked_to_come_again(django_db_blocker):
    partner = make_partner()
    working, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    other = connections.create_connection("default")
    connections["default"], kept = other, connections["default"]
    try:
        with django_db_blocker.unblock():
            answer = partner.get("/channels")
    finally:
        connections["default"] = kept
        connection.settings_dict["HOST"] = working
    problem(answer, 503, "unavailable")
    assert answer["Retry-After"] == "5"


def test_the_api_turns_off_before_what_serves_browsers():
    answer = make_partner().get("/channels")
    assert "Content-Security-Policy" not in answer
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(answer.content))
    assert not answer.cookies
