"""The last days on purpose: at least one order at every step of its life, and in every kind of trouble."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from config.demo.baskets import Item
from config.demo.catalogue import list_articles
from config.demo.lives import Ending, GivenBack, Life, Stop
from config.demo.sales import BANK_TRANSFER, Sale
from config.demo.wishes import (
    Wanted,
    Wish,
    add_item,
    cancel_all,
    change_contact,
    move_abroad,
    swap_first,
    take_one_away,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SCARCE = {"JMP-L-OAT": 3, "CND-L-FIG": 2, "DUV-200X200-SGE": 1}
"""SKUs with so many units left, fewer than were sold elsewhere."""
SOLD_OUT = ("SHR-M-WHT", "MUG-INK", "TOT-RST", "BLT-95-BRN")

Twist = Callable[[Sale, Life], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A purchase so long before now, and what is special about it."""

    shop: str
    ago: timedelta
    twist: Twist


def keep_open(sale: Sale, life: Life) -> None:
    """Paid; it waits for the warehouse, or its window is still open."""
    if sale.gateway == BANK_TRANSFER:
        sale.gateway = "stripe"
    life.leaves_at, life.first_parcel_at, life.paid_at = None, None, None
    life.cancelled, life.given_back = None, []


def leave_unpaid(sale: Sale, life: Life) -> None:
    keep_open(sale, life)
    sale.gateway = BANK_TRANSFER


def pay_half(sale: Sale, life: Life) -> None:
    sale.paid_share = Decimal("0.5")
    keep_open(sale, life)


def decline_card(sale: Sale, life: Life) -> None:
    sale.declined = True
    keep_open(sale, life)


def want_more_than_there_is(sku: str, units: int) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        sale.more_than_there_is = True
        article = next(article for article in list_articles() if article.sku == sku)
        sale.items = [Item(article, Decimal(units), article.price)]
        keep_open(sale, life)

    return twist


def misstate(cents: str) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        sale.misstated = Decimal(cents)
        keep_open(sale, life)

    return twist


def lose(*names: str) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        sale.lost_fields = names
        keep_open(sale, life)

    return twist


def stop(
    reason: str, detail: str, by: str, *, after: timedelta = 20 * MINUTE, lifted_after: timedelta | None = None
) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        keep_open(sale, life)
        lifted_at = sale.at + lifted_after if lifted_after else None
        life.stops.append(Stop(sale.at + after, reason, detail, by, lifted_at))

    return twist


def cancel(reason: str, by: str, *, after: timedelta, refunded: bool = False) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        keep_open(sale, life)
        life.cancelled = Ending(sale.at + after, reason, by)
        if refunded:
            life.given_back = [GivenBack(sale.at + after + HOUR, True, reason)]

    return twist


def send_first_parcel(sale: Sale, life: Life) -> None:
    """The second line is still to come."""
    if len(sale.items) == 1:
        other = next(article for article in list_articles() if article.sku == "NAP-RST")
        sale.items.append(Item(other, Decimal(1), other.price))
    keep_open(sale, life)
    life.first_parcel_at = sale.at + 30 * HOUR


def send_and_give_back(*, whole: bool) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        keep_open(sale, life)
        life.leaves_at = sale.at + 20 * HOUR
        life.given_back = [GivenBack(sale.at + 70 * HOUR, whole, "Arrived damaged")]

    return twist


def tag(name: str) -> Twist:
    def twist(sale: Sale, life: Life) -> None:
        sale.tags.append(name)
        keep_open(sale, life)

    return twist


def rehearse(sale: Sale, life: Life) -> None:
    sale.test = True
    sale.tags = ["test"]
    keep_open(sale, life)


def wish(
    wanted: Wanted,
    *,
    after: timedelta,
    basket: Sequence[tuple[str, int]] = (),
    actor: str = "CUSTOMER",
    by: str = "customer",
    decided: tuple[Literal["approve", "decline"], timedelta, str] | None = None,
    paid_after: timedelta | None = None,
) -> Twist:
    """Somebody wants to change it. Moments count from the purchase; `decided`: how, when, and the note."""

    def twist(sale: Sale, life: Life) -> None:
        articles = {article.sku: article for article in list_articles()}
        sale.items = [Item(articles[sku], Decimal(units), articles[sku].price) for sku, units in basket] or sale.items
        sale.voucher, sale.promotion, sale.note = Decimal(0), False, ""
        keep_open(sale, life)
        decision, decided_after, note = decided or (None, None, "")
        asked = Wish(
            at=sale.at + after,
            wanted=wanted,
            actor=actor,
            by=by,
            decision=decision,
            decided_at=sale.at + decided_after if decided_after else None,
            note=note,
            paid_at=sale.at + paid_after if paid_after else None,
        )
        life.wishes.append(asked)

    return twist


_FRAUD = "Three cards were tried before one was accepted."

_TWO_TEES = [("TEE-M-BLK", 2)]
_TOO_LATE = "The parcel is packed for this country already; please refuse it there, and we send it again."

