"""What every bench stands on: filled databases, the floor's clients, a key to the API, and how long it may take."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.bodies import Buyers
from tests.bench.databases import Databases, run_program
from tests.bench.driving import Site
from tests.bench.filling import Filling, fill_orders
from tests.bench.floor.clients import Clients
from tests.bench.invoices import read_rows
from tests.bench.servers import run_server

MOST_CLIENTS = 16
FEW = 10_000  # orders that are there from the beginning
SKUS = [f"TEE-{place:04}" for place in range(4_000)]
HOT, SCARCE = SKUS[0], SKUS[1]
ORDINARY = SKUS[2:]


@dataclass(frozen=True)
class Budget:
    """How much is measured: rounds of so many seconds, and the sizes of the large things."""

    rounds: int
    seconds: float
    many_orders: int
    orders_for_memory: int
    invoices: int
    windows: int
    sent: int


FULL = Budget(
    rounds=5,
    seconds=4.0,
    many_orders=1_000_000,
    orders_for_memory=10_000,
    invoices=1_500,
    windows=10_000,
    sent=3_000,
)
QUICK = Budget(
    rounds=2,
    seconds=1.5,
    many_orders=50_000,
    orders_for_memory=1_000,
    invoices=300,
    windows=3_000,
    sent=1_000,
)


@dataclass(frozen=True)
class Ground:
    """`template` has catalogue, stock, a key and some orders; nobody is connected to it, so it can be copied."""

    databases: Databases
    budget: Budget
    folder: Path
    crew: Clients
    template: str
    key: str
    stock: dict[str, int]
    channels: dict[str, int]
    uci: Path | None
    disturbances: list[float] = field(default_factory=list)

    def database(self, purpose: str) -> str:
        return self.databases.create(purpose, like=self.template)

    def buyers(self) -> Buyers:
        return Buyers(self.key, ORDINARY)

    @property
    def items(self) -> list[tuple[int, str]]:
        """What the floor buys: variant and SKU."""
        return [(self.stock[sku], sku) for sku in ORDINARY]

    def serve(self, url: str, *, workers: int | None = None) -> AbstractContextManager[Site]:
        return run_server(url, self.folder, workers=workers, disturbances=self.disturbances)


@contextlib.contextmanager
def prepare_ground(server: str, budget: Budget, uci: Path | None) -> Iterator[Ground]:
    with Databases(server) as databases, tempfile.TemporaryDirectory(prefix="oms-bench-") as folder:
        template = databases.create("template")
        run_program(["manage.py", "migrate", "--noinput"], template)
        skus = SKUS + sorted({row["StockCode"] for row in read_rows(uci)} if uci else ())
        filled = json.loads(run_program(["-m", "tests.bench.catalogue"], template, told=json.dumps({"skus": skus})))
        said = run_program(["manage.py", "create_api_key", "--name", "bench", "--scope", "admin"], template)
        stock = {sku: variant for variant, sku in filled["stock"]}
        fill_orders(template, Filling(1, FEW, filled["channels"]["bench"], [stock[sku] for sku in ORDINARY]))

        crew = Clients(MOST_CLIENTS)
        try:
            yield Ground(
                databases=databases,
                budget=budget,
                folder=Path(folder),
                crew=crew,
                template=template,
                key=said.split()[-1],
                stock=stock,
                channels=filled["channels"],
                uci=uci,
            )
        finally:
            crew.stop()
