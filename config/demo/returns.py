"""Returns at every stage of their life: asked for, sent, scanned, received, judged, settled, refused and given up."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle

from config.demo.dice import roll
from config.demo.living import Act
from inventory.models import Category, Warehouse
from oms.errors import Refused
from orders.actions.money.reimbursing import settle_by_hand
from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Label, Order, OrderLine, Repayment
from returns.actions.canceling import cancel_return
from returns.actions.costing import note_costs
from returns.actions.deciding import approve_return, refuse_return
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.labelling_back import attach_label
from returns.actions.locking import lock_return
from returns.actions.receiving import receive_return
from returns.actions.requesting import request_return
from returns.actions.scanning import Scan, record_scan
from returns.actions.sending_back import prepare_parcel
from returns.actions.terms.arranging import save_terms
from returns.choices import Method, Resolution
from returns.models import Return, ReturnNode, ReturnTerms
from returns.policies.receiving import Arrived
from returns.policies.wishes import ItemWish, ReturnWish

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BY, AT_THE_DOOR, SUPPORT, CUSTOMER = "staff:marta", "staff:wei", "staff:jonas", "customer"

ASKED_AFTER = 3 * DAY
LATELY, EARLIER = (24 * DAY, 7 * DAY), (60 * DAY, 24 * DAY)
"""Orders that were sent so long ago: goods of the later ones come back now, those of the earlier ones have come."""
MOST, MOST_EARLIER = 60, 50

NODES = (
    ("LEJ", ReturnNode.Kind.WAREHOUSE, (), "1.80", "EUR", 70),
    ("RNO", ReturnNode.Kind.PARTNER, ("US", "CA"), "2.40", "USD", 55),
    ("SZX", ReturnNode.Kind.WAREHOUSE, ("CN", "HK"), "6.00", "CNY", 60),
)
"""Warehouse, kind, from where it takes, what an item costs to handle there, and what grade B brings."""

REASONS = ("too-small", "too-large", "colour", "style", "changed-mind", "too-small", "to-choose", "too-late")

Stage = Callable[[Return, datetime, datetime], None]
"""Takes a return that was asked for, when, and what is now."""


def keep_return_nodes() -> None:
    """Places that take returns."""
    warehouses = {place.code: place for place in Warehouse.objects.all()}
    ReturnNode.objects.bulk_create(
        [
            ReturnNode(
                warehouse=warehouses[code],
                kind=kind,
                countries=list(countries),
                handling_cost=Decimal(cost),
                currency=currency,
                resale_percent=resale,
            )
            for code, kind, countries, cost, currency, resale in NODES
            if code in warehouses
        ]
    )


def arrange_return_terms(*, at: datetime) -> None:
    """What the shop promises: a month for everything, and no free label for what is heavy to send."""
    usual = [Method.PREPAID_LABEL, Method.QR_DROP_OFF, Method.OWN_CARRIER]
    home = Category.objects.get(code="home")
    rows = (
        ReturnTerms(name="Everything, 30 days", days=30, methods=usual, conditions=["UNWORN", "TAGS_ATTACHED"]),
        ReturnTerms(
            name="For the home in Germany, 30 days, label 3.90",
            category=home,
            country="DE",
            days=30,
            methods=usual,
            label_fee=Decimal("3.90"),
            fee_currency="EUR",
            bears=ReturnTerms.Bears.DEDUCTED,
        ),
    )
    for row in rows:
        save_terms(terms=row, by=BY, at=at)


def list_return_acts(*, now: datetime) -> Iterator[Act]:
    """All at the end, when parcels have arrived; none of it later than now."""
    yield Act(now, partial(_come_back, now=now))


def _come_back(at: datetime, *, now: datetime) -> None:
    earlier = _list_candidates(now, EARLIER)[:MOST_EARLIER]
    plan = [*zip(earlier, cycle(FINISHED), strict=False)]
    plan += zip(_list_candidates(now, LATELY)[:MOST], cycle(STAGES), strict=False)
    for place, (order, stage) in enumerate(plan):
        assert order.closed_at is not None, "it is found by it"
        asked_at = order.closed_at.replace(microsecond=0) + ASKED_AFTER + HOUR * (place % 9)
        if found := _ask(order, place, claim=stage in CLAIMED, at=asked_at):
            stage(found, asked_at, now)
            if place < len(earlier):
                _send_money_back(order, at=min(asked_at + 5 * DAY, now))
            note_costs([found.number], at=now)


def _send_money_back(order: Order, *, at: datetime) -> None:
    """What no gateway of the demo can do was done at the bank."""
    for repayment in order.repayments.filter(state=Repayment.State.BY_HAND).order_by("id"):
        settle_by_hand(repayment_id=repayment.pk, reference=f"TR-{order.number}-{repayment.pk}", by=BY, at=at)


def _list_candidates(now: datetime, ago: tuple[timedelta, timedelta]) -> Sequence[Order]:
    """Orders that were sent, paid and not given back, in an order that chance does not change."""
    rows = Order.objects.filter(
        closed_at__range=(now - ago[0], now - ago[1]),
        fulfillment_status=Order.FulfillmentStatus.FULFILLED,
        paid__gt=0,
        credited=0,
        test=False,
    )
    return sorted(rows, key=lambda order: roll("return", order.number).random())


def _ask(order: Order, place: int, *, claim: bool, at: datetime) -> Return | None:
    """None: nothing of it may come back."""
    line = order.lines.filter(kind=OrderLine.Kind.PRODUCT, fulfilled_quantity__gt=0).order_by("position").first()
    if line is None:
        return None
    wished = (Resolution.REFUND, Resolution.STORE_CREDIT)[place % 5 in (1, 3)]
    item = ItemWish(
        line=line.pk,
        quantity=Decimal(1),
        reason="not-as-described" if claim else REASONS[place % len(REASONS)],
        resolution=wished,
        comment="The fabric is thinner than on the pictures." if claim else "",
    )
    wish = ReturnWish(items=(item,), method="", kind="CLAIM" if claim else "RETURN")
    try:
        return request_return(number=order.number, wish=wish, by=CUSTOMER, at=at)
    except Refused:
        return None


def wait(found: Return, asked_at: datetime, now: datetime) -> None:
    """Somebody has to decide on it."""


def refuse(found: Return, asked_at: datetime, now: datetime) -> None:
    why = "The pictures show what you received; the care label names the weight of the fabric."
    refuse_return(number=found.number, explanation=why, by=SUPPORT, at=asked_at + 5 * HOUR)


def approve(found: Return, asked_at: datetime, now: datetime) -> None:
    approve_return(number=found.number, by=SUPPORT, at=asked_at + 3 * HOUR)
    label(found, asked_at + 3 * HOUR, now)


def give_up(found: Return, asked_at: datetime, now: datetime) -> None:
    cancel_return(number=found.number, by=CUSTOMER, at=asked_at + 2 * HOUR, reason="It fits after all.")


def label(found: Return, asked_at: datetime, now: datetime) -> None:
    """It can be sent; nothing has moved."""
    prepare_parcel(lock_return(found.number), by="system", at=asked_at)
    buy_due_labels(at=asked_at + HOUR)
    bought = Label.objects.filter(rma=found.number, state=Label.State.BOUGHT).first()
    if bought is not None:
        attach_label(number=found.number, label_id=bought.pk, by="carrier:house", at=asked_at + HOUR)


def send(found: Return, asked_at: datetime, now: datetime) -> None:
    label(found, asked_at, now)
    _scan(found, "IN_TRANSIT", "Sorted", at=min(asked_at + 30 * HOUR, now))


def arrive(found: Return, asked_at: datetime, now: datetime) -> None:
    """It lies at the door and waits to be looked at."""
    send(found, asked_at, now)
    at = min(asked_at + 3 * DAY, now)
    _scan(found, "DELIVERED", "Handed in", at=at)
    items = found.items.select_related("line")
    arrivals = [Arrived(item.pk, item.line.sku if item.line else "", item.quantity) for item in items]
    receive_return(number=found.number, arrivals=arrivals, by=AT_THE_DOOR, at=at)


def judge(found: Return, asked_at: datetime, now: datetime, *, grade: str = "A", accepted: bool = True) -> None:
    """It was looked at, and given for."""
    arrive(found, asked_at, now)
    acceptance = "ACCEPTED" if accepted else "NEEDS_PERSON"
    said = "" if accepted else "Washed, and a seam is open."
    findings = [
        Finding(item.pk, item.quantity, acceptance, grade=grade, finding=said) for item in found.items.order_by("id")
    ]
    inspect_return(number=found.number, findings=findings, by=AT_THE_DOOR, at=min(asked_at + 3 * DAY + 5 * HOUR, now))


judge_worn = partial(judge, grade="B")
judge_broken = partial(judge, grade="D")
wonder = partial(judge, grade="C", accepted=False)

STAGES: Sequence[Stage] = (
    *(judge, send, wait, judge_worn, label, arrive, judge, refuse, wonder, judge),
    *(give_up, send, judge_broken, arrive, approve),
)
FINISHED: Sequence[Stage] = (judge, judge, judge_worn, judge, give_up, judge, judge_broken, refuse)
CLAIMED = (wait, refuse, approve)
"""Only of what staff decide on."""


def _scan(found: Return, status: str, description: str, *, at: datetime) -> None:
    bought = Label.objects.filter(rma=found.number, state=Label.State.BOUGHT).first()
    if bought is None:
        return
    report = Report(shipment=bought.tracking_number, status=status, at=at, description=description)
    record_tracking([report], by="carrier:house", at=at)
    scan = Scan(id=report.name, status=status, at=at, description=description)
    record_scan(number=found.number, label=bought.pk, scans=[scan], by="carrier:house", at=at)
