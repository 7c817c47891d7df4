"""The `type` of a problem is a page that a person can read."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory

from oms.api.problem_codes import describe_codes
from oms.views import answer_bad_request, answer_crash


def test_every_code_has_a_page_with_its_meaning():
    for code, meaning in describe_codes().items():
        page = Client().get(f"/problems/{code}")
        assert page.status_code == 200
        assert meaning.title in page.content.decode()
        assert meaning.meaning, f"{code} says nothing of itself: give the class a docstring."


def test_all_codes_stand_on_one_page():
    page = Client().get("/problems/").content.decode()
    assert all(code in page for code in describe_codes())


def test_an_unknown_code_has_no_page():
    assert Client().get("/problems/nonsense").status_code == 404


def test_every_code_that_the_api_raises_is_explained():
    sources = [
        path for app in ("oms", "inventory", "orders") for path in Path(settings.BASE_DIR, app, "api").glob("*.py")
    ]
    raised = {code for path in sources for code in re.findall(r"Problem\(\s*\d{3},\s*\"(\w+)\"", path.read_text())}
    assert raised
    assert raised <= describe_codes().keys()


@pytest.mark.parametrize(
    ("path", "content_type"), [("/api/v1/orders", "application/problem+json"), ("/portal", "text/html; charset=utf-8")]
)
def test_the_last_resort_speaks_json_to_clients_and_html_to_people(path, content_type):
    request = RequestFactory().get(path)
    assert (answer_crash(request).status_code, answer_crash(request)["Content-Type"]) == (500, content_type)
    refusal = answer_bad_request(request, ValueError())
    assert (refusal.status_code, refusal["Content-Type"].split(";")[0]) == (400, content_type.split(";")[0])


def test_a_page_that_the_database_cannot_serve_now_asks_to_come_again_and_says_nothing_else():
    try:
        raise OperationalError("could not extend file: No space left on device")
    except OperationalError:
        answer = answer_crash(RequestFactory().get("/admin/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Try again" in answer.content.decode()
    assert "space" not in answer.content.decode()
