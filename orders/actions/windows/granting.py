"""What holds a new order: its edit window, and whatever else speaks against sending it.

The window is a hold; where there is none it is a hold that is closed already. So the rule that
decided, its edition and its sentence stand on every order that was bought just now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.actions.promising import Claim
from inventory.policies.velocity import Velocity, decay
from orders.channels.incoming import IncomingOrder
from orders.models import Hold
from orders.policies.first_holds import NewHold, NewOrder
from orders.policies.windows.cut_offs import CutOff, next_cut_off
from orders.policies.windows.editions import Edition
from orders.policies.windows.rules import LineFacts, OrderFacts, WindowVerdict, judge_window
from orders.queries.references import ChannelFacts, References, VariantFacts
from orders.queries.windows.facts import climb, read_category_tree, read_cut_offs, shop_zone
from orders.queries.windows.rules import edition_numbered

Row = dict[str, Any]

STORY_ENDS_AFTER = timedelta(days=1)
"""An order that arrives later than this after its purchase is history: nobody asks why it had no window."""


@dataclass(slots=True)
class Grants:
    """What decides over the windows of one batch. `left`: units available by variant id, as the batch takes them."""

    edition: Edition
    tree: Mapping[int, tuple[str, int | None]]
    cut_offs: Sequence[CutOff]
    skus: Mapping[int, str]
    left: dict[int, Decimal]


def prepare_grants(references: References) -> Grants:
    """Shelves and cut-offs are read only where some rule asks for them."""
    edition = edition_numbered(references.edition)
    return Grants(
        edition=edition,
        tree=read_category_tree() if edition.asks_for_categories else {},
        cut_offs=read_cut_offs() if edition.asks_for_cut_offs else (),
        skus={variant.id: sku for sku, variant in references.variants.items()},
        left={variant.id: variant.available for variant in references.variants.values()},
    )


def grant_window(
    order: IncomingOrder,
    claims: Sequence[Claim],
    references: References,
    grants: Grants,
    *,
    total: Decimal,
    at: datetime,
) -> WindowVerdict:
    """The order's window, judged by what is left once it has its units, and those before it in the batch theirs."""
    for claim in claims:
        grants.left[claim.variant_id] -= claim.quantity
    variants = {claim.variant_id: references.variants[grants.skus[claim.variant_id]] for claim in claims}
    shelves = {code for each in variants.values() for code in climb(each.category_id, grants.tree)}
    channel: ChannelFacts = references.channels[order.channel]
    facts = OrderFacts(
        channel=channel.code,
        channel_minutes=channel.edit_window_minutes,
        placed_at=order.placed_at,
        zone=shop_zone(),
        country=order.shipping_address.country if order.shipping_address else "",
        shipping_method=order.shipping.method,
        tags=order.tags,
        categories=frozenset(shelves),
        # What cannot be promised waits for stock: it does not go out at once, and takes no unit from anybody.
        lines=[_line(grants, variant, at=at) for variant in variants.values() if grants.left[variant.id] >= 0],
        value=total,
        currency=order.currency,
        customer_tier=references.customers.get(order.email, (0, ""))[1],
        waits_for_stock=any(grants.left[claim.variant_id] < 0 for claim in claims),
        next_cut_off=next_cut_off(grants.cut_offs, after=order.placed_at) if grants.cut_offs else None,
    )
    return judge_window(grants.edition, facts, at=at)


def window_row(verdict: WindowVerdict, order_id: int, *, placed_at: datetime, by: str, at: datetime) -> Row | None:
    """The window as a hold; none for an order that came so late that there is nothing to tell."""
    open_ = verdict.until is not None
    if not open_ and (verdict.facts.get("why") == "over" or at - placed_at > STORY_ENDS_AFTER):
        return None
    return {
        "order_id": order_id,
        "reason": Hold.Reason.EDIT_WINDOW,
        "detail": verdict.sentence,
        "rule": verdict.rule,
        "rule_set": verdict.edition,
        "facts": verdict.facts,
        "staff_only": verdict.staff_only,
        "above": verdict.above,
        "until": verdict.until,
        "opened_at": at,
        "opened_by": by,
        "closed_at": None if open_ else at,
        "closed_by": "" if open_ else "system",
        "closed_because": {} if open_ else _why_none(verdict),
    }


def _why_none(verdict: WindowVerdict) -> Row:
    facts = verdict.facts
    if facts.get("why") in ("low_stock", "thin_stock"):
        return {"code": "low_stock", "skus": [facts["sku"]]}
    return {"code": "no_window"}


def _line(grants: Grants, variant: VariantFacts, *, at: datetime) -> LineFacts:
    level = variant.threshold.level(velocity=variant.velocity)
    return LineFacts(
        sku=grants.skus[variant.id],
        available=grants.left[variant.id],
        velocity=decay(Velocity(variant.velocity, variant.velocity_at), at=at),
        level=Decimal(str(level)),
        low=variant.low,
    )


def describe_new_order(order: IncomingOrder, total: Decimal, financial_status: str) -> NewOrder:
    """The order as the judgement of its other holds sees it."""
    address = order.shipping_address
    return NewOrder(
        financial_status=financial_status,
        total=total,
        stated_total=order.total,
        currency=order.currency,
        needs_address=order.needs_address,
        address_gaps=address.gaps if address else ["everything"],
        test=order.test,
    )


def hold_row(hold: NewHold, order_id: int, *, by: str, at: datetime) -> Row:
    """With the same columns as an edit window: all holds of a batch are written by one statement."""
    return {
        "order_id": order_id,
        "reason": hold.reason,
        "detail": hold.detail,
        "rule": "",
        "rule_set": None,
        "facts": {},
        "staff_only": False,
        "above": None,
        "until": None,
        "opened_at": at,
        "opened_by": by,
        "closed_at": None,
        "closed_by": "",
        "closed_because": {},
    }