SCENES: Sequence[Scene] = (
    Scene("shopify-eu", 3 * MINUTE, keep_open),
    Scene("shopify-eu", 11 * MINUTE, keep_open),
    Scene("shopify-eu", 26 * MINUTE, keep_open),
    Scene("shopify-eu", 38 * MINUTE, keep_open),
    Scene("web", 7 * MINUTE, keep_open),
    Scene("web", 15 * MINUTE, leave_unpaid),
    Scene("web", 29 * MINUTE, keep_open),
    Scene("web", 52 * MINUTE, keep_open),
    Scene("woo-uk", 4 * MINUTE, keep_open),
    Scene("woo-uk", 19 * MINUTE, misstate("0.01")),
    Scene("bigcommerce-us", 12 * MINUTE, keep_open),
    Scene("web", 50 * MINUTE, tag("business")),
    Scene("shopify-eu", 100 * MINUTE, tag("business")),
    Scene("web", 33 * MINUTE, tag("made-to-order")),
    Scene("web", 5 * HOUR, leave_unpaid),
    Scene("web", 26 * HOUR, leave_unpaid),
    Scene("web", 61 * HOUR, leave_unpaid),
    Scene("web", 9 * HOUR, pay_half),
    Scene("shopify-eu", 2 * HOUR, decline_card),
    Scene("shopify-eu", 6 * HOUR, want_more_than_there_is("JMP-L-OAT", 5)),
    Scene("amazon-de", 15 * HOUR, want_more_than_there_is("CND-L-FIG", 4)),
    Scene("woo-uk", 20 * HOUR, want_more_than_there_is("DUV-200X200-SGE", 2)),
    Scene("shopify-eu", 4 * HOUR, misstate("-0.02")),
    Scene("amazon-de", 11 * HOUR, misstate("-5.00")),
    Scene("bigcommerce-us", 30 * HOUR, misstate("1.35")),
    Scene("shopify-eu", 8 * HOUR, lose("line1")),
    Scene("woo-uk", 13 * HOUR, lose("city", "postal_code")),
    Scene("shopify-eu", 5 * HOUR, stop("FRAUD_REVIEW", _FRAUD, "system", after=MINUTE)),
    Scene("bigcommerce-us", 17 * HOUR, stop("FRAUD_REVIEW", _FRAUD, "system", after=MINUTE)),
    Scene("shopify-eu", 21 * HOUR, stop("FRAUD_REVIEW", _FRAUD, "system", after=MINUTE, lifted_after=3 * HOUR)),
    Scene("web", 10 * HOUR, stop("STAFF", "Wants it in one parcel with the next order.", "staff:jonas")),
    Scene("woo-uk", 28 * HOUR, stop("STAFF", "Asked which blue she meant; waits for her answer.", "staff:jonas")),
    Scene(
        "shopify-eu", 22 * HOUR, stop("STAFF", "Stopped at the bench: one seam is open.", "staff:wei", after=9 * HOUR)
    ),
    Scene("web", 85 * MINUTE, cancel("Changed my mind", "", after=25 * MINUTE, refunded=True)),
    Scene("web", 12 * HOUR, cancel("The last one turned out to be damaged", "staff:marta", after=9 * HOUR)),
    Scene("bigcommerce-us", 18 * HOUR, cancel("Card reported stolen", "staff:marta", after=2 * HOUR)),
    Scene("shopify-eu", 53 * HOUR, send_first_parcel),
    Scene("web", 72 * HOUR, send_first_parcel),
    Scene("woo-uk", 44 * HOUR, send_first_parcel),
    Scene("shopify-eu", 90 * HOUR, send_and_give_back(whole=True)),
    Scene("web", 92 * HOUR, send_and_give_back(whole=False)),
    Scene("shopify-eu", 71 * HOUR, rehearse),
    Scene("web", 40 * MINUTE, rehearse),
    Scene("shopify-eu", 24 * MINUTE, wish(swap_first("TEE-L-BLK"), after=6 * MINUTE, basket=_TWO_TEES)),
    Scene("shopify-eu", 17 * MINUTE, wish(add_item("NAP-RST"), after=4 * MINUTE, basket=[("TEE-M-BLK", 1)])),
    Scene("shopify-eu", 34 * MINUTE, wish(move_abroad, after=9 * MINUTE, basket=_TWO_TEES)),
    Scene("shopify-eu", 28 * MINUTE, wish(take_one_away, after=11 * MINUTE, basket=[("TEE-L-BLK", 3)])),
    Scene(
        "shopify-eu",
        20 * MINUTE,
        wish(cancel_all, after=3 * MINUTE, basket=_TWO_TEES, actor="BOT", by="key:storefront"),
    ),
    Scene(
        "woo-uk",
        75 * MINUTE,
        wish(change_contact("new.address@mail.example"), after=MINUTE, actor="STAFF", by="staff:jonas"),
    ),
    Scene(
        "shopify-eu",
        3 * HOUR,
        wish(move_abroad, after=20 * MINUTE, basket=_TWO_TEES, decided=("approve", HOUR, "With pleasure.")),
    ),
    Scene(
        "shopify-eu",
        7 * HOUR,
        wish(move_abroad, after=15 * MINUTE, basket=_TWO_TEES, decided=("decline", 95 * MINUTE, _TOO_LATE)),
    ),
    Scene("shopify-eu", 4 * HOUR, wish(add_item("NAP-RST"), after=12 * MINUTE, basket=[("TEE-L-BLK", 1)])),
    Scene(
        "shopify-eu", 2 * HOUR, wish(add_item("NAP-RST"), after=8 * MINUTE, basket=_TWO_TEES, paid_after=15 * MINUTE)
    ),
)


def scene_moments(now: datetime) -> list[tuple[datetime, Scene]]:
    return [(now - scene.ago, scene) for scene in SCENES]
