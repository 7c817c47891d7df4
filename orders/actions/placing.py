"""Placing orders: a whole batch in a handful of statements, each member standing alone."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.db import IntegrityError
from django.db.models import Model

from inventory.actions.promising import Claim
from inventory.actions.reserving import reserve, reserve_or_queue
from inventory.actions.watching import watch_stock
from inventory.errors import Shortage, StockShort
from oms import events
from oms.errors import Invalid, Raced, Refused
from oms.models import EventRecord
from oms.quantities import plain
from oms.writing import Row, insert_rows
from orders.actions.confirming import YOUNG
from orders.actions.drafting import Draft, FreshIds, check_against_catalogue, draft_order
from orders.actions.meeting import meet_customers
from orders.actions.windows.ending_low import end_windows_of
from orders.actions.windows.granting import prepare_grants
from orders.channels.incoming import IncomingOrder
from orders.events import OrderHeld, OrderPlaced, OrderReleased, WindowEnded
from orders.models import Address, Customer, Hold, Order, OrderLine, Payment, Refund
from orders.payments.registry import added_gateway
from orders.queries.references import KnownOrder, References, look_up_references

Along = Callable[[Sequence[Draft], References], Mapping[type[Model], Sequence[Row]]]
_along: list[Along] = []


def write_along(describe: Along) -> None:
    """Say which rows of a higher app are written with new orders: in the same statement, from what `ask_along` asked.

    Only `config/wiring.py` says so, once, when the project starts.
    """
    if describe not in _along:
        _along.append(describe)


@dataclass(slots=True)
class Placement:
    """What became of one member of the batch. `draft` holds the rows as written."""

    status: Literal["placed", "known", "refused"]
    number: str = ""
    order_id: int | None = None
    refusal: Refused | None = None
    channel_updated_at: datetime | None = None
    draft: Draft | None = field(default=None, repr=False)


def place_orders(
    incoming: Sequence[IncomingOrder], *, by: str, at: datetime, already_sold: bool = False
) -> list[Placement]:
    """Place what can be placed, in one transaction and a constant number of statements.

    The same (channel, external id) again is `known` and changes nothing. An order that cannot be taken is `refused`,
    with its reason, and leaves no row. Orders of channels that sell elsewhere (or with `already_sold`) are never
    refused for stock: they wait under a STOCK_SHORT hold.

    Raises:
        OutsideTransaction: there is no open transaction.
        StockShort: the last unit went while a batch of one was being placed; nothing was written.
        Raced: another transaction was faster; run this one again (`oms.transactions.run_transaction`).
    """
    events.require_transaction("An order")
    references = look_up_references(incoming)
    placements = _draft_all(incoming, references, by=by, at=at)
    _refuse_sold_out(placements, references, already_sold)

    drafts = [placement.draft for placement in placements if placement.draft]
    sold, buyers = _sold_and_buyers(placements, already_sold)
    # What was sold already may yet have to wait for stock; a buyer's order gets it all or is refused.
    told = [*(_placed(draft, by=by, at=at) for draft in drafts), *_withheld(drafts, by=by, at=at)]
    told += _released(buyers, by=by, at=at)
    events.follow(told, _write(drafts, told, references))
    # Sold already comes first, wherever in the batch it stands: here the buyer can be told no, there it is too late.
    low = {
        **_promise_or_hold(sold, by=by, at=at),
        **_promise(buyers, alone=len(incoming) == 1, by=by, at=at),
    }
    events.publish(_released(sold, by=by, at=at))
    _keep_windows_true(drafts, low, by=by, at=at)
    return placements


def _sold_and_buyers(placements: Sequence[Placement], already_sold: bool) -> tuple[list[Draft], list[Draft]]:
    """The drafts of what was sold elsewhere, and of those who can be refused for stock."""
    drafts = [placement.draft for placement in placements if placement.draft]
    sold = [draft for draft in drafts if already_sold or draft.channel.already_sold]
    return sold, [draft for draft in drafts if not (already_sold or draft.channel.already_sold)]


def _draft_all(incoming: Sequence[IncomingOrder], references: References, *, by: str, at: datetime) -> list[Placement]:
    ids = FreshIds(
        orders=iter(references.order_ids),
        lines=iter(references.line_ids),
        addresses=iter(references.address_ids),
        customers=iter(references.customer_ids),
    )
    grants = prepare_grants(references)
    placements = []
    for order in incoming:
        identity = (order.channel, order.external_id)
        if known := references.known.get(identity):
            placements.append(Placement("known", known.number, known.id, None, known.channel_updated_at))
            continue
        try:
            check_against_catalogue(order, references)
            draft = draft_order(order, references, ids, grants, by=by, at=at)
        except Invalid as refusal:
            placements.append(Placement("refused", refusal=refusal))
            continue
        references.known[identity] = KnownOrder(draft.order["id"], draft.number, order.updated_at)
        placements.append(Placement("placed", draft.number, draft.order["id"], draft=draft))
    return placements


def _refuse_sold_out(placements: Sequence[Placement], references: References, already_sold: bool) -> None:
    """Refuse early, without a lock, who would come too late anyway: those before them in the batch come first."""
    sold, buyers = _sold_and_buyers(placements, already_sold)
    skus = {facts.id: sku for sku, facts in references.variants.items()}
    left = _left_by_sold(sold, {facts.id: facts.available for facts in references.variants.values()})
    by_number = defaultdict(list)  # the same order again in this batch shares the fate of the first
    for placement in placements:
        by_number[placement.number].append(placement)
    for draft in buyers:
        short = [claim for claim in draft.claims if left[claim.variant_id] < claim.quantity]
        if not short:
            for claim in draft.claims:
                left[claim.variant_id] -= claim.quantity
            continue
        shortages = [Shortage(skus[c.variant_id], c.quantity, max(left[c.variant_id], Decimal(0))) for c in short]
        for placement in by_number[draft.number]:
            placement.status, placement.refusal = "refused", StockShort(shortages)
            placement.number, placement.order_id, placement.draft = "", None, None


def _left_by_sold(sold: Sequence[Draft], left: dict[int, Decimal]) -> dict[int, Decimal]:
    """What buyers can still have (units by variant id); behind an order that waits for stock, they get nothing."""
    for claim in [claim for draft in sold for claim in draft.claims]:
        fits = left[claim.variant_id] >= claim.quantity
        left[claim.variant_id] = left[claim.variant_id] - claim.quantity if fits else Decimal(0)
    return left


def _write(drafts: Sequence[Draft], told: Sequence[events.Event], references: References) -> list[int]:
    """All rows of all orders, and what is told of them, in one statement; the ids of the events.

    Raises:
        Raced: another transaction placed one of these orders, or met one of these customers, first.
    """
    tables: dict[type[Model], Sequence[Row]] = {
        Customer: _new_customers(drafts),
        Address: [row for draft in drafts for row in draft.addresses],
        Order: [draft.order for draft in drafts],
        OrderLine: [row for draft in drafts for row in draft.lines],
        Payment: [row for draft in drafts for row in draft.payments],
        Refund: [row for draft in drafts for row in draft.refunds],
        Hold: [row for draft in drafts for row in draft.holds],
        EventRecord: events.first_rows(told),
    }
    for describe in _along:
        tables |= describe(drafts, references)
    try:
        return insert_rows(tables).get(EventRecord, [])
    except IntegrityError as error:
        if _is_race(error):
            raise Raced("Another transaction placed one of these orders first.") from error
        raise


def _new_customers(drafts: Sequence[Draft]) -> list[Row]:
    """The rows still to be written: one order's with its others, those of a batch are met beforehand."""
    rows = {draft.customer["email"]: draft.customer for draft in drafts if draft.customer}
    if len(drafts) == 1:
        return list(rows.values())
    theirs = meet_customers(rows.values())
    for draft in drafts:
        if draft.customer and draft.customer["email"] in theirs:
            draft.order["customer_id"] = theirs[draft.customer["email"]]
    return []


