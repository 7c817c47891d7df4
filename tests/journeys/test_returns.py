"""A customer's way through a return, in a browser: for credit with a photo, as an exchange, as a withdrawal."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from oms.models import Channel
from orders.models import Order, Shipment
from returns.actions.deciding import refuse_return
from returns.models import Return, ReturnPhoto
from tests.journeys.conftest import Open
from tests.make.carriers import address_warehouse, house
from tests.make.edits import LARGE, open_shop
from tests.make.moments import ADA, ONE_DAY
from tests.make.photos import photo
from tests.make.portal import EMAIL, mails, page
from tests.make.returns import delivered_tees, rule, terms_in_force
from tests.make.stock import LEJ
from tests.make.ways_back import node

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 320


@pytest.fixture
def order() -> Order:
    """Two medium tees that came two days ago."""
    open_shop()
    house()
    address_warehouse(LEJ)
    node()
    now = timezone.now()
    terms_in_force({"methods": ["PREPAID_LABEL", "QR_DROP_OFF", "OWN_CARRIER"]}, since=now - 400 * ONE_DAY)
    made = delivered_tees(at=now - 4 * ONE_DAY)
    Channel.objects.update(gateway="sandbox")
    return made


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A picture as a telephone takes it."""
    path = tmp_path / "torn.jpg"
    path.write_bytes(photo(4000, 3000, color="peru"))
    return path


def press(tab: Page, words: str) -> None:
    tab.get_by_role("button", name=words).click()


def heading(tab: Page, words: str) -> None:
    expect(tab.get_by_role("heading", level=1)).to_have_text(words)


def assert_fine(tab: Page) -> None:
    """Nothing that axe-core finds, and nothing wider than the screen."""
    found = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, tab.url


def pick(tab: Page, reason: str) -> None:
    tab.get_by_role("checkbox").first.check()
    tab.get_by_label("Why does it come back?").select_option(label=reason)


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_a_guest_returns_something_with_a_photo_for_credit(open_page: Open, order: Order, torn: Path, width: int):
    tab = open_page(width=width)
    tab.get_by_label("Order number").fill(order.number)
    tab.get_by_label("E-mail address").fill(EMAIL)
    press(tab, "Mail me a code")
    tab.get_by_label("Six digits").fill(mails()[-1].subject.split()[0])
    press(tab, "Open my order")
    assert_fine(tab)

    tab.get_by_role("link", name="Start a return").click()
    assert_fine(tab)
    pick(tab, "It arrived damaged")
    tab.get_by_label(re.compile("^Photos")).set_input_files(torn)
    expect(tab.get_by_role("img", name="Your photo 1")).to_be_visible()
    assert_fine(tab)
    press(tab, "Go on")

    heading(tab, "What would you like for it?")
    assert_fine(tab)
    tab.get_by_role("radio", name="Store credit").check()
    press(tab, "Go on")
    assert_fine(tab)
    tab.get_by_role("radio", name="Print a label").check()
    press(tab, "Go on")
    heading(tab, "Is this right?")
    assert_fine(tab)
    press(tab, "Send the return")
    expect(tab.locator(".rma")).to_have_text(f"{order.number}-R1")
    assert_fine(tab)

    made = Return.objects.get()
    assert made.items.get().resolution == "STORE_CREDIT"
    kept = ReturnPhoto.objects.get(of=made)
    assert (kept.width, kept.height) == (1600, 1200)


