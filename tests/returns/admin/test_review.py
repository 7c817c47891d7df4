"""The review queue: the longest waiting first, and on to the next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from returns.models import Return
from tests.make.returns import ASKED, ask_return, delivered_order, rule
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.staff import browser

pytestmark = pytest.mark.django_db

QUEUE = "/admin/returns/return/review/"


def two_that_wait() -> list[Return]:
    rule("REVIEW", position=1)
    return [ask_return(delivered_order(), at=ASKED + timedelta(hours=hours)) for hours in (0, 1)]


def page(found: Return) -> str:
    return reverse("admin:returns_return_review_one", args=[found.number])


def test_the_queue_opens_at_the_one_that_waited_longest():
    first, _ = two_that_wait()

    assert browser().get(QUEUE)["Location"] == page(first)


def test_approving_goes_on_to_the_next_and_after_the_last_the_queue_is_empty():
    first, second = two_that_wait()
    client = browser()

    assert client.post(page(first), {"deed": "approve"})["Location"] == page(second)
    client.post(page(second), {"deed": "approve"})

    assert set(Return.objects.values_list("status", flat=True)) == {"OPEN"}
    assert "Nothing waits for a decision." in client.get(QUEUE, follow=True).content.decode()


def test_skipping_comes_round_to_the_first_again():
    first, second = two_that_wait()

    assert browser().get(page(second)).context["following"] == first


def test_a_sentence_and_own_words_are_told_together():
    found, _ = two_that_wait()
    sentence = "The photo shows that it was worn or washed."

    answer = {"deed": "refuse", "refuse-sentence": "worn", "refuse-explanation": "See the collar."}
    browser().post(page(found), answer)

    found.refresh_from_db()
    assert found.status == Return.Status.DECLINED
    assert facts_of("return.refused")["explanation"] == f"{sentence} See the collar."


def test_a_sentence_is_told_in_the_customer_s_language_and_stays_in_english_for_colleagues():
    found, _ = two_that_wait()
    Return.objects.update(locale="zh-CN")
    client = browser()
    offered = client.get(page(found)).content.decode()
    assert "The photo shows that it was worn or washed. / 照片显示商品已穿着或洗涤过。" in offered

    client.post(page(found), {"deed": "refuse", "refuse-sentence": "worn"})

    found.refresh_from_db()
    assert found.explanation == "照片显示商品已穿着或洗涤过。"
    assert found.decision["because"] == ["The photo shows that it was worn or washed."]


def test_refusing_without_words_asks_again_and_changes_nothing():
    found, _ = two_that_wait()
    client = browser()

    with nothing_changes():
        response = client.post(page(found), {"deed": "refuse"})

    assert response.status_code == 422 and "Say why" in response.content.decode()


def test_asking_for_a_photo_leaves_it_in_the_queue():
    found, _ = two_that_wait()

    browser().post(
        page(found),
        {"deed": "photo", "photo-show": "FAULT"},
    )

    found.refresh_from_db()
    assert found.status == Return.Status.REQUESTED and found.tags == ["photo asked"]


def test_what_somebody_else_decided_meanwhile_opens_its_page():
    found, _ = two_that_wait()
    client = browser()
    client.post(page(found), {"deed": "approve"})

    assert client.get(page(found))["Location"] == reverse("admin:returns_return_change", args=[found.number])


def test_a_withdrawal_cannot_be_refused_in_the_queue():
    rule("REVIEW", position=1)
    found = ask_return(delivered_order(), kind="WITHDRAWAL")
    client = browser()
    assert "needs nobody’s leave" in client.get(page(found)).content.decode()

    client.post(page(found), {"deed": "refuse", "refuse-explanation": "No."})

    found.refresh_from_db()
    assert found.status == Return.Status.REQUESTED
