"""A real browser before a real server: what a customer sees and does."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from oms.portal import pages
from orders.models import Order
from orders.queries.portal_links import make_link
from tests.make.portal import path_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("There is no Chromium on this machine.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop running in this thread
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def shop(live_server: Any, settings: Any) -> str:
    """The address of the server; links and gateways know it by the same name."""
    settings.PUBLIC_URL = live_server.url
    pages._submissions.forget()
    return live_server.url


@pytest.fixture
def open_page(browser: Browser, shop: str) -> Iterator[Open]:
    """Opens a page, of an order by its link; whatever a script or the policy complains of fails the test."""
    contexts, complaints = [], []

    def open_(path: str = "/orders/", *, order: Order | None = None, width: int = 1280, **options: Any) -> Page:
        described = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=shop, viewport={"width": width, "height": 900}, **described)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(path_of(make_link(order)) if order else path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
