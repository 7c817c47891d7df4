"""Requests to the product as bytes, ready to be sent."""

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson

PRICE, TAX = Decimal("19.90"), Decimal("3.18")
CUSTOMERS = 5_000
TOWNS = (("Berlin", "10119"), ("Hamburg", "20095"), ("Leipzig", "04109"), ("Köln", "50667"), ("München", "80331"))


class Buyers:
    """People who buy: each order is unlike any other of the run."""

    _runs = itertools.count()

    def __init__(self, key: str, skus: Sequence[str]) -> None:
        self.key = key
        self.skus = skus
        self._numbers = itertools.count()
        self._name = f"b{next(self._runs)}"
        self._chance = random.Random(self._name)

    def orders(self, count: int, *, hot: str = "") -> list[bytes]:
        """Requests for one order each; with `hot`, each has one unit of that SKU among its three lines."""
        return [self.post("/api/v1/orders", self.document(hot=hot)) for _ in range(count)]

    def batches(self, count: int, *, size: int = 500) -> list[bytes]:
        return [
            self.post("/api/v1/orders/batch", {"orders": [self.document() for _ in range(size)]}) for _ in range(count)
        ]

    def get(self, target: str) -> bytes:
        return (
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
            "Accept: application/json\r\n\r\n"
        ).encode()

    def post(self, target: str, document: Any) -> bytes:
        body = orjson.dumps(document, default=str)
        head = (
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Idempotency-Key: {self._name}-{next(self._numbers)}\r\n\r\n"
        )
        return head.encode() + body

    def document(self, *, hot: str = "") -> dict[str, Any]:
        chance = self._chance
        skus = chance.sample(self.skus, 3)
        quantities = [chance.randint(1, 2) for _ in skus]
        if hot:
            skus[0], quantities[0] = hot, 1
        buyer = chance.randrange(CUSTOMERS)
        return {
            "channel": "bench",
            "external_id": f"{self._name}-{next(self._numbers)}",
            "placed_at": datetime.now(UTC) - timedelta(seconds=chance.random() * 60),
            "currency": "EUR",
            "customer": {"email": f"buyer{buyer}@example.com", "name": f"Buyer {buyer}", "locale": "de"},
            "shipping_address": _address(f"Buyer {buyer}", chance),
            "lines": [
                _line(place, sku, units) for place, (sku, units) in enumerate(zip(skus, quantities, strict=True))
            ],
            "shipping": {"method": "standard", "amount": "4.90", "tax": "0.78"},
            "discount": "0.00",
            "tax_included": True,
            "total": PRICE * sum(quantities) + Decimal("4.90"),
            "payment": {"status": "PAID", "gateway": "sandbox", "reference": f"ch_{self._name}_{next(self._numbers)}"},
            "tags": [],
            "test": False,
        }


def _address(name: str, chance: random.Random) -> dict[str, str]:
    city, postal_code = chance.choice(TOWNS)
    line1 = f"Torstr. {chance.randint(1, 200)}"
    return {"name": name, "line1": line1, "city": city, "postal_code": postal_code, "country": "DE"}


def _line(place: int, sku: str, quantity: int) -> dict[str, Any]:
    amounts = {"unit_price": PRICE, "discount": "0.00", "tax": TAX * quantity}
    return {"external_id": f"l{place}", "sku": sku, "quantity": quantity, **amounts}
