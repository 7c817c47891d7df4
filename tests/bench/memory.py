"""What one web process weighs after many orders."""

from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground


def measure(ground: Ground) -> Findings:
    orders = ground.budget.orders_for_memory
    buyers = ground.buyers()
    with ground.serve(ground.database("memory"), workers=1) as site:
        site.send(buyers.orders(20), connections=1, seconds=10)
        fresh = site.web.largest()
        site.send(buyers.orders(orders), connections=4, seconds=240, expected=(201,))
        after = site.web.largest()
    return [
        Figure(
            name=f"memory of one web process after {orders:,} orders",
            unit="MiB",
            rounds=[after.rss],
            target=Target(150, 110, "lower"),
            note=f"resident; {fresh.rss:.0f} MiB after 20 orders; its proportional share (PSS) is {after.pss:.0f} MiB",
        )
    ]
