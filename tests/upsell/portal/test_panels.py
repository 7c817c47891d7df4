"""Offers on the pages of an order: what is said of them, where, and that they can be put aside."""

import re
from decimal import Decimal

import pytest
from django.test import RequestFactory

from inventory.models import Category, Product
from orders.models import Edit, Order
from orders.queries.portal_links import make_link
from tests.make.edits import SOCKS, order_of_tees, rate
from tests.make.portal import confirm, customer, page, path_of, visitor, words_of
from tests.make.upsell import filling, offered, running_campaign, state_of, ten_percent
from upsell.models import Campaign, Exposure, Offer, OfferShowing, Refusal
from upsell.portal.panels import show_offers_beside_return

pytestmark = pytest.mark.django_db


def text(client, path):
    shown = client.get(path)
    assert shown.status_code == 200, words_of(shown)
    return words_of(shown)


def shown_in():
    return sorted(OfferShowing.objects.values_list("placement", flat=True))


def put_aside(client, order, offer, scope="PRODUCT", back=""):
    return client.post(page(order, "offers", offer.pk, "refusal"), {"scope": scope, "back": back})


def test_the_order_page_shows_price_saving_reason_and_deadline(client, order):
    ten_percent()
    said = text(client, page(order))
    for words in ("There is still room in your parcel", "Wool socks", "€6.75", "You save €0.75"):
        assert words in said, said
    assert "You can add it until 13:30 (Berlin time)." in said
    assert shown_in() == ["ORDER"]


def test_what_is_offered_again_takes_the_page_four_statements_more(client, order, django_assert_max_num_queries):
    client.get(page(order))
    ten_percent()
    client.get(page(order))
    with django_assert_max_num_queries(16):
        assert "Wool socks" in text(client, page(order))


def test_nothing_is_ticked_and_nothing_is_added_before_somebody_asks_for_it(client, order):
    ten_percent()
    html = client.get(page(order)).content.decode()
    assert "checked" not in html
    assert Order.objects.get().total == order.total


def test_the_confirmation_page_thanks_and_offers(client, order):
    running_campaign(words={"en": "Something for your feet"})
    said = text(client, page(order, "thanks") + "/")
    for words in ("Thank you for your order", "Something for your feet", "Wool socks", "Linen tee", "Time for changes"):
        assert words in said, said
    assert shown_in() == ["CONFIRMATION"]


def test_the_confirmation_page_is_for_whoever_was_let_in(order):
    running_campaign()
    assert visitor().get(page(order, "thanks") + "/").status_code == 404
    assert not Offer.objects.exists()


def test_collected_changes_are_shown_with_offers_beside(client, order):
    running_campaign()
    client.post(page(order, "add"), {"sku": "TEE-L", "quantity": "1"})
    assert "Wool socks" in text(client, page(order, "preview"))
    assert shown_in() == ["EDIT"]


def test_a_campaign_shows_only_in_its_places(client, order):
    running_campaign(placements=["MAIL"])
    assert "Wool socks" not in text(client, page(order))
    assert not Offer.objects.exists()


def test_the_holdout_sees_nothing_on_any_page(client, order):
    running_campaign(holdout_share="0.900")
    while Exposure.objects.filter(group="TREATMENT").exists() or not Exposure.objects.exists():
        Offer.objects.all().delete()
        Exposure.objects.all().delete()
        campaign = Campaign.objects.get()
        campaign.salt += "x"
        campaign.save(update_fields=["salt"])
        client.get(page(order))
    OfferShowing.objects.all().delete()
    for path in (page(order), page(order, "thanks") + "/"):
        assert "Wool socks" not in text(client, path)
    assert not OfferShowing.objects.exists()


def test_once_the_window_is_over_the_page_shows_no_offer(client, order):
    running_campaign()
    order.holds.update(until="2026-11-01T00:00Z")
    assert "Wool socks" not in text(client, page(order))


def test_the_gap_to_free_shipping_is_said_with_a_bar_and_what_closes_it(client, order):
    rate("4.90", free_from="45.00")
    filling(SOCKS)
    said = text(client, page(order))
    assert "€5.20 to free shipping" in said, said
    html = client.get(page(order)).content.decode()
    assert re.search(r'<progress value="39.80\d*" max="45.00\d*"', html)


def test_what_is_put_aside_stays_away_and_can_be_taken_back_at_once(client, order):
    running_campaign()
    offer = offered(order)
    answer = put_aside(client, order, offer)
    refusal = Refusal.objects.get()
    assert answer["Location"] == f"{page(order)}?aside={refusal.pk}#offers"

    said = text(client, answer["Location"])
    assert "You do not see this any more: Wool socks." in said
    assert "Wool socks" not in text(client, page(order))

    client.post(page(order, "offers", "unwanted", refusal.pk, "end"), {"back": ""})
    assert "Wool socks" in text(client, page(order))


def test_what_is_put_aside_on_one_page_leads_back_to_it(client, order):
    running_campaign()
    answer = put_aside(client, order, offered(order), back="thanks/")
    assert answer["Location"].startswith(page(order, "thanks") + "/?aside=")


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "../../admin/", "a" * 300])
def test_no_form_leads_anywhere_but_below_the_order(client, order, back):
    running_campaign()
    assert put_aside(client, order, offered(order), back=back)["Location"].startswith(f"{page(order)}?aside=")


