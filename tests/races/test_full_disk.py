"""A disk runs full under a working shop: clear refusals, nothing half done, and with room again everything once."""

import contextlib
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from tests.orders.importing.files import own_orders, write_lines
from tests.races.full_disk import SmallShop, open_small_shop, order_for

logging.getLogger("httpx").setLevel(logging.WARNING)  # it would tell of every request

MEBI = 2**20
ENOUGH = 10
"""Refusals that are waited for."""
MOST_SENT = 4_000

WHOLE = """
SELECT (SELECT count(*) FROM orders_order),
       (SELECT count(DISTINCT order_id) FROM orders_orderline),
       (SELECT count(*) FROM orders_payment),
       (SELECT count(*) FROM inventory_reservation WHERE state = 'PROMISED'),
       (SELECT promised::int FROM inventory_availability),
       (SELECT count(DISTINCT subject) FROM oms_eventrecord WHERE type = 'order.placed'),
       (SELECT count(*) FROM oms_eventrecord WHERE type = 'order.placed')
"""
"""For paid orders of one line and one unit all of these are the same number."""


def whole_orders(shop: SmallShop, looker: "psycopg.Connection[Any] | None" = None) -> int:
    """How many orders there are; each has everything that belongs to it, once.

    `looker`: a connection that was there before the disk was full. PostgreSQL may refuse any new one then ("could not
    write init file"), and the ledger is proved once there is room.
    """
    if looker:
        told = looker.execute(WHOLE).fetchone()
    else:
        told = shop.ask(WHOLE)
        proved = shop.manage("verify_stock")
        assert proved.returncode == 0, proved.stdout + proved.stderr
    figures = set(told)
    assert len(figures) == 1, told
    return int(figures.pop())


def send_until_refused(shop: SmallShop, times: int) -> tuple[dict[int, str], int]:
    """Orders one after the other: the numbers they were given, and how many were sent."""
    placed: dict[int, str] = {}
    refused = 0
    for sent in range(MOST_SENT):
        answer = send(shop, sent)
        if answer.status_code == 201:
            placed[sent] = answer.json()["number"]
            continue
        assert is_clear(answer)
        refused += 1
        if refused == times:
            return placed, sent + 1
    raise AssertionError("The disk did not run full.")


def send(shop: SmallShop, number: int) -> httpx.Response:
    return shop.post("/orders", order_for(number), label=f"disk-{number}")


def is_clear(answer: httpx.Response) -> bool:
    """A problem that says when to come again, and nothing of what goes on inside."""
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"
    return "Traceback" not in answer.text and "No space" not in answer.text


def send_again(shop: SmallShop, placed: dict[int, str], sent: int) -> None:
    """The same requests: what was placed is answered again, the rest is placed now."""
    numbers = set()
    for number in range(sent):
        answer = send(shop, number)
        assert answer.status_code == 201, answer.text
        if number in placed:
            assert (answer.json()["number"], answer.headers["Idempotent-Replayed"]) == (placed[number], "true")
        numbers.add(answer.json()["number"])
    assert len(numbers) == sent


def is_ready(shop: SmallShop) -> bool:
    return shop.http.get("/readyz").status_code == 200


@pytest.fixture
def shop() -> Iterator[SmallShop]:
    with open_small_shop(log_apart=True) as small:
        yield small


def test_a_full_disk_refuses_clearly_and_with_room_again_every_order_is_there_once(shop, tmp_path):
    file = write_lines(tmp_path / "orders.jsonl", own_orders(2_000))
    taking = ("import_orders", "--channel", "file", "--format", "jsonl", str(file))
    looker = psycopg.connect(shop.cluster.url, autocommit=True)
    looker.execute(WHOLE)
    shop.fill_disk(leave=3 * MEBI)

    cut_off = shop.manage(*taking)
    assert cut_off.returncode == 1
    assert "Run it again: what was placed is known by then." in cut_off.stderr
    assert "Traceback" not in cut_off.stderr
    imported = whole_orders(shop, looker)
    assert imported % 500 == 0

    placed, sent = send_until_refused(shop, ENOUGH)
    batch = {"orders": [order_for(10_000 + number) for number in range(100)]}
    assert is_clear(shop.post("/orders/batch", batch, label="batch"))
    assert shop.http.get("/orders").status_code == 200
    assert whole_orders(shop, looker) == imported + len(placed)

    shop.make_room()
    assert whole_orders(shop) == imported + len(placed)
    send_again(shop, placed, sent)
    results = shop.post("/orders/batch", batch, label="batch").json()["results"]
    assert {result["status"] for result in results} == {"placed"}
    report = tmp_path / "report.json"
    assert shop.manage(*taking, "--report", str(report)).returncode == 0
    told = json.loads(report.read_text())
    assert (told["known"], told["placed"]) == (imported, 2_000 - imported)
    assert whole_orders(shop) == 2_000 + sent + 100


def test_a_database_that_the_full_disk_took_down_comes_back_with_every_order_once():
    with open_small_shop(log_apart=False) as shop:
        writer = psycopg.connect(shop.cluster.url, autocommit=True)  # once it is full nobody new may get in
        shop.fill_disk(leave=8 * MEBI)
        log = shop.supervisor.places.logs / "postgres.log"
        placed, sent = send_until_refused(shop, ENOUGH)
        shop.watch_until(lambda: "PANIC" in log.read_text() or _write_on(shop, writer, sent - 1))
        assert "PANIC" in log.read_text()
        assert not is_ready(shop)

        shop.make_room()
        shop.watch_until(lambda: is_ready(shop))
        found = whole_orders(shop)
        assert found in (len(placed), len(placed) + 1)  # one may have been written whose answer was lost

        send_again(shop, placed, sent)
        assert whole_orders(shop) == sent


def _write_on(shop: SmallShop, writer: "psycopg.Connection[Any]", number: int) -> bool:
    """Once more; and somebody else writes until the log wants room. True: the order was taken after all."""
    with contextlib.suppress(psycopg.OperationalError):
        writer.execute("SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000))")
    return send(shop, number).status_code == 201
