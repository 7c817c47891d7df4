"""Which pictures there are, and how each comes about in a browser."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

LARGEST = 200_000  # bytes: the documentation is read over slow lines, too
Take = Callable[[Page], None]


def open_first(page: Page) -> None:
    page.locator(".row-link").first.click()


def put_last_rule_first(page: Page) -> None:
    """Nothing is saved: the preview says what would change."""
    positions = page.locator("#result_list input[name$=-position]")
    positions.nth(positions.count() - 2).fill("1")
    page.get_by_role("button", name="Preview this order").click()


def stay(page: Page) -> None:
    """The page as it opens."""


def open_last(page: Page) -> None:
    """Waves of some time ago had more to route than the latest."""
    page.locator(".row-link").last.click()


def open_campaign(page: Page) -> None:
    page.get_by_role("link", name="Goes with your order").first.click()


def try_campaign(page: Page) -> None:
    """Orders are looked at while one reads."""
    open_campaign(page)
    page.get_by_role("link", name="Who would see what").click()
    page.get_by_text("Not offered, because it").first.wait_for()


PICTURES: dict[str, tuple[str, Take]] = {
    "dashboard": ("/admin/", stay),
    "orders": ("/admin/orders/order/?view=held", stay),
    "order": ("/admin/orders/order/?view=mismatch", open_first),
    "stock": ("/admin/inventory/availability/?view=low", open_first),
    "quarantine": ("/admin/orders/quarantinedmessage/?view=open", stay),
    "approvals": ("/admin/orders/edit/", stay),
    "approval": ("/admin/orders/edit/", open_first),
    "window-rules": ("/admin/orders/windowrule/", stay),
    "window-preview": ("/admin/orders/windowrule/", put_last_rule_first),
    "campaigns": ("/admin/orders/windowcampaign/", stay),
    "work-list": ("/admin/orders/fulfillment/", stay),
    "pack-bench": ("/admin/orders/fulfillment/", open_first),
    "wave": ("/admin/orders/routingwave/", open_last),
    "exceptions": ("/admin/oms/exceptionitem/", stay),
    "intercept": ("/admin/oms/exceptionitem/?type=intercept", open_first),
    "connections": ("/admin/orders/writebacktarget/", stay),
    "return-review": ("/admin/returns/return/review/", stay),
    "return-bench": ("/admin/returns/return/receive/", open_first),
    "return-terms": ("/admin/returns/returnterms/", stay),
    "credit-account": ("/admin/returns/creditaccount/", open_first),
    "offers-bring": ("/admin/upsell/exposure/?days=30", stay),
    "offer-campaign": ("/admin/upsell/campaign/", open_campaign),
    "offer-preview": ("/admin/upsell/campaign/", try_campaign),
    "recommender": ("/admin/upsell/recommender/", stay),
}


def picture_desk(browser: Browser, address: str, staff: dict[str, str], folder: Path) -> None:
    page = _open(browser, width=1280, height=800)
    _log_in(page, address, staff)
    for name, (path, act) in PICTURES.items():
        page.goto(address + path)
        act(page)
        _keep(page, folder / f"{name}.png")


def picture_portal(browser: Browser, link: str, folder: Path) -> None:
    """The order's page, a swap in its preview, and the page on a phone in Chinese."""
    page = _open(browser, width=960, height=1080)
    page.goto(link)
    _keep(page, folder / "portal-order.png")
    page.get_by_role("link", name="Change or remove").first.click()
    page.locator("input[type=radio]:not([disabled]):not(:checked)").first.check()
    page.get_by_role("button", name="Swap it").click()
    _keep(page, folder / "portal-preview.png")

    page.goto(link)
    page.locator("#offers").first.scroll_into_view_if_needed()
    _keep(page, folder / "portal-offers.png")

    phone = _open(browser, width=390, height=844, locale="zh-CN")
    phone.goto(link)
    _keep(phone, folder / "portal-phone.png")


def picture_returns(browser: Browser, links: Sequence[str], folder: Path) -> None:
    """What goes back and why, what is wanted for it, and the page of a return under way.

    The links open an order of which things may come back, one of which something does, and that return.
    """
    to_return, returned, return_page = links
    page = _open(browser, width=960, height=1080)
    page.goto(to_return)
    page.get_by_role("link", name="Start a return").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Why does it come back?").first.select_option(index=1)
    _keep(page, folder / "return-items.png")
    page.get_by_role("button", name="Go on").click()
    _keep(page, folder / "return-resolution.png")

    page.goto(returned)
    page.goto(return_page)
    _keep(page, folder / "return-page.png")


def _open(browser: Browser, *, width: int, height: int, locale: str = "en-GB") -> Page:
    return browser.new_page(viewport={"width": width, "height": height}, color_scheme="light", locale=locale)


def _keep(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(path=path)
    print(f"docs/images/{path.name}: {len(picture) // 1000} KB")
    if len(picture) > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} KB.")


def _log_in(page: Page, address: str, staff: dict[str, str]) -> None:
    page.goto(f"{address}/admin/login/")
    page.fill("#id_username", staff["username"])
    page.fill("#id_password", staff["password"])
    page.click("#login-form button[type=submit]")
    page.wait_for_url(f"{address}/admin/")
