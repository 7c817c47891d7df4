"""Tills that hold and take store credit, each sale of an account of its own, against bare SQL that places an order."""

from dataclasses import dataclass

from tests.bench.bodies import Buyers
from tests.bench.databases import ask
from tests.bench.driving import Answers, Site
from tests.bench.figures import Figure, Findings, Target
from tests.bench.floor.placing import place_orders
from tests.bench.ground import MOST_CLIENTS, Ground

ACCOUNTS = 5_000
ENOUGH = 1_200  # requests prepared for each second
TARGET = Target(0.15, 0.30)
SALE = {"amount": {"amount": "1.00", "currency": "EUR"}, "reference": "till 7"}

FILL = """
WITH owners AS (
    INSERT INTO orders_customer (email) SELECT 'credit' || n || '@example.com' FROM generate_series(1, 5000) n
    RETURNING id
), accounts AS (
    INSERT INTO returns_creditaccount (key, customer_id, currency, base, bonus, code_digest, code_sealed, opened_at)
    SELECT 'credit_' || id, id, 'EUR', 100000, 10000, 'd' || id, ''::bytea, now() FROM owners RETURNING id, key
), lots AS (
    INSERT INTO returns_creditlot (account_id, key, source, base, bonus, base_left, bonus_left, earned, issued_at,
                                   bonus_expires_at)
    SELECT id, 'lot-' || id, 'return:R', 100000, 10000, 100000, 10000, true, now(), now() + interval '1 year'
    FROM accounts RETURNING id, account_id
), entries AS (
    INSERT INTO returns_creditentry (account_id, lot_id, kind, key, liability_base, liability_bonus, goods_back,
                                     bonus_expense, currency, by, at)
    SELECT account_id, id, 'ISSUE', 'issue:' || id, 100000, 10000, -100000, -10000, 'EUR', 'bench', now() FROM lots
    RETURNING 1
)
SELECT key FROM accounts
"""
HELD = "SELECT key FROM returns_creditauthorization WHERE state = 'AUTHORIZED' ORDER BY id"
TAKEN = "SELECT count(*) FROM returns_creditauthorization WHERE state = 'CAPTURED'"


@dataclass(frozen=True)
class Round:
    """The floor's orders a second, and the product's answers to those who hold and those who take."""

    floor: float
    held: Answers
    taken: Answers

    @property
    def sales(self) -> float:
        """Sales a second: one of each."""
        return 1 / (1 / self.held.rate + 1 / self.taken.rate)


def measure(ground: Ground) -> Findings:
    product, floor = ground.database("crediting"), ground.database("crediting_floor")
    accounts = [key for (key,) in ask(product, FILL)]
    buyers = ground.buyers()
    with ground.serve(product) as site:
        _send(site, _holding(buyers, accounts, 200), seconds=2, expected=201)
        warm = _send(site, _taking(buyers, product), seconds=2, expected=200).count
        rounds = [_play(ground, site, buyers, accounts, (product, floor)) for _ in range(ground.budget.rounds)]

    answered = warm + sum(played.taken.count for played in rounds)
    taken = ask(product, TAKEN)[0][0]
    assert taken == answered, f"{answered} captures were answered with 200, {taken} are in the database."
    return [_figure(rounds)]


def _play(ground: Ground, site: Site, buyers: Buyers, accounts: list[str], urls: tuple[str, str]) -> Round:
    product, floor = urls
    seconds = ground.budget.seconds
    bare = ground.crew.rate(
        place_orders,
        clients=MOST_CLIENTS,
        url=floor,
        seconds=seconds,
        stock=ground.items,
        channel=ground.channels["bench"],
        hot=None,
    )
    held = _send(site, _holding(buyers, accounts, int(seconds * ENOUGH)), seconds=seconds, expected=201)
    return Round(bare, held, _send(site, _taking(buyers, product), seconds=seconds, expected=200))


def _send(site: Site, requests: list[bytes], *, seconds: float, expected: int) -> Answers:
    return site.send(requests, connections=MOST_CLIENTS, seconds=seconds, expected=(expected,))


def _holding(buyers: Buyers, accounts: list[str], count: int) -> list[bytes]:
    return [
        buyers.post(f"/api/v1/credit-accounts/{accounts[place % ACCOUNTS]}/authorizations", SALE)
        for place in range(count)
    ]


def _taking(buyers: Buyers, product: str) -> list[bytes]:
    return [buyers.post(f"/api/v1/authorizations/{key}/capture", {}) for (key,) in ask(product, HELD)]


def _figure(rounds: list[Round]) -> Figure:
    last = rounds[-1]
    spent = (last.held.web_cpu / last.held.count + last.taken.web_cpu / last.taken.count) * 1_000
    return Figure(
        name=f"store credit: authorize and capture, {MOST_CLIENTS} clients",
        unit="sales/s",
        rounds=[played.sales for played in rounds],
        floor=[played.floor for played in rounds],
        target=TARGET,
        note=f"{last.held.rate:.0f} holds/s, {last.taken.rate:.0f} captures/s; CPU of web {spent:.2f} ms a sale",
    )
