"""Staff and returns in a browser, by keyboard: the bench where parcels are opened, the queue, an account of credit."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from returns.models import Return, ReturnItem, ReturnPhoto
from tests.journeys.conftest import Open
from tests.make.carriers import house
from tests.make.credit import account_of, given
from tests.make.moments import ONE_DAY
from tests.make.orders import line
from tests.make.photos import photo
from tests.make.portal import mails
from tests.make.return_nodes import send_to
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force, waiting_return
from tests.make.staff import PASSWORD, staff
from tests.make.stock import LEJ, SKU, stocked_variant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = ("light", "dark")


@pytest.fixture(autouse=True)
def _house() -> None:
    house()
    terms_in_force({}, since=timezone.now() - 400 * ONE_DAY)
    staff(superuser=True, password=PASSWORD)


def asked(units: int = 1, *, waits: bool = False, **fields: object) -> Return:
    """A return of so many units that came five days ago."""
    now = timezone.now()
    order = delivered_order(lines=[line(quantity=units)], at=now - 7 * ONE_DAY, **fields)
    ask = waiting_return if waits else open_return
    return send_to(ask(order, item(line_of(order), units), at=now - ONE_DAY), LEJ)


def log_in(open_page: Open, path: str, look: str = "light") -> Page:
    tab = open_page(f"/admin/login/?next={path}", color_scheme=look)
    tab.locator("#id_username").fill("ada")
    tab.locator("#id_password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda address: "/login/" not in address)
    return tab


def assert_fine(tab: Page) -> None:
    found = Axe().run(tab).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def type_in(tab: Page, words: str) -> None:
    """As a scanner does: quickly, and Enter at the end."""
    tab.keyboard.type(words)
    tab.keyboard.press("Enter")


@pytest.mark.parametrize("look", LOOKS)
def test_a_parcel_is_opened_counted_photographed_and_graded(open_page: Open, tmp_path: Path, look: str):
    stocked_variant(on_hand=10)
    stocked_variant("CAP-RED", on_hand=3)
    found = asked(2)
    (tmp_path / "seam.jpg").write_bytes(photo(1600, 1200, color="peru"))
    tab = log_in(open_page, "/admin/returns/return/receive/", look)
    assert_fine(tab)
    tab.locator("#code").focus()
    type_in(tab, found.number)
    tab.wait_for_url(f"**/receive/{found.number}/")
    assert_fine(tab)

    said = tab.locator("#bench-said")
    type_in(tab, SKU)
    expect(tab.get_by_label(f"Units of {SKU} that are here")).to_have_value("1")
    type_in(tab, "CAP-RED")
    expect(tab.get_by_text("Nobody announced it")).to_be_visible()
    type_in(tab, "NOBODY-KNOWS")
    expect(said).to_contain_text("Nobody knows NOBODY-KNOWS. Lay it aside.")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_role("heading", name="What state it is in")).to_be_visible()
    assert_fine(tab)

    tab.locator("[data-camera]").first.set_input_files(tmp_path / "seam.jpg")
    expect(said).to_have_text("The picture is kept.")
    tab.locator("#code").focus()
    tab.keyboard.press("Escape")
    tab.keyboard.press("b")
    expect(said).to_contain_text("grade B")
    assert_fine(tab)
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_text("1 item inspected")).to_be_visible()

    rows = set(found.items.values_list("quantity", "reception", "acceptance", "grade"))
    assert rows == {(1, "RECEIVED", "ACCEPTED", "B"), (1, "AWAITING", "PENDING", ""), (1, "SURPLUS", "PENDING", "")}
    assert ReturnPhoto.objects.get().by == "staff:ada"
    assert found.settlements.count() == 1


@pytest.mark.parametrize("look", LOOKS)
def test_the_queue_is_worked_through_with_keys_alone(open_page: Open, look: str):
    stocked_variant(on_hand=10)
    first, second, third = (asked(waits=True, external_id=name) for name in ("one", "two", "three"))
    Return.objects.filter(pk=second.pk).update(locale="zh-CN")
    tab = log_in(open_page, "/admin/returns/return/review/", look)
    expect(tab.get_by_role("heading", name=first.number, exact=True)).to_be_visible()
    assert_fine(tab)
    tab.keyboard.press("a")
    expect(tab.get_by_role("heading", name=second.number, exact=True)).to_be_visible()

    tab.keyboard.press("r")
    expect(tab.get_by_label("Begin from")).to_be_focused()
    assert_fine(tab)
    tab.keyboard.press("3")
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Refuse, and tell them").press("Enter")
    expect(tab.get_by_role("heading", name=third.number, exact=True)).to_be_visible()
    tab.keyboard.press("p")
    tab.get_by_role("button", name="Ask for it").press("Enter")
    expect(tab.get_by_text(f"The customer of {third.number} is asked for a photo.")).to_be_visible()

    assert dict(Return.objects.values_list("number", "status")) == {
        first.number: "OPEN",
        second.number: "DECLINED",
        third.number: "REQUESTED",
    }
    assert re.search("退货", Return.objects.get(pk=second.pk).explanation)
    assert any("Please show it to us" in mail.body for mail in mails())


def test_a_small_thing_is_given_without_being_sent_back(open_page: Open):
    stocked_variant(on_hand=10)
    found = asked(waits=True)
    tab = log_in(open_page, f"/admin/returns/return/review/{found.number}/")
    tab.get_by_text("Another way back, or a note").press("Enter")
    tab.get_by_label("How it comes back").select_option("KEEP_IT")
    tab.get_by_role("button", name="Approve").press("Enter")
    tab.wait_for_load_state()
    assert Return.objects.get().method == "KEEP_IT"
    assert ReturnItem.objects.get().acceptance == "ACCEPTED"


@pytest.mark.parametrize("look", LOOKS)
def test_an_account_of_credit_is_read_and_frozen(open_page: Open, look: str):
    account = account_of(given("100.00", "10.00", source="return:1000-R1", at=timezone.now()))
    tab = log_in(open_page, f"/admin/returns/creditaccount/{account.pk}/change/", look)
    expect(tab.get_by_role("heading", name="What it is made of")).to_be_visible()
    assert_fine(tab)
    tab.get_by_role("link", name="Freeze").press("Enter")
    assert_fine(tab)
    tab.get_by_label("Reason").fill("Somebody else has the code.")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Frozen").first).to_be_visible()
    account.refresh_from_db()
    assert account.frozen_because == "Somebody else has the code."