def test_a_kind_can_be_put_aside_and_is_named(client, order):
    socks = Category.objects.create(code="socks", name="Socks")
    Product.objects.filter(title="Wool socks").update(category=socks)
    running_campaign()
    assert "Nothing of this kind: Socks" in text(client, page(order))
    put_aside(client, order, offered(order), "KIND")
    assert "Kind: Socks" in text(client, page(order, "offers", "unwanted"))


def test_all_offers_can_be_put_aside(client, order):
    running_campaign()
    put_aside(client, order, offered(order), "ALL")
    assert "Offers of any kind" in text(client, page(order, "offers", "unwanted"))
    assert "Wool socks" not in text(client, page(order))


def test_nobody_takes_back_what_somebody_else_put_aside(client, order):
    running_campaign()
    stranger = order_of_tees(customer={"email": "eve@example.com", "name": "Eve"})
    put_aside(client, order, offered(order))
    refusal = Refusal.objects.get()
    answer = customer(stranger).post(page(stranger, "offers", "unwanted", refusal.pk, "end"), {})
    assert answer.status_code == 404
    assert Refusal.objects.standing().exists()


def test_an_unknown_wish_changes_nothing(client, order):
    running_campaign()
    put_aside(client, order, offered(order), "EVERYTHING")
    assert not Refusal.objects.exists()


def test_offers_that_came_into_view_count_once_and_only_those_of_the_order(client, order):
    running_campaign()
    offer = offered(order)
    other = offered(order_of_tees(customer={"email": "eve@example.com", "name": "Eve"}))
    answer = client.post(page(order, "offers", "seen"), {"via": "ORDER", "offer": [offer.pk, other.pk]})
    assert answer.status_code == 204
    assert list(OfferShowing.objects.exclude(seen_at=None).values_list("offer", flat=True)) == [offer.pk]


def test_a_stranger_notes_nothing_as_seen(order):
    running_campaign()
    offer = offered(order)
    assert visitor().post(page(order, "offers", "seen"), {"via": "ORDER", "offer": [offer.pk]}).status_code == 204
    assert not OfferShowing.objects.exclude(seen_at=None).exists()


def test_the_page_reads_in_chinese(order):
    ten_percent()
    said = text(customer(order, "zh-hans"), page(order))
    assert "您的包裹里还有空位" in said, said


def beside_return(client, *orders):
    """What the page of a return of the last order shows to this browser."""
    request = RequestFactory().get(page(orders[-1], "returns", "R-1") + "/")
    request.session = client.session
    loaded = Order.objects.select_related("channel").in_bulk([each.pk for each in orders])
    return show_offers_beside_return(request, [loaded[each.pk] for each in orders])


def test_a_return_offers_with_the_order_that_its_exchange_brings(client, order):
    running_campaign()
    brought = order_of_tees()
    order.holds.update(until="2026-11-01T00:00Z")
    shown = beside_return(client, brought, order)
    assert f"This is about order {brought.number}." in shown
    assert "/orders/link/" in shown
    assert shown_in() == ["RETURN"]


def test_a_return_tells_nobody_of_an_order_of_another_address(client, order):
    running_campaign()
    stranger = order_of_tees(customer={"email": "eve@example.com", "name": "Eve"})
    order.holds.update(until="2026-11-01T00:00Z")
    assert beside_return(client, stranger, order) == ""
    assert not Offer.objects.exists()


def test_a_return_offers_with_another_order_only_where_this_browser_was_let_in(client, order):
    running_campaign()
    other = order_of_tees()
    order.holds.update(until="2026-11-01T00:00Z")
    assert beside_return(client, order) == ""
    client.get(path_of(make_link(other)))
    assert f"This is about order {other.number}." in beside_return(client, order)


def collect(client, order, offer):
    client.post(page(order, "add"), {"sku": "TEE-L", "quantity": "1"})
    return client.post(page(order, "offers", offer.pk, "collection"))


def test_an_offer_joins_the_changes_that_were_collected_and_is_paid_with_them(client, order):
    ten_percent()
    offer = offered(order, "EDIT")
    assert collect(client, order, offer)["Location"] == page(order, "preview")
    said = text(client, page(order, "preview"))
    assert "You pay €26.65 more" in said
    assert "Add it to these changes" not in said
    assert state_of(offer) == "OPEN"

    confirm(client, order)
    offer.refresh_from_db()
    assert (offer.state, offer.accepted_through) == ("AWAITING_PAYMENT", "EDIT")
    assert Edit.objects.get().total_after - order.total == Decimal("26.65")


def test_an_offer_that_was_collected_and_has_ended_says_so_in_the_preview(client, order):
    running_campaign()
    offer = offered(order, "EDIT")
    collect(client, order, offer)
    put_aside(client, order, offer)
    said = text(client, page(order, "preview"))
    assert "You put this offer aside" in said
    assert not Edit.objects.exists()


def test_an_offer_of_another_order_joins_no_changes(client, order):
    running_campaign()
    other = offered(order_of_tees())
    assert collect(client, order, other).status_code == 404
