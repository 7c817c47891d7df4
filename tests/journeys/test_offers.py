"""Offers as customers meet them: on pages and in a mail, taken, put aside, and over."""

import re
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import Category, Product
from oms.models import Channel, Message
from orders.actions.money.asking import ask_gateways
from orders.models import Checkout, Hold, Order
from orders.queries.portal_links import make_link
from tests.fakes.stripe_server import signed_event
from tests.make.edits import MEDIUM, SOCKS, holds, open_shop, order_of_tees, rate
from tests.make.gateways import stripe
from tests.make.portal import page, path_of
from tests.make.upsell import filling, running_campaign, ten_percent
from upsell.actions.mailing_room import send_room_mails
from upsell.models import Offer, OfferShowing, OptOut
from upsell.wording.letters.room import write_room

__all__ = ["stripe"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONSENTS = {"email": "ada@example.com", "name": "Ada Meier", "accepts_marketing": True}


@pytest.fixture
def order():
    """Placed just now, so that its window is open as long as the test runs."""
    open_shop()
    socks = Category.objects.create(code="socks", name="Socks")
    Product.objects.filter(title="Wool socks").update(category=socks)
    made = order_of_tees(at=timezone.now(), customer=CONSENTS)
    Channel.objects.update(gateway="sandbox")
    return made


def confirm(tab, words):
    tab.get_by_role("button", name=words).click()


def thank(open_page, order, **options):
    """The page to which a shop sends its buyer."""
    return open_page(path_of(make_link(order, to="thanks/")), **options)


def assert_accessible(tab):
    """Nothing that axe-core finds against WCAG 2.2 A and AA, or its best practice."""
    found = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def assert_fits(tab):
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, tab.url


def seen():
    return set(OfferShowing.objects.exclude(seen_at=None).values_list("placement", flat=True))


def pay_in_sandbox(tab, amount):
    ask_gateways(at=timezone.now())
    tab.get_by_role("link", name=f"Pay {amount} now").click()
    tab.locator("button[value=pay]").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")


def test_a_buyer_takes_an_offer_on_the_confirmation_page_and_pays(open_page, order):
    ten_percent()
    tab = thank(open_page, order)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you for your order")
    assert_accessible(tab)
    tab.get_by_role("link", name=re.compile("^Look and add")).click()
    expect(tab.locator("main")).to_contain_text("You pay €6.75 more")
    assert_accessible(tab)
    confirm(tab, "Add it and go on to the payment")
    expect(tab.locator("main")).to_contain_text("We are preparing the payment page")

    pay_in_sandbox(tab, "€6.75")
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}
    offer = Offer.objects.get()
    assert (offer.state, offer.accepted_through) == ("ACCEPTED", "CONFIRMATION")


