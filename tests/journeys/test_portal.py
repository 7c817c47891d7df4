"""A customer's way through the portal, in a browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from oms.models import Channel
from orders.actions.money.asking import ask_gateways
from orders.models import Hold, Order
from orders.queries.portal_links import make_link
from tests.make.edits import LARGE, MEDIUM, SOCKS, holds, line_of, open_shop, order_of_tees, rate
from tests.make.portal import EMAIL, mails, page, path_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    """Placed just now, so that its window is open as long as the test runs."""
    open_shop()
    rate("4.90", title="Standard")
    rate("12.90", method="express", title="Express", days_least=1, days_most=2)
    made = order_of_tees(at=timezone.now())
    Channel.objects.update(gateway="sandbox")
    return made


def confirm(tab, words):
    tab.get_by_role("button", name=words).click()


def assert_accessible(tab):
    """Nothing that axe-core finds against WCAG 2.2 A and AA, or its best practice."""
    found = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def assert_fits(tab):
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, tab.url


def test_a_customer_finds_the_order_with_a_code(open_page, order):
    tab = open_page()
    tab.get_by_label("Order number").fill(order.number)
    tab.get_by_label("E-mail address").fill(EMAIL)
    confirm(tab, "Mail me a code")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert_accessible(tab)

    tab.get_by_label("Six digits").fill("000000")
    confirm(tab, "Open my order")
    expect(tab.get_by_role("alert")).to_contain_text("4 tries left")
    expect(tab.get_by_label("Six digits")).to_be_focused()

    tab.get_by_label("Six digits").fill(mails()[-1].subject.split()[0])
    confirm(tab, "Open my order")
    expect(tab.get_by_role("heading", level=1)).to_have_text("You can still change this order")


def test_the_address_form_follows_the_country_and_keeps_what_was_typed(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Change the address").click()
    tab.get_by_label("Street and house number").fill("1 Main St")
    tab.get_by_label("Country").select_option("US")
    expect(tab.get_by_label("State")).to_be_visible()
    expect(tab.get_by_label("Street and house number")).to_have_value("1 Main St")

    tab.get_by_label("Country").select_option("DE")
    expect(tab.get_by_label("State")).to_have_count(0)
    tab.get_by_label("Postal code").fill("1011")
    confirm(tab, "Go on to the preview")
    expect(tab.get_by_label("Postal code")).to_have_attribute("aria-invalid", "true")
    expect(tab.get_by_label("Postal code")).to_be_focused()

    tab.get_by_label("Postal code").fill("10119")
    confirm(tab, "Go on to the preview")
    confirm(tab, "Confirm the change")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")
    assert Order.objects.get().shipping_address.line1 == "1 Main St"


def test_a_customer_swaps_the_size(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Change or remove").click()
    tab.get_by_role("radio", name="L, large").check()
    confirm(tab, "Swap it")
    expect(tab.locator("main")).to_contain_text("It costs nothing more")
    confirm(tab, "Confirm the change")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")
    assert holds(order) == {LARGE: 2}


def test_a_customer_adds_something_and_pays(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Add something").click()
    tab.get_by_label("What are you looking for?").press_sequentially("wool")
    expect(tab.get_by_text("1 product found")).to_be_visible()
    confirm(tab, re.compile("^Add.*Wool socks"))
    expect(tab.locator("main")).to_contain_text("You pay €7.50 more")
    confirm(tab, "Confirm and go on to the payment")
    expect(tab.locator("main")).to_contain_text("We are preparing the payment page")
    assert_accessible(tab)

    ask_gateways(at=timezone.now())
    tab.get_by_role("link", name="Pay €7.50 now").click()
    expect(tab.locator("body")).to_contain_text("no money moves here")
    tab.locator("button[value=pay]").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}


def test_a_customer_takes_a_line_away(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Add something").click()
    confirm(tab, re.compile("^Add.*Wool socks"))
    tab.get_by_role("link", name="Change something else as well").click()
    expect(tab.get_by_text("1 change collected, not confirmed yet")).to_be_visible()
    tab.get_by_role("link", name="Change or remove").click()
    confirm(tab, "Take it off the order")
    expect(tab.locator("main")).to_contain_text("You get €32.30 back")
    confirm(tab, "Confirm the change")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")
    assert holds(order) == {SOCKS: 1}


def test_a_customer_cancels_the_whole_order(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Cancel the whole order").click()
    confirm(tab, "Yes, cancel everything")
    expect(tab.get_by_role("heading", level=1)).to_have_text("This order was cancelled")
    assert Order.objects.get().status == Order.Status.CANCELLED


def test_the_window_ends_before_the_eyes_and_is_announced(open_page, order):
    Hold.objects.update(until=timezone.now() + timedelta(seconds=4))
    tab = open_page(order=order)
    expect(tab.locator(".window-left")).to_have_text("1 minute left")
    expect(tab.locator("#announcer")).to_have_text("The time for changes is over.")
    expect(tab.get_by_role("heading", name="The time for changes is over")).to_be_visible()
    expect(tab.get_by_role("link", name="Change or remove")).to_have_count(0)


def test_a_closed_window_says_why_and_what_can_be_done_instead(open_page, order):
    Hold.objects.update(
        closed_at=timezone.now(), closed_by="system", closed_because={"code": "low_stock", "skus": [MEDIUM]}
    )
    tab = open_page(order=order)
    expect(tab.locator(".window")).to_contain_text("nearly sold out")
    expect(tab.locator(".window")).to_contain_text("can often still be changed by hand")


def test_the_language_is_switched_and_remembered(open_page, order):
    tab = open_page(order=order)
    tab.locator(".languages summary").click()
    tab.get_by_role("button", name="简体中文").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("此订单现在还可以更改")
    tab.goto("/orders/")
    expect(tab.locator("html")).to_have_attribute("lang", "zh-hans")


def test_times_are_told_in_the_browser_s_zone_from_the_first_page_on(open_page, order):
    tab = open_page(order=order, timezone_id="Asia/Tokyo")
    until = Hold.objects.get().until + timedelta(hours=9)
    expect(tab.locator(".window-until time")).to_have_text(re.compile(f"^0?{until.hour}:{until:%M}$"))
    tab.reload()
    expect(tab.locator(".window-until")).to_contain_text("Tokyo time")


@pytest.mark.parametrize("hours", [-7, 7])
def test_the_countdown_is_right_in_a_browser_whose_clock_is_wrong(open_page, order, hours):
    Hold.objects.update(until=timezone.now() + timedelta(minutes=40))
    tab = open_page()
    tab.clock.set_fixed_time(timezone.now() + timedelta(hours=hours))
    tab.goto(path_of(make_link(order)))
    expect(tab.locator("html.js .window-left")).to_have_text("40 minutes left")


def test_what_was_typed_goes_along_into_another_language(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Change the address").click()
    tab.get_by_label("Country").select_option("US")
    tab.get_by_label("State").select_option("NY")
    tab.get_by_label("Street and house number").fill("1 Main St")
    tab.locator(".languages summary").click()
    tab.get_by_role("button", name="简体中文").click()

    expect(tab.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(tab.locator("#province")).to_have_value("NY")
    expect(tab.locator("#line1")).to_have_value("1 Main St")
    assert tab.evaluate("sessionStorage.getItem('typed')") is None


def test_a_customer_swaps_the_size_with_the_keyboard_alone(open_page, order):
    tab = open_page(order=order)

    def walk_to(text: str) -> None:
        for _ in range(60):
            tab.keyboard.press("Tab")
            if text in tab.evaluate("document.activeElement.textContent || document.activeElement.value"):
                return
        raise AssertionError(f"{text} cannot be reached by keyboard")

    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    walk_to("Change or remove")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Linen tee")
    for _ in range(20):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.type") == "radio":
            break
    tab.keyboard.press("Space")
    walk_to("Swap it")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("This is what your order becomes")
    walk_to("Confirm the change")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")


def walk_pages(tab: Any, order: Order) -> list[str]:
    """Every page of the portal that an open order has."""
    own = [
        (),
        ("address",),
        ("contact",),
        ("shipping",),
        ("add",),
        ("cancellation",),
        ("lines", line_of(order, MEDIUM)),
    ]
    return [*(page(order, *rest) for rest in own), "/orders/", "/orders/999/", "/nothing"]


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_anything_that_axe_objects_to(open_page, order, language, scheme):
    tab = open_page(order=order, locale=language, color_scheme=scheme)
    for path in walk_pages(tab, order):
        tab.goto(path)
        assert_accessible(tab)
    tab.goto(page(order, "lines", line_of(order, MEDIUM)))
    tab.locator("button[value=remove]").click()
    assert_accessible(tab)
    tab.goto(page(order))
    assert_accessible(tab)
    tab.goto(page(order, "add"))
    tab.locator(".offer button").first.click()
    assert_accessible(tab)


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_every_page_fits_a_narrow_screen(open_page, order, width, language):
    tab = open_page(order=order, width=width, locale=language)
    for path in walk_pages(tab, order):
        tab.goto(path)
        assert_fits(tab)


def test_everything_works_without_a_script(open_page, order):
    tab = open_page(order=order, java_script_enabled=False)
    tab.get_by_role("link", name="Change the address").click()
    tab.get_by_label("Country").select_option("FR")
    confirm(tab, "Show its fields")
    expect(tab.get_by_label("Postal code")).to_be_visible()
    tab.get_by_role("link", name=re.compile(r"^Order \d")).click()
    tab.get_by_role("link", name="Change or remove").click()
    tab.get_by_role("radio", name="L, large").check()
    confirm(tab, "Swap it")
    confirm(tab, "Confirm the change")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your order has been changed")


def test_what_was_typed_survives_the_end_of_the_session(open_page, order):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Change e-mail and phone").click()
    tab.get_by_label("Phone number").fill("+49 30 901820")
    tab.context.clear_cookies(name="oms_session")
    confirm(tab, "Go on to the preview")
    expect(tab.locator("main")).to_contain_text("What you typed is kept")
    tab.goto(path_of(make_link(order)))
    confirm(tab, "Go on where I was")
    expect(tab.locator("main")).to_contain_text("+49 30 901820")
