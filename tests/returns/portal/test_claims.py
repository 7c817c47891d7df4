"""What is faulty is answered for after the window: told of by the customer, looked at by a person."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders.models import Order
from returns.models import OrderTerms, Return, ReturnPhoto
from tests.make.edits import line_of
from tests.make.moments import ONE_DAY
from tests.make.photos import photo
from tests.make.portal import customer, mails, page, words_of
from tests.make.returns import BOUGHT, terms_in_force, told

LATE = BOUGHT + 90 * ONE_DAY


@pytest.fixture(autouse=True)
def three_months_later(order: Order) -> Iterator[None]:
    with time_machine.travel(LATE, tick=False):
        yield


@pytest.fixture
def client(order: Order, three_months_later: None) -> Client:
    return customer(order)


def report(client: Client, order: Order, *, reason: str = "defective", photos: int = 1, **fields: object):
    line = line_of(order, "TEE-M")
    uploads = [SimpleUploadedFile("seam.jpg", photo(), "image/jpeg") for _ in range(photos)]
    typed = {f"pick-{line}": "1", f"quantity-{line}": "1", f"reason-{line}": reason, f"photos-{line}": uploads}
    return client.post(page(order, "returns/claim"), typed | fields)


def send(client: Client, order: Order, resolution: str = "REFUND"):
    line = line_of(order, "TEE-M")
    client.post(page(order, "returns/new/resolution"), {f"resolution-{line}": resolution})
    client.post(page(order, "returns/new/method"), {"method": "PREPAID_LABEL"})
    shown = client.get(page(order, "returns/new/summary"))
    return client.post(page(order, "returns/new/summary"), {"form": shown.context["form"]})


def test_what_is_too_late_stays_visible_with_its_day_and_a_way_to_say_that_it_is_faulty(client, order):
    text = words_of(client.get(page(order, "returns/new")))
    assert "There is nothing to send back" in text
    assert "It could be returned until 16 December 2026." in text
    assert "It is faulty: tell us" in text
    assert "It is faulty: tell us" in words_of(client.get(page(order)))


def test_only_reasons_that_are_our_fault_are_offered(client, order):
    answer = client.get(page(order, "returns/claim"))
    offered = [reason.code for pick in answer.context["picks"] for reason in pick.reasons]
    assert offered == ["not-as-described", "defective", "wrong-item", "missing-parts", "damaged"]
    assert "could be returned until 16 December 2026" in words_of(answer)
    refused = report(client, order, reason="too-small")
    assert (refused.status_code, Return.objects.count()) == (422, 0)
    assert "Choose a reason." in words_of(refused)


def test_a_photo_is_asked_for_where_the_reason_asks(client, order):
    answer = report(client, order, photos=0)
    assert answer.status_code == 422
    assert "Add a photo, so that we can see it." in words_of(answer)
    assert "Choose what is faulty." in words_of(client.post(page(order, "returns/claim"), {}))
    assert not Return.objects.exists()


def test_the_claim_waits_for_a_person_with_its_photo_and_is_acknowledged(client, order):
    assert report(client, order)["Location"] == page(order, "returns/new/resolution")
    text = words_of(client.get(page(order, "returns/new/resolution")))
    assert "Money back €19.90" in text
    assert "The same again" in text
    answer = send(client, order)

    made = Return.objects.get()
    assert (made.kind, made.status, made.decision["verdict"]) == ("CLAIM", "REQUESTED", "REVIEW")
    assert (made.label_fee, made.items.get().reason.code) == (0, "defective")
    assert ReturnPhoto.objects.get().of == made
    assert told(made) == ["return.requested"]
    assert [mail.subject for mail in mails() if "claim" in mail.subject] == [f"We have your claim {made.number}"]
    text = words_of(client.get(answer["Location"]))
    assert "We are looking at what you told us" in text
    assert "You told us that it is faulty" in text


def test_it_can_be_canceled_and_told_again(client, order):
    report(client, order)
    send(client, order)
    number = Return.objects.get().number
    asked = page(order, f"returns/{number}/cancellation")
    assert "Should the fault trouble you after all, tell us again." in words_of(client.get(asked))
    client.post(asked)
    assert Return.objects.get().status == "CANCELED"
    report(client, order)
    send(client, order)
    assert [each.status for each in Return.objects.order_by("id")] == ["CANCELED", "REQUESTED"]


def test_what_is_being_filled_in_as_a_return_is_no_claim(client, order):
    """One draft an order: whoever begins a claim leaves the return that was begun, and the other way round."""
    line = line_of(order, "TEE-M")
    answer = client.post(page(order, "returns/new"), {f"pick-{line}": "1", f"reason-{line}": "defective"})
    assert answer.status_code == 422  # it can no longer simply come back
    report(client, order)
    client.post(page(order, "returns/new"), {})
    assert client.get(page(order, "returns/new/summary"))["Location"] == page(order, "returns/new")


def test_a_final_sale_that_is_faulty_may_be_claimed_too(order):
    sold_for_good = terms_in_force({"final_sale": "CUSTOM", "days": 0, "resolutions": [], "methods": []}, since=BOUGHT)
    OrderTerms.objects.update(edition=sold_for_good)
    text = words_of(customer(order).get(page(order, "returns/new")))
    assert "It was sold for good" in text
    assert "It is faulty: tell us" in text


def test_after_two_years_there_is_nothing_to_tell_online_any_more(order):
    with time_machine.travel(BOUGHT + 800 * ONE_DAY, tick=False):
        client = customer(order)
        assert client.get(page(order, "returns/claim"))["Location"] == page(order, "returns/new")
        assert "It is faulty: tell us" not in words_of(client.get(page(order, "returns/new")))
        assert report(client, order).status_code == 302
        assert not Return.objects.exists()


def test_the_pages_of_a_claim_speak_chinese(order):
    text = words_of(customer(order, "zh-hans").get(page(order, "returns/claim")))
    assert "哪件商品有问题？" in text
    assert "faulty" not in text