def test_an_offer_is_paid_at_stripe_whose_word_puts_it_on_the_order_once(open_page, order, stripe, shop):
    """The card's step-up is the gateway's page's own; whether it succeeded is the webhook's word."""
    stripe.account.now = lambda: timezone.now().timestamp()
    Channel.objects.update(gateway="stripe")
    ten_percent()
    tab = thank(open_page, order)
    tab.get_by_role("link", name=re.compile("^Look and add")).click()
    confirm(tab, "Add it and go on to the payment")
    ask_gateways(at=timezone.now())
    checkout = Checkout.objects.get(state="OPEN")
    expect(tab.get_by_role("link", name="Pay €6.75 now")).to_have_attribute("href", checkout.url)
    assert holds(order) == {MEDIUM: 2}

    body, headers = signed_event(stripe.account.pay(checkout.reference))
    for _ in range(2):
        assert httpx.post(f"{shop}/api/v1/gateways/stripe/webhooks", content=body, headers=headers).status_code == 200
    tab.goto(page(order, "paid"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}
    assert Order.objects.get().balance.amount == 0


def test_what_comes_into_view_is_told_once(open_page, order):
    ten_percent()
    tab = thank(open_page, order)
    with tab.expect_response(re.compile("/offers/seen$")) as told:
        tab.get_by_role("link", name=re.compile("^Look and add")).scroll_into_view_if_needed()
    assert told.value.status == 204
    assert seen() == {"CONFIRMATION"}


def test_a_mail_leads_to_the_offer_and_its_reader_unsubscribes(open_page, order):
    running_campaign(mail_share="0.00", mail_least_minutes=5)
    send_room_mails(write=write_room, at=timezone.now())
    mail = Message.objects.get(kind="room")
    link = next(line.strip() for line in mail.text.splitlines() if "to=offers" in line)
    tab = open_page(path_of(link))
    expect(tab.get_by_role("heading", level=1)).to_have_text("This goes into your parcel")
    assert seen() == {"MAIL"}
    confirm(tab, "Add it and go on to the payment")
    pay_in_sandbox(tab, "€7.50")
    assert Offer.objects.get().accepted_through == "MAIL"

    tab.goto(path_of(mail.unsubscribe))
    assert_accessible(tab)
    assert not OptOut.objects.exists()
    confirm(tab, "No more mails about offers")
    expect(tab.get_by_role("heading", level=1)).to_have_text("You get no more mails about offers")
    assert OptOut.objects.get().email == "ada@example.com"


def test_what_is_put_aside_stays_away_until_it_is_taken_back(open_page, order):
    running_campaign()
    tab = open_page(order=order)
    tab.get_by_text("Not for me").click()
    confirm(tab, "Nothing of this kind: Socks")
    expect(tab.get_by_role("status").filter(has_text="no more offers of this kind: Socks")).to_be_visible()
    assert_accessible(tab)
    tab.goto(page(order))
    expect(tab.locator("main")).not_to_contain_text("Wool socks")

    tab.goto(page(order, "offers", "unwanted"))
    assert_accessible(tab)
    confirm(tab, "Show it again")
    tab.goto(page(order))
    expect(tab.locator("main")).to_contain_text("Wool socks")


def test_the_filler_reaches_free_shipping_and_shipping_comes_back_once(open_page, order):
    rate("4.90", free_from="45.00")
    filling(SOCKS)
    tab = open_page(order=order)
    expect(tab.get_by_text("€5.20 to free shipping")).to_be_visible()
    expect(tab.get_by_text("With it, shipping is free")).to_be_visible()
    assert_accessible(tab)
    tab.get_by_role("link", name=re.compile("^Look and add")).click()
    expect(tab.locator("main")).to_contain_text("You pay €2.60 more")
    confirm(tab, "Add it and go on to the payment")
    pay_in_sandbox(tab, "€2.60")
    now = Order.objects.get()
    assert (now.shipping_total, now.balance.amount) == (0, 0)
    tab.goto(page(order))
    expect(tab.locator("main")).not_to_contain_text("to free shipping")


def test_the_window_closes_before_the_button_is_pressed(open_page, order):
    running_campaign()
    tab = thank(open_page, order)
    tab.get_by_role("link", name=re.compile("^Look and add")).click()
    Hold.objects.update(until=timezone.now() - timedelta(seconds=1))
    confirm(tab, "Add it and go on to the payment")
    expect(tab.get_by_role("heading", level=1)).to_have_text("This offer cannot be taken")
    expect(tab.get_by_role("alert")).to_contain_text("The time for changes is over")
    assert_accessible(tab)
    assert holds(order) == {MEDIUM: 2}


def test_offers_vanish_with_the_window_before_the_eyes(open_page, order):
    running_campaign()
    Hold.objects.update(until=timezone.now() + timedelta(seconds=6))
    tab = thank(open_page, order)
    expect(tab.locator("main")).to_contain_text("Wool socks")
    expect(tab.get_by_role("heading", name="The time for changes is over")).to_be_visible(timeout=15_000)
    expect(tab.locator("main")).not_to_contain_text("Wool socks")


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_offers_fit_and_can_be_read_in_chinese_too(open_page, order, width, scheme):
    rate("4.90", free_from="45.00")
    filling(SOCKS)
    tab = thank(open_page, order, width=width, locale="zh-CN", color_scheme=scheme)
    expect(tab.get_by_role("heading", name="您的包裹里还有空位")).to_be_visible()
    for path in (tab.url, page(order), page(order, "offers", Offer.objects.get().pk) + "/"):
        tab.goto(path)
        assert_fits(tab)
        assert_accessible(tab)


def test_everything_works_with_the_keyboard_alone(open_page, order):
    running_campaign()
    tab = open_page(order=order)
    tab.get_by_role("link", name=re.compile("^Look and add")).focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # opens "Not for me"
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Do not show this")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").filter(has_text="You do not see this any more")).to_be_visible()


def test_everything_works_without_scripts(open_page, order):
    running_campaign()
    tab = thank(open_page, order, java_script_enabled=False)
    tab.get_by_text("Not for me").click()
    confirm(tab, "Do not show this")
    confirm(tab, "Take back")
    tab.get_by_role("link", name=re.compile("^Look and add")).click()
    confirm(tab, "Add it and go on to the payment")
    expect(tab.get_by_role("heading", level=1)).to_have_text("One step is left: the payment")
    assert Offer.objects.get().state == Offer.State.AWAITING_PAYMENT