def test_a_customer_exchanges_for_another_size(open_page: Open, order: Order):
    tab = open_page(order=order, width=PHONE)
    tab.get_by_role("link", name="Start a return").click()
    pick(tab, "Too small")
    tab.get_by_label("How many").select_option("1")
    press(tab, "Go on")
    expect(tab.get_by_text("Which one instead?")).to_be_hidden()
    tab.get_by_role("radio", name="Exchange").check()
    expect(tab.get_by_text("Which one instead?")).to_be_visible()
    press(tab, "Go on")
    expect(tab.get_by_text("Choose the size or color that you want instead.")).to_be_visible()
    assert_fine(tab)
    tab.get_by_role("radio", name="L, large").check()
    press(tab, "Go on")
    tab.get_by_role("radio", name="Send it yourself").check()
    press(tab, "Go on")
    expect(tab.locator("main")).to_contain_text("Exchange: L, large")
    press(tab, "Send the return")
    expect(tab.locator(".rma")).to_be_visible()
    assert Return.objects.get().items.get().exchange_variant.sku == LARGE


def test_a_customer_withdraws_from_the_contract(open_page: Open, order: Order):
    tab = open_page(order=order, width=PHONE)
    tab.get_by_role("link", name="Withdraw from contract here").click()
    assert_fine(tab)
    press(tab, "Go on to the confirmation")
    heading(tab, "Confirm the withdrawal")
    assert_fine(tab)
    press(tab, "Confirm withdrawal")
    expect(tab.get_by_role("heading", name="We have received your withdrawal")).to_be_visible()
    assert_fine(tab)
    assert Return.objects.get().kind == "WITHDRAWAL"
    assert any("I withdraw from the contract" in mail.body for mail in mails())


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_what_is_faulty_after_its_window_is_told_of_with_a_photo(open_page: Open, order: Order, torn: Path, width: int):
    Shipment.objects.update(shipped_at=F("shipped_at") - 90 * ONE_DAY, delivered_at=F("delivered_at") - 90 * ONE_DAY)
    tab = open_page(order=order, width=width)
    tab.get_by_role("link", name="It is faulty: tell us").click()
    heading(tab, "What is faulty?")
    assert_fine(tab)
    tab.get_by_label("What is wrong with it?").select_option(label="It does not work or has a fault")
    tab.get_by_label(re.compile("^Photos")).set_input_files(torn)
    expect(tab.get_by_role("img", name="Your photo 1")).to_be_visible()
    press(tab, "Go on")

    tab.get_by_role("radio", name="The same again").check()
    press(tab, "Go on")
    press(tab, "Go on")
    heading(tab, "Is this right?")
    press(tab, "Send it to us")
    heading(tab, "We are looking at what you told us")
    assert_fine(tab)
    made = Return.objects.get()
    assert (made.kind, made.status, made.photos.count()) == ("CLAIM", "REQUESTED", 1)


def test_a_declined_return_says_why(open_page: Open, order: Order):
    rule("REVIEW")
    tab = open_page(order=order)
    tab.get_by_role("link", name="Start a return").click()
    pick(tab, "Too small")
    for _ in range(3):
        press(tab, "Go on")
    press(tab, "Send the return")
    heading(tab, "We are looking at your return")
    made = Return.objects.get()
    refuse_return(number=made.number, explanation="It was worn for weeks.", by=ADA, at=timezone.now())
    tab.reload()
    heading(tab, "We cannot take this back")
    expect(tab.locator("main")).to_contain_text("It was worn for weeks.")
    assert_fine(tab)


