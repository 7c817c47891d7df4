"""Customers at the portal: a browser that was let in, and what it reads."""

import re
from html import unescape
from typing import Any

from django.core import mail
from django.test import Client

from oms.actions.delivering import deliver_deliveries
from oms.actions.mailing import send_messages
from orders.actions.admitting import spell_code
from orders.models import Order, PortalCode
from orders.queries.portal_links import make_link
from tests.make.moments import NOON, ONE_DAY

EMAIL = "ada@example.com"


def visitor(language: str = "en") -> Client:
    """A browser that nobody knows yet."""
    return Client(headers={"accept-language": language})


def customer(order: Order, language: str = "en") -> Client:
    """A browser that opened the order by the link of a mail."""
    client = visitor(language)
    answer = client.get(path_of(make_link(order)))
    assert answer.status_code == 302
    return client


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def page(order: Order, *rest: object) -> str:
    """The address of one of the order's pages."""
    return "/".join([f"/orders/{order.number}", *map(str, rest)]) + ("" if rest else "/")


def ask_for_code(client: Client, number: str, email: str = EMAIL) -> Any:
    return client.post("/orders/", {"number": number, "email": email})


def last_code() -> tuple[PortalCode, str]:
    """The newest code, and its digits."""
    row = PortalCode.objects.latest("id")
    return row, spell_code(row.handle)


def confirm(client: Client, order: Order) -> Any:
    """Send the form that the preview shows."""
    shown = client.get(page(order, "preview"))
    assert shown.status_code == 200, words_of(shown)
    return client.post(page(order, "preview"), {"sealed": sealed_of(shown)})


def sealed_of(shown: Any) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', shown.content.decode())
    assert found, words_of(shown)
    return found.group(1)


def words_of(response: Any) -> str:
    """What a page says, as it is read: words inside a line run on, a blank stands between blocks."""
    body = re.sub(r"<style.*?</style>", "", response.content.decode(), flags=re.DOTALL)
    body = re.sub(r"</?(span|time|bdi|a|ins|del|strong|small)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def mails() -> list[Any]:
    """Everything that was mailed, once the workers have done their work; the database's own clock is not the test's."""
    deliver_deliveries(at=NOON + 3650 * ONE_DAY)
    while send_messages(at=NOON + 3650 * ONE_DAY):
        pass
    return mail.outbox
