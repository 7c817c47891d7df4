"""What customers say on their pages staff see, and can take back on their word; and the other way round."""

import pytest

from oms.models import EventRecord
from tests.make.admin import text_of
from tests.make.mails import posted
from tests.make.portal import customer, page, path_of, visitor, words_of
from tests.make.staff import browser
from tests.make.upsell import offered, state_of, ten_percent
from upsell.models import Offer, OptOut, Refusal
from upsell.queries.unsubscribe_links import make_unsubscribe_link

pytestmark = pytest.mark.django_db

OPT_OUTS = "/admin/upsell/optout/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link():
    """Of a mail that went to Ada."""
    posted("room.1001", to="Ada@example.com")
    return path_of(make_unsubscribe_link("room.1001"))


@pytest.fixture
def staff():
    return browser("jo", role="support")


def told():
    return list(EventRecord.objects.filter(subject_kind="reader").order_by("id").values_list("type", "by"))


def test_whoever_unsubscribed_is_seen_by_staff_who_allow_it_again_on_their_word(link, staff):
    visitor().post(link, ONE_CLICK)
    shown = text_of(staff.get(OPT_OUTS))
    assert "ada@example.com" in shown
    assert "one click in the mail program" in shown

    staff.post(f"{OPT_OUTS}{OptOut.objects.get().pk}/allow/")
    assert not OptOut.objects.exists()
    assert "Would you like no more mails about offers?" in words_of(visitor().get(link))
    assert told() == [("reader.opted_out", "customer"), ("reader.opted_in", "staff:jo")]


def test_what_staff_noted_the_reader_sees_behind_the_link_and_takes_back(link, staff):
    staff.post(f"{OPT_OUTS}note/", {"email": "ADA@example.com"})
    assert list(OptOut.objects.values_list("email", "through")) == [("ada@example.com", "staff")]
    assert "You get no more mails about offers" in words_of(visitor().get(link))

    visitor().post(link, {"wish": "resume"})
    assert not OptOut.objects.exists()
    assert "ada@example.com" not in text_of(staff.get(OPT_OUTS))


def test_unsubscribing_by_each_way_one_after_the_other_is_one_wish_and_the_first_stands(link, staff):
    visitor().post(link, ONE_CLICK)
    visitor().post(link, {"wish": "stop"})
    staff.post(f"{OPT_OUTS}note/", {"email": "ada@example.com"})

    assert list(OptOut.objects.values_list("email", "through")) == [("ada@example.com", "one_click")]
    assert told() == [("reader.opted_out", "customer")]


def test_subscribing_again_twice_is_harmless_and_unsubscribing_works_again_afterwards(link):
    reader = visitor()
    reader.post(link, {"wish": "stop"})
    assert [reader.post(link, {"wish": "resume"}).status_code for _ in range(2)] == [302, 302]
    reader.post(link, ONE_CLICK)

    assert list(OptOut.objects.values_list("through", flat=True)) == ["one_click"]
    assert [kind for kind, _ in told()] == ["reader.opted_out", "reader.opted_in", "reader.opted_out"]


def test_staff_who_allow_it_again_in_two_tabs_do_it_once(link, staff):
    visitor().post(link, ONE_CLICK)
    allow = f"{OPT_OUTS}{OptOut.objects.get().pk}/allow/"
    staff.post(allow)

    assert staff.post(allow).status_code == 404
    assert len(told()) == 2


def test_a_refusal_of_the_page_is_seen_by_staff_and_taken_back_there_it_is_offered_again(client, order, staff):
    ten_percent()
    offer = offered(order)
    client.post(page(order, "offers", offer.pk, "refusal"), {"scope": "PRODUCT"})
    assert "Wool socks" in text_of(staff.get("/admin/upsell/refusal/"))

    staff.post(f"/admin/upsell/refusal/{Refusal.objects.get().pk}/take-back/")

    assert state_of(offer) == Offer.State.OPEN
    assert "You have put nothing aside" in words_of(client.get(page(order, "offers", "unwanted")))
    assert "Wool socks" in words_of(customer(order).get(page(order)))
