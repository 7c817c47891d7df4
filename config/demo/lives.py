"""What becomes of a purchase: when it leaves, whether it is cancelled, what is given back. Foreseen in full."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo.dice import roll
from config.demo.sales import Sale
from config.demo.wishes import Wish

FIRST_HOUR, LAST_HOUR = 7, 18
"""When warehouses hand over parcels, Monday to Friday."""
WAREHOUSE_ZONES = {
    "LEJ": ZoneInfo("Europe/Berlin"),
    "RNO": ZoneInfo("America/Los_Angeles"),
    "SZX": ZoneInfo("Asia/Shanghai"),
}
HOMES = {"US": "RNO", "CA": "RNO", "JP": "SZX", "CN": "SZX"}

RETURN_REASONS = ("Too large", "Too small", "Colour differs from the picture", "Changed my mind", "Arrived damaged")
REGRETS = ("Ordered twice", "Wrong size", "Found it cheaper", "Delivery takes too long", "Wrong address")
UNPAID_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Ending:
    """A cancellation. `by` is empty when the buyer did it where they bought."""

    at: datetime
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Money that goes back: for the last line, or for everything."""

    at: datetime
    whole: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A hold by a person or by the fraud check, and when it was lifted."""

    at: datetime
    reason: str
    detail: str
    by: str
    lifted_at: datetime | None = None


@dataclass(slots=True)
class Life:
    """None: it does not happen. What lies in the future has not happened yet."""

    leaves_at: datetime | None = None
    first_parcel_at: datetime | None = None
    paid_at: datetime | None = None
    cancelled: Ending | None = None
    given_back: list[GivenBack] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)

    @property
    def settled_at(self) -> datetime | None:
        """When the goods' part of the story ended."""
        return self.cancelled.at if self.cancelled else self.leaves_at


def home_of(sale: Sale) -> str:
    """The warehouse that sends to where the buyer lives."""
    return HOMES.get(sale.country.code, "LEJ")


def foresee(sale: Sale) -> Life:
    """An ordinary life. Nine of ten orders are paid at once, leave within two days and stay where they arrive."""
    dice = roll("life", sale.number)
    life = Life()
    ready = sale.at
    if sale.awaits_money:
        if dice.random() < 0.12:
            life.cancelled = Ending(sale.at + UNPAID_AFTER, "Not paid within five days", "system")
            return life
        life.paid_at = ready = sale.at + timedelta(hours=dice.uniform(7, 52))
    elif dice.random() < 0.032:
        life.cancelled = _change_of_mind(sale, dice)
        if not sale.only_authorized:
            life.given_back = [GivenBack(life.cancelled.at + timedelta(hours=2), True, life.cancelled.reason)]
        return life

    life.leaves_at = next_departure(ready + timedelta(hours=dice.triangular(3, 34, 12)), home_of(sale), dice)
    if len(sale.items) > 1 and dice.random() < 0.04:
        life.first_parcel_at = life.leaves_at
        life.leaves_at = next_departure(life.leaves_at + timedelta(days=dice.uniform(1, 3)), home_of(sale), dice)
    life.given_back = _returns(sale, life.leaves_at, dice)
    return life


def next_departure(ready: datetime, warehouse: str, dice: Random) -> datetime:
    """The same moment inside working hours, else some time on the next working day."""
    local = ready.astimezone(WAREHOUSE_ZONES[warehouse])
    if local.weekday() < 5 and FIRST_HOUR <= local.hour < LAST_HOUR:
        return ready
    day = local.date() if local.hour < FIRST_HOUR else local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    opens = datetime.combine(day, time(FIRST_HOUR), local.tzinfo)
    return (opens + timedelta(minutes=dice.randrange(60 * (LAST_HOUR - FIRST_HOUR)))).astimezone(ready.tzinfo)


def _change_of_mind(sale: Sale, dice: Random) -> Ending:
    reason = dice.choice(REGRETS)
    if sale.shop.edit_window_minutes and dice.random() < 0.6:
        minutes = dice.uniform(2, sale.shop.edit_window_minutes - 1)
        return Ending(sale.at + timedelta(minutes=minutes), reason)
    return Ending(sale.at + timedelta(hours=dice.uniform(1, 3)), reason, dice.choice(("staff:jonas", "staff:marta")))


def _returns(sale: Sale, left_at: datetime, dice: Random) -> list[GivenBack]:
    fate, at = dice.random(), left_at + timedelta(days=dice.uniform(5, 19))
    if fate < 0.03 or (fate < 0.09 and len(sale.items) == 1):
        return [GivenBack(at, True, dice.choice(RETURN_REASONS))]
    if fate < 0.09:
        return [GivenBack(at, False, dice.choice(RETURN_REASONS))]
    return []
