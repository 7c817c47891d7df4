"""One order after the other: `POST /orders` with three lines, everything on, against bare SQL; and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.bodies import Buyers
from tests.bench.databases import ask
from tests.bench.driving import Answers, Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.placing import place_orders
from tests.bench.ground import FEW, HOT, MOST_CLIENTS, Ground

CLIENTS = (1, 4, MOST_CLIENTS)
ENOUGH = 1_500  # requests prepared for each second
TARGET = Target(0.15, 0.40)


@dataclass(frozen=True)
class Round:
    """The floor's orders a second, the CPU seconds it took for one, and then the product's answers."""

    floor: float
    floor_cpu: float
    answers: Answers

    @property
    def web_milliseconds(self) -> float:
        return self.answers.web_cpu / self.answers.count * 1_000

    @property
    def database_milliseconds(self) -> float:
        return self.answers.database_cpu / self.answers.count * 1_000


@dataclass(frozen=True)
class Shop:
    """One web server and its database, the floor's database beside it, and people who buy."""

    ground: Ground
    site: Site
    floor: str
    buyers: Buyers

    def compare(self, clients: int, *, hot: bool = False) -> list[Round]:
        return [self._play(clients, hot=hot) for _ in range(self.ground.budget.rounds)]

    def warm_up(self) -> int:
        return self.site.send(self.buyers.orders(500), connections=4, seconds=1.5, expected=(201,)).count

    def _play(self, clients: int, *, hot: bool) -> Round:
        ground, seconds = self.ground, self.ground.budget.seconds
        used = self._floor_cpu()
        floor = ground.crew.rate(
            place_orders,
            clients=clients,
            url=self.floor,
            seconds=seconds,
            stock=ground.items,
            channel=ground.channels["bench"],
            hot=(ground.stock[HOT], HOT) if hot else None,
        )
        used = (self._floor_cpu() - used) / (floor * seconds)
        requests = self.buyers.orders(int(seconds * ENOUGH), hot=HOT if hot else "")
        return Round(floor, used, self.site.send(requests, connections=clients, seconds=seconds, expected=(201,)))

    def _floor_cpu(self) -> float:
        return self.ground.crew.cpu() + (self.site.database.cpu() if self.site.database else 0.0)


def measure(ground: Ground) -> Findings:
    product = ground.database("placing")
    with ground.serve(product) as site:
        shop = Shop(ground, site, ground.database("placing_floor"), ground.buyers())
        answered = shop.warm_up()
        played = {clients: shop.compare(clients) for clients in CLIENTS}

    answered += sum(round_.answers.count for rounds in played.values() for round_ in rounds)
    stored = ask(product, "SELECT count(*) FROM orders_order")[0][0] - FEW
    assert stored == answered, f"{answered} orders were answered with 201, {stored} are in the database."
    return [*(_rate_figure(clients, rounds) for clients, rounds in played.items()), *_costs(played[MOST_CLIENTS])]


def _rate_figure(clients: int, rounds: Sequence[Round]) -> Figure:
    last = rounds[-1].answers
    waits = ", ".join(f"p{share} {last.percentile(share / 100):.0f} ms" for share in (50, 95, 99))
    return Figure(
        name=f"`POST /orders`, 3 lines, {clients} client{'s' if clients > 1 else ''}",
        unit="orders/s",
        rounds=[round_.answers.rate for round_ in rounds],
        floor=[round_.floor for round_ in rounds],
        target=TARGET if clients == MOST_CLIENTS else None,
        note=f"{waits}; the generator used {last.own_cpu:.1%} of a core",
    )


def _costs(rounds: Sequence[Round]) -> list[Figure]:
    web = [round_.web_milliseconds for round_ in rounds]
    database = [round_.database_milliseconds for round_ in rounds]
    if not any(database):
        return [Figure(name="CPU of the web server for one order", unit="ms", rounds=web)]
    both = [sum(pair) for pair in zip(web, database, strict=True)]
    return [
        Figure(
            name="CPU of web and database for one order",
            unit="ms",
            rounds=both,
            target=Target(5, 3, "lower"),
            note=f"web {sorted(web)[len(web) // 2]:.2f} ms, database {sorted(database)[len(database) // 2]:.2f} ms",
        ),
        Figure(
            name="orders for one second of CPU",
            unit="orders",
            rounds=[1_000 / spent for spent in both],
            floor=[1 / round_.floor_cpu for round_ in rounds],
            note="the ratio if nothing but CPU counted: steadier than the clock where the machine is not quiet",
        ),
    ]
