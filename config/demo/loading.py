"""Loading the demo: one transaction, so that it is there as a whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.conf import settings
from django.db import connection, transaction

from config.demo.carriers import keep_carriers
from config.demo.demand import measure_demand
from config.demo.desk import list_desk_acts
from config.demo.editing import list_edit_acts
from config.demo.living import Act, Stage, list_acts
from config.demo.mails import find_shown_mail, list_mail_acts, write_mails
from config.demo.offer_history import BEGAN
from config.demo.offers import arrange_offers, end_offers, list_offer_acts
from config.demo.opening import fill_catalogue, keep_buffers, open_channels, open_warehouses
from config.demo.parcels import list_parcel_acts
from config.demo.rates import keep_rates
from config.demo.returns import arrange_return_terms, keep_return_nodes, list_return_acts
from config.demo.rhythm import DAYS
from config.demo.routing import keep_routing_rules
from config.demo.shelving import list_stock_acts
from config.demo.staffing import DEMO, Credentials, hire_staff, issue_keys
from config.demo.stock_plan import plan_targets, watch_skus
from config.demo.stocking import DAY, plan_ledger
from config.demo.stories import Story, tell_stories
from config.demo.terms import keep_terms
from config.demo.troubles import close_the_past, list_trouble_acts
from config.demo.windows import arrange_windows
from inventory.models import Product, Warehouse
from oms.models import Channel
from orders.models import Order
from upsell.actions.rolling_up import roll_up_figures

ORDERS = 2_000
TURN = 0x6D666C78
"""The advisory lock of whoever is loading."""

PARTS = 8
"""So often the progress is told."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is now."""

    orders: int
    credentials: Credentials


def load_brand(
    *,
    now: datetime,
    orders: int = ORDERS,
    tell: Tell = print,
    hand_over: Callable[[Credentials], None] = lambda _: None,
) -> Loaded | None:
    """Load the brand as of `now`; None when this database is in use already.

    `hand_over` takes the credentials just before the commit: if it fails, nothing was loaded; who dies after it
    finds an empty database, and the next run issues new ones.
    """
    with transaction.atomic():
        _take_turn()
        if is_in_use():
            return None
        now = now.replace(microsecond=0)
        _set_up(now, tell)
        stories = _live(now, orders, tell)
        write_mails(now=now)
        close_the_past(now=now)
        tell("Staff, roles, keys …")
        credentials = Credentials(DEMO, hire_staff(), issue_keys(at=now), find_shown_mail())
        hand_over(credentials)
    return Loaded(len(stories), credentials)


def is_in_use() -> bool:
    """True when somebody sells here, or is about to: the demo never mixes with anything of yours."""
    return any(rows.exists() for rows in (Order.objects, Product.objects, Channel.objects, Warehouse.objects))


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _set_up(now: datetime, tell: Tell) -> None:
    tell("Channels, warehouses, catalogue …")
    opened_at = now - (DAYS + 2) * DAY
    open_channels()
    open_warehouses()
    fill_catalogue(at=opened_at)
    keep_buffers()
    keep_rates()
    keep_carriers()
    keep_routing_rules()
    arrange_windows(at=opened_at)
    keep_return_nodes()
    arrange_return_terms(at=opened_at)
    keep_terms(at=opened_at)
    arrange_offers(at=max(opened_at, now - BEGAN))


def _live(now: datetime, orders: int, tell: Tell) -> list[Story]:
    """Sixty days, in the order in which they happened."""
    stories = tell_stories(orders, now=now)
    demand = measure_demand(stories, now=now)
    watches = watch_skus(demand)
    ledger = plan_ledger(demand, plan_targets(demand, watches), watches, now=now)
    stage = Stage()
    acts = [*list_stock_acts(ledger, stories, watches, now=now), *list_acts(stage, stories, now=now)]
    acts += [*list_edit_acts(stage, stories, now=now), *list_trouble_acts(now=now), *list_desk_acts(now=now)]
    acts += [*list_mail_acts(now=now), *list_offer_acts(stage, stories, now=now)]
    acts.sort(key=attrgetter("at"))
    _play([*acts, *list_parcel_acts(now=now), *list_return_acts(now=now)], tell)
    end_offers(now=now)
    roll_up_figures(zone=settings.TIME_ZONE)
    return stories


def _play(acts: list[Act], tell: Tell) -> None:
    """The rows of one transaction keep all their versions until it ends: only an index passes them by.

    Nobody else can see how the tables grow, so they are counted here, and each statement is planned for what is there.
    """
    part = len(acts) // PARTS + 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        for place, act in enumerate(acts):
            if place % part == 0:
                cursor.execute("ANALYZE")
                tell(f"{act.at:%d %B}: {place} of {len(acts)} things done …")
            act.deed(act.at)