def _is_race(error: IntegrityError) -> bool:
    """True when somebody else wrote the same order or customer between our look and our write."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return name == "order_identity" or name.startswith("orders_customer_email")


def _released(drafts: Sequence[Draft], *, by: str, at: datetime) -> list[OrderReleased]:
    """Orders that nothing holds go at once."""
    free = [draft.number for draft in drafts if draft.order["status"] == Order.Status.RELEASED]
    return [OrderReleased(subject=number, by=by, at=at) for number in free]


def _withheld(drafts: Sequence[Draft], *, by: str, at: datetime) -> list[WindowEnded]:
    """Windows that low stock ended before they began: their customers learn why, unless they bought long ago."""
    return [
        WindowEnded(subject=draft.number, by=by, at=at, facts=hold["closed_because"])
        for draft in drafts
        for hold in draft.holds
        if at - draft.order["placed_at"] <= YOUNG and hold["closed_because"].get("code") == "low_stock"
    ]


def _placed(draft: Draft, *, by: str, at: datetime) -> OrderPlaced:
    order = draft.order
    facts = {
        "channel": draft.channel.code,
        "external_id": order["external_id"],
        "total": {"amount": str(order["total"]), "currency": order["currency"]},
        "lines": len(draft.lines),
        "holds": [{"reason": hold["reason"], "until": hold["until"]} for hold in draft.open_holds],
    }
    if paid_here := [_payment(row) for row in draft.payments if added_gateway(row["gateway"])]:
        facts["payments"] = paid_here
    return OrderPlaced(subject=draft.number, by=by, at=at, facts=facts)


def _payment(row: Row) -> dict[str, str]:
    return {name: str(row[name]) for name in ("gateway", "reference", "status", "amount", "currency")}


def _promise(drafts: Sequence[Draft], *, alone: bool, by: str, at: datetime) -> Mapping[int, str]:
    """The SKUs that are low now, by variant id."""
    claims = [claim for draft in drafts for claim in draft.claims]
    try:
        return reserve(claims, by=by, at=at)
    except StockShort as short:
        if alone:
            raise
        raise Raced("Somebody else bought the last units while this batch was being placed.") from short


def _promise_or_hold(drafts: Sequence[Draft], *, by: str, at: datetime) -> Mapping[int, str]:
    """The SKUs that are low now, by variant id."""
    claims: list[Claim] = [claim for draft in drafts for claim in draft.claims]
    reserved = reserve_or_queue(claims, by=by, at=at)
    shortages = reserved.shortages
    if not shortages:
        return reserved.low
    short = [draft for draft in drafts if draft.number in shortages]
    rows = [_short_hold(draft, shortages[draft.number], by=by, at=at) for draft in short]
    insert_rows({Hold: rows})
    for draft, row in zip(short, rows, strict=True):
        draft.holds.append(row)
        draft.order |= {"status": Order.Status.HELD, "released_at": None}
    Order.objects.filter(id__in=[draft.order["id"] for draft in short], status=Order.Status.RELEASED).update(
        status=Order.Status.HELD, released_at=None
    )
    events.publish(
        [
            OrderHeld(subject=draft.number, by=by, at=at, facts={"reason": row["reason"], "detail": row["detail"]})
            for draft, row in zip(short, rows, strict=True)
        ]
    )
    return reserved.low


def _keep_windows_true(drafts: Sequence[Draft], low: Mapping[int, str], *, by: str, at: datetime) -> None:
    """The windows were judged without a lock; now the stock is known. Low stock ends them, some ask to be watched."""
    windows = [(draft, hold) for draft in drafts for hold in draft.open_holds if hold["reason"] == "EDIT_WINDOW"]
    struck = [
        draft.order["id"]
        for draft, _ in windows
        if any(claim.variant_id in low for claim in draft.claims) and not draft.waits_for_stock
    ]
    if struck:
        end_windows_of(struck, skus=sorted(low.values()), by=by, at=at)
    levels: dict[int, Decimal] = {}
    for draft, hold in windows:
        if hold["above"] is not None:
            for claim in draft.claims:
                levels[claim.variant_id] = max(levels.get(claim.variant_id, hold["above"]), hold["above"])
    watch_stock(levels, by=by, at=at)


def _short_hold(draft: Draft, shortages: Sequence[Shortage], *, by: str, at: datetime) -> dict:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for shortage in shortages:
        wanted[shortage.sku] += shortage.wanted
    named = ", ".join(f"{plain(units)} × {sku}" for sku, units in sorted(wanted.items()))
    return {
        "order_id": draft.order["id"],
        "reason": Hold.Reason.STOCK_SHORT,
        "detail": f"Waits for stock: {named}."[:255],
        "rule": "",
        "above": None,
        "until": None,
        "opened_at": at,
        "opened_by": by,
        "closed_at": None,
        "closed_by": "",
    }
