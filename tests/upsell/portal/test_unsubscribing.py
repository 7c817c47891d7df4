"""No more mail about offers, by one click of a mail program or on the page behind the link."""

import pytest
from django.test import Client

from oms.models import EventRecord
from tests.make.mails import posted
from tests.make.portal import path_of, visitor, words_of
from upsell.models import OptOut
from upsell.queries.unsubscribe_links import make_unsubscribe_link

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link():
    """Of a mail that went to Ada."""
    posted("room.1001", to="Ada@example.com")
    return path_of(make_unsubscribe_link("room.1001"))


def opted_out():
    return list(OptOut.objects.values_list("email", "through"))


def test_one_click_needs_no_cookie_no_login_and_no_token_of_a_form(link):
    program = Client(enforce_csrf_checks=True)
    answer = program.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.cookies) == (200, {})
    assert opted_out() == [("ada@example.com", "one_click")]


def test_one_click_may_come_as_a_multipart_form(link):
    assert Client(enforce_csrf_checks=True).post(link, ONE_CLICK).status_code == 200
    assert opted_out() == [("ada@example.com", "one_click")]


def test_one_click_sent_again_is_harmless_and_announced_once(link):
    assert [visitor().post(link, ONE_CLICK).status_code for _ in range(3)] == [200, 200, 200]
    assert len(opted_out()) == 1
    assert EventRecord.objects.filter(type="reader.opted_out").count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_looking_at_the_link_unsubscribes_nobody(link, language):
    shown = visitor(language).get(link)
    assert shown.status_code == 200
    assert "ada@example.com" not in words_of(shown)
    assert not OptOut.objects.exists()


def test_the_button_of_the_page_unsubscribes_and_the_other_takes_it_back(link):
    reader = visitor()
    assert reader.post(link, {"wish": "stop"}).status_code == 302
    assert opted_out() == [("ada@example.com", "page")]
    assert "You get no more mails about offers" in words_of(reader.get(link))

    reader.post(link, {"wish": "resume"})
    assert not OptOut.objects.exists()
    assert [record.type for record in EventRecord.objects.order_by("id")] == ["reader.opted_out", "reader.opted_in"]


@pytest.mark.parametrize("data", [{}, ONE_CLICK])
def test_a_forged_link_does_nothing(link, data):
    forged = link.replace("room.1001", "room.1002")
    assert visitor().get(forged).status_code == 404
    assert visitor().post(forged, data).status_code == 404
    assert not OptOut.objects.exists()
