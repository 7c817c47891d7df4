"""A sale: everybody wants the same SKU. How fast, and was any unit sold twice?"""

from tests.bench.databases import run_program
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import MOST_CLIENTS, SCARCE, Ground
from tests.bench.placing import TARGET, Shop
from tests.bench.proving import count_oversold

UNITS, BUYERS = 300, 450


def measure(ground: Ground) -> Findings:
    product = ground.database("one_sku")
    run_program(["-m", "tests.bench.counting", SCARCE, str(UNITS)], product)
    with ground.serve(product) as site:
        shop = Shop(ground, site, ground.database("one_sku_floor"), ground.buyers())
        shop.warm_up()
        rounds = shop.compare(MOST_CLIENTS, hot=True)
        rush = site.send(
            shop.buyers.orders(BUYERS, hot=SCARCE), connections=MOST_CLIENTS, seconds=60, expected=(201, 409)
        )

    sold, refused = rush.statuses.get(201, 0), rush.statuses.get(409, 0)
    assert sold == UNITS, f"Of {UNITS} units {sold} were sold."
    return [
        Figure(
            name=f"`POST /orders`, all buyers on one SKU, {MOST_CLIENTS} clients",
            unit="orders/s",
            rounds=[round_.answers.rate for round_ in rounds],
            floor=[round_.floor for round_ in rounds],
            target=TARGET,
            note=f"p95 {rounds[-1].answers.percentile(0.95):.0f} ms",
        ),
        Figure(
            name="SKUs oversold",
            unit="",
            rounds=[count_oversold(product)],
            target=Target(0, 0, "lower"),
            note=f"{BUYERS} buyers of {UNITS} units: {sold} orders, {refused} refusals",
        ),
    ]
