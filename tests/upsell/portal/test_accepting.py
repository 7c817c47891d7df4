"""The page where an offer is accepted: what it costs is said before, and what becomes of it after."""

import re

import pytest

from orders.actions.releasing import end_edit_window
from orders.models import Edit
from tests.make.edits import MEDIUM, SOCKS, holds, order_of_tees, rate
from tests.make.moments import ADA
from tests.make.portal import customer, page, visitor, words_of
from tests.make.stock import count
from tests.make.upsell import free_shipping, offered, running_campaign, state_of, ten_percent
from upsell.models import Offer, OfferShowing

pytestmark = pytest.mark.django_db


def offer_page(order, offer):
    return page(order, "offers", offer.pk) + "/"


def seal_of(shown):
    found = re.search(r'name="sealed" value="([^"]+)"', shown.content.decode())
    assert found, words_of(shown)
    return found.group(1)


def accept(client, order, offer, via="ORDER"):
    shown = client.get(f"{offer_page(order, offer)}?via={via}")
    return client.post(offer_page(order, offer), {"sealed": seal_of(shown)})


def test_the_page_says_the_price_the_saving_and_what_is_to_be_paid(order):
    ten_percent()
    offer = offered(order)
    said = words_of(customer(order).get(offer_page(order, offer)))
    for words in ("Nothing has changed yet", "Wool socks", "€6.75", "you save €0.75", "You pay €6.75 more"):
        assert words in said, said
    assert state_of(offer) == Offer.State.OPEN
    assert holds(order) == {MEDIUM: 2}


def test_accepting_leads_to_the_page_of_the_change_and_waits_for_its_payment(order):
    ten_percent()
    offer = offered(order)
    client = customer(order)
    answer = accept(client, order, offer)
    edit = Edit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(order, "changes", edit.pk))
    assert (edit.state, state_of(offer)) == (Edit.State.AWAITING_PAYMENT, Offer.State.AWAITING_PAYMENT)
    assert "One step is left: the payment" in words_of(client.get(answer["Location"]))


def test_a_double_click_is_one_change(order):
    running_campaign()
    offer = offered(order)
    client = customer(order)
    sealed = {"sealed": seal_of(client.get(offer_page(order, offer)))}
    answers = {client.post(offer_page(order, offer), sealed)["Location"] for _ in range(3)}
    assert answers == {page(order, "changes", Edit.objects.get().pk)}


def test_two_tabs_take_it_once_and_the_second_says_so(order):
    running_campaign()
    offer = offered(order)
    client = customer(order)
    first, second = (seal_of(client.get(offer_page(order, offer))) for _ in range(2))
    client.post(offer_page(order, offer), {"sealed": first})
    answer = client.post(offer_page(order, offer), {"sealed": second})
    assert answer.status_code in (302, 409)
    assert Edit.objects.count() == 1


def test_what_changed_in_the_meantime_is_shown_again_before_anything_is_done(order):
    running_campaign()
    offer = offered(order)
    client = customer(order)
    sealed = seal_of(client.get(offer_page(order, offer)))
    order.touch(at=order.placed_at)
    answer = client.post(offer_page(order, offer), {"sealed": sealed})
    assert answer.status_code == 409
    assert "Your order has changed since you opened this page" in words_of(answer)
    assert not Edit.objects.exists()
    assert seal_of(answer) != sealed


def test_the_last_one_gone_is_said_in_plain_words_and_nothing_is_charged(order):
    running_campaign()
    offer = offered(order)
    client = customer(order)
    sealed = seal_of(client.get(offer_page(order, offer)))
    count(SOCKS, 0)
    answer = client.post(offer_page(order, offer), {"sealed": sealed})
    assert answer.status_code == 409
    assert "The last one has just been sold" in words_of(answer)
    assert "This offer cannot be taken" in words_of(answer)
    assert not Edit.objects.exists()


def test_once_the_window_is_closed_the_page_says_so_and_has_no_button(order):
    running_campaign()
    offer = offered(order)
    client = customer(order)
    sealed = seal_of(client.get(offer_page(order, offer)))
    end_edit_window(number=order.number, by=ADA, at=order.placed_at)
    shown = client.get(offer_page(order, offer))
    assert "The time for changes is over" in words_of(shown)
    assert 'name="sealed"' not in shown.content.decode()
    assert client.post(offer_page(order, offer), {"sealed": sealed}).status_code == 409
    assert not Edit.objects.exists()


def test_an_offer_that_frees_shipping_says_what_comes_back(order):
    rate("4.90")
    free_shipping(SOCKS)
    said = words_of(customer(order).get(offer_page(order, offered(order))))
    assert "You pay €2.60 more" in said


def test_an_offer_of_another_order_does_not_exist_for_this_browser(order):
    running_campaign()
    offer = offered(order)
    other = order_of_tees()
    assert customer(other).get(offer_page(other, offer)).status_code == 404
    assert visitor().get(offer_page(order, offer)).status_code == 404
    assert customer(other).post(offer_page(other, offer), {"sealed": "x"}).status_code == 404
    assert not Edit.objects.exists()


def test_the_seal_of_one_offer_opens_no_other(order):
    running_campaign()
    other = order_of_tees()
    sealed = seal_of(customer(other).get(offer_page(other, offered(other))))
    answer = customer(order).post(offer_page(order, offered(order)), {"sealed": sealed})
    assert answer.status_code == 200
    assert not Edit.objects.exists()


def test_the_link_of_a_mail_leads_to_the_offer_and_counts_as_seen(order):
    running_campaign()
    offer = offered(order, "MAIL")
    client = customer(order)
    answer = client.get(offer_page(order, offer) + "mail/")
    assert answer["Location"] == f"{offer_page(order, offer)}?via=MAIL"
    client.get(answer["Location"])
    showing = OfferShowing.objects.get(offer=offer)
    assert (showing.placement, showing.seen_at is not None) == ("MAIL", True)

    accept(client, order, offer, via="MAIL")
    offer.refresh_from_db()
    assert offer.accepted_through == "MAIL"
