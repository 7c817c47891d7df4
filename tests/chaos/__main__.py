"""`python -m tests.chaos [--kills 20] [--seconds 120]`: a shop under load whose parts are killed in turn.

Afterwards every order that was accepted is there once, every label bought once, every webhook heard, stock adds up.
Nothing outside of a folder of its own and of 127.0.0.1 is touched. Exit code 1 when something is not as it should be.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

from config.local.accounts import enterable, server_account
from tests.chaos.audit import find_faults, settle
from tests.chaos.people import Buyers, Client, Ear, Warehouse
from tests.chaos.shop import Shop, open_shop

VICTIMS = ("web", "worker", "beat", "valkey", "postgres")
SKU = "CHAOS-TEE"
FURNISH = f"""
from tests.chaos.furnish import furnish
furnish({SKU!r})
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the load lasts")
    parser.add_argument("--buyers", type=int, default=4)
    wanted = parser.parse_args()
    parent = enterable([Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")], server_account())
    folder = Path(tempfile.mkdtemp(prefix="oms-chaos-", dir=parent))
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)  # its own are started, and killed; nobody else's
    with open_shop(folder, settings={"CALL_PRIVATE_ADDRESSES": "1", "ROUTING_WAVE_SECONDS": "1"}) as shop:
        return _rage(shop, kills=wanted.kills, seconds=wanted.seconds, people=wanted.buyers)


def _rage(shop: Shop, *, kills: int, seconds: float, people: int) -> int:
    shop.manage("shell", "--no-imports", "-c", FURNISH)
    key = shop.manage("create_api_key", "--name", "Chaos", "--scope", "admin").split()[-1]
    stop, ear = threading.Event(), Ear()
    buyers = [Buyers(Client(shop.address, key, stop), f"b{place}", SKU) for place in range(people)]
    warehouse = Warehouse(Client(shop.address, key, stop))
    _subscribe(Client(shop.address, key, stop), ear)

    threads = [threading.Thread(target=each.run, daemon=True) for each in (*buyers, warehouse)]
    for thread in threads:
        thread.start()
    died = _kill_in_turn(shop, kills=kills, seconds=seconds)
    stop.set()
    for thread in threads:
        thread.join(60)

    shop.wait_until_up()
    warehouse.client.stop = threading.Event()
    left = settle(shop, warehouse)
    faults = [f"{count} {name} are still open." for name, count in left.items()]
    faults += find_faults(shop, buyers, ear)
    _report(shop, buyers, warehouse, ear, died=died, faults=faults)
    ear.close()
    return 1 if faults else 0


def _subscribe(client: Client, ear: Ear) -> None:
    body = {"url": ear.address, "types": ["order.placed", "order.routed", "fulfillment.shipped"]}
    answer = client.post("/webhook-endpoints", body, label="chaos-endpoint")
    assert answer is not None and answer.status_code == 201, answer and answer.text


def _kill_in_turn(shop: Shop, *, kills: int, seconds: float) -> Counter[str]:
    """One part after the other, each once the one before is back, spread over the time that there is."""
    died: Counter[str] = Counter()
    began = time.monotonic()
    for place, name in zip(range(kills), cycle(VICTIMS)):
        wait = began + seconds * (place + 1) / (kills + 1) - time.monotonic()
        time.sleep(max(wait, 0.2))
        shop.wait_until_up()
        shop.kill(name)
        died[name] += 1
        print(f"{time.monotonic() - began:6.1f} s  killed {name}", flush=True)
    time.sleep(max(began + seconds - time.monotonic(), 0))
    return died


def _report(
    shop: Shop, buyers: list[Buyers], warehouse: Warehouse, ear: Ear, *, died: Counter[str], faults: list[str]
) -> None:
    accepted = sum(len(each.accepted) for each in buyers)
    tries = sum(each.client.tries for each in buyers)
    ((shipped, labels),) = shop.ask(
        "SELECT (SELECT count(*) FROM orders_shipment), (SELECT count(*) FROM orders_label WHERE state = 'BOUGHT')"
    )
    print(f"{sum(died.values())} kills: {', '.join(f'{count} × {name}' for name, count in died.items())}")
    print(f"{accepted} orders accepted in {tries} requests, {shipped} parcels, {labels} labels")
    print(f"{len(ear.heard)} webhooks heard, {sum(ear.heard.values()) - len(ear.heard)} of them again")
    refusals = sum((each.refused for each in buyers), Counter()) + warehouse.refused
    if refusals:
        print(f"refused: {dict(refusals)}")
    for fault in faults:
        print(f"FAULT  {fault}")
    print("Nothing was lost, nothing was done twice." if not faults else f"{len(faults)} faults.")


if __name__ == "__main__":
    sys.exit(main())