def tab_to(tab: Page, selector: str) -> None:
    """By keyboard, as far as it takes."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


def test_a_return_is_made_with_the_keyboard_alone(open_page: Open, order: Order):
    tab = open_page(f"{page(order)}", order=order, width=PHONE)
    tab_to(tab, "a.button[href$='/returns/new']")
    tab.keyboard.press("Enter")
    heading(tab, "What would you like to send back?")
    tab_to(tab, ".pick-box")
    tab.keyboard.press("Space")
    tab_to(tab, "[name^=reason]")
    tab.keyboard.type("Too sm")
    tab_to(tab, "main form button.button")
    tab.keyboard.press("Enter")
    heading(tab, "What would you like for it?")
    tab_to(tab, "[name^=resolution]")
    tab.keyboard.press("ArrowDown")
    for words in ("How does it come back?", "Is this right?"):
        tab_to(tab, "main form button.button")
        tab.keyboard.press("Enter")
        heading(tab, words)
    tab_to(tab, "main form button.button")
    tab.keyboard.press("Enter")
    expect(tab.locator(".rma")).to_be_visible()
    assert Return.objects.get().status == "OPEN"


PACE = {"look": 1.5, "press": 1.0, "type": 0.25}
"""Seconds that a person takes to read a page, to find and press something, and to type one sign."""


class Human:
    """Counts what a person would take beside what the pages took; nobody waits for it."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.seconds = tab, 0.0
        self.began = timezone.now()

    def look(self) -> None:
        self.seconds += PACE["look"]

    def press(self, locator: Any) -> None:
        locator.click()
        self.seconds += PACE["press"]

    def type(self, label: str, words: str) -> None:
        self.tab.get_by_label(label).fill(words)
        self.seconds += PACE["press"] + len(words) * PACE["type"]

    @property
    def took(self) -> float:
        return self.seconds + (timezone.now() - self.began).total_seconds()


def test_a_guest_is_done_within_a_minute(open_page: Open, order: Order):
    """From the empty page to the return's number, with a code out of the mail, at a person's pace."""
    tab = open_page(width=390)
    guest = Human(tab)
    guest.look()
    guest.type("Order number", order.number)
    guest.type("E-mail address", EMAIL)
    guest.press(tab.get_by_role("button", name="Mail me a code"))
    guest.seconds += 5  # over to the mail and back
    guest.type("Six digits", mails()[-1].subject.split()[0])
    guest.press(tab.get_by_role("button", name="Open my order"))
    guest.look()
    guest.press(tab.get_by_role("link", name="Start a return"))
    guest.look()
    guest.press(tab.get_by_role("checkbox").first)
    tab.get_by_label("Why does it come back?").select_option(label="Too small")
    guest.seconds += 2 * PACE["press"]
    guest.press(tab.get_by_role("button", name="Go on"))
    guest.look()
    for _ in range(2):
        guest.press(tab.get_by_role("button", name="Go on"))
        guest.look()
    guest.press(tab.get_by_role("button", name="Send the return"))
    expect(tab.locator(".rma")).to_be_visible()
    assert guest.took <= 60


def test_the_whole_way_in_chinese(open_page: Open, order: Order):
    tab = open_page(order=order, width=PHONE, locale="zh-CN")
    tab.get_by_role("link", name="申请退货").click()
    assert_fine(tab)
    tab.get_by_role("checkbox").first.check()
    tab.locator("[name^=reason]").select_option("too-small")
    for _ in range(3):
        press(tab, "继续")
        assert_fine(tab)
    press(tab, "提交退货申请")
    expect(tab.locator(".rma")).to_be_visible()
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"Linen tee|Order management", "", tab.locator("main").inner_text()))


def test_a_photo_is_taken_away_again(open_page: Open, order: Order, torn: Path):
    tab = open_page(order=order)
    tab.get_by_role("link", name="Start a return").click()
    pick(tab, "It arrived damaged")
    tab.get_by_label(re.compile("^Photos")).set_input_files(torn)
    expect(tab.get_by_role("img", name="Your photo 1")).to_be_visible()
    press(tab, "Take photo 1 away")
    expect(tab.get_by_role("img")).to_have_count(0)
    expect(tab.get_by_label("Why does it come back?")).to_have_value("damaged")
    assert not ReturnPhoto.objects.exists()


def test_it_works_without_scripts(open_page: Open, order: Order, torn: Path):
    tab = open_page(order=order, java_script_enabled=False)
    tab.get_by_role("link", name="Start a return").click()
    pick(tab, "It arrived damaged")
    tab.get_by_label(re.compile("^Photos")).set_input_files(torn)
    for _ in range(3):
        press(tab, "Go on")
    press(tab, "Send the return")
    expect(tab.locator(".rma")).to_be_visible()
    assert ReturnPhoto.objects.get().of == Return.objects.get()
