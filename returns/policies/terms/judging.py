"""May this still come back? The merchant's terms, and beneath them the law, whatever the terms say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal

from returns.policies.terms.rows import Terms
from returns.policies.terms.statutes import Statute
from returns.policies.terms.windows import close_of, end_of_days, presume_delivery

Code = Literal[
    "in_window", "by_law", "sealed_only", "before_delivery",
    "window_closed", "final_sale", "no_returns", "not_delivered", "not_sent", "none_left", "no_goods",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may come back. `ends_at` is the first moment at which it is too late, `ended_on` the day that was
    the last. `by_law`: the law's own period runs, so that its rights hold.

    Facts: days, last_day, reason (of a final sale), statute, citation, from_day.
    """

    eligible: bool
    code: Code
    facts: Mapping[str, Any] = field(default_factory=dict)
    ends_at: datetime | None = None
    ended_on: date | None = None
    by_law: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """When units of a line left and came: the last of them. `delivered_at` is empty until all of its parcels came;
    `some_came`: one of them did. The same of the whole order, which is `whole` when nothing of it is still to be sent.
    """

    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    some_came: bool = False
    order_shipped_at: datetime | None = None
    order_delivered_at: datetime | None = None
    whole: bool = True


def judge_item(
    terms: Terms,
    *,
    delivery: Delivery,
    at: datetime,
    zone: tzinfo,
    country: str = "",
    statute: Statute | None = None,
) -> Verdict:
    """Where neither the merchant nor the law takes it back, the reason is the merchant's."""
    if delivery.shipped_at is None and delivery.delivered_at is None:
        return Verdict(False, "not_sent")
    came_at = presume_delivery(terms, delivered_at=delivery.delivered_at, shipped_at=delivery.shipped_at)
    own_end = close_of(
        terms, delivered_at=delivery.delivered_at, shipped_at=delivery.shipped_at, zone=zone, country=country
    )
    law = None if statute is None or statute.exempts(terms) else statute
    law_end = _end_of_law(law, terms, delivery, zone=zone, country=country) if law else None
    by_law = law is not None and (law_end is None or at < law_end)

    if came_at is not None and at < came_at and not (delivery.delivered_at or delivery.some_came):
        return _judge_on_the_way(terms, came_at, zone=zone, law=law)
    if own_end is not None and at < own_end:
        ends_at = max(own_end, law_end or own_end)
        return Verdict(True, "in_window", _facts(terms.days, ends_at, law if by_law else None), ends_at, by_law=by_law)
    if by_law and law is not None:
        code: Code = "sealed_only" if law.asks_for_seal(terms) else "by_law"
        return Verdict(True, code, _facts(law.days, law_end, law), law_end, by_law=True)
    return _judge_too_late(terms, max(filter(None, (own_end, law_end)), default=None))


def _judge_on_the_way(terms: Terms, came_at: datetime, *, zone: tzinfo, law: Statute | None) -> Verdict:
    """Who has a right to withdraw need not wait for the parcel."""
    if law is not None:
        return Verdict(True, "before_delivery", _facts(max(law.days, terms.days), None, law), by_law=True)
    if not terms.takes_back:
        return _judge_too_late(terms, None)
    return Verdict(False, "not_delivered", {"days": terms.days, "from_day": came_at.astimezone(zone).date()})


def _judge_too_late(terms: Terms, ended_at: datetime | None) -> Verdict:
    if terms.final_sale is not None:
        return Verdict(False, "final_sale", {"reason": terms.final_sale.value})
    if ended_at is None:
        return Verdict(False, "no_returns")
    last_day = _last_day(ended_at)
    facts = {"days": terms.days, "last_day": last_day}
    return Verdict(False, "window_closed", facts, ended_at, last_day)


def _end_of_law(law: Statute, terms: Terms, delivery: Delivery, *, zone: tzinfo, country: str) -> datetime | None:
    """None: it has not begun to end, for something is still to come."""
    if law.from_last_good and not delivery.whole:
        return None
    came, left = delivery.delivered_at, delivery.shipped_at
    if law.from_last_good and delivery.order_shipped_at is not None:
        came, left = delivery.order_delivered_at, delivery.order_shipped_at
    begins = presume_delivery(terms, delivered_at=came, shipped_at=left)
    return None if begins is None else end_of_days(begins, law.days, zone=zone, country=country)


def _facts(days: int, ends_at: datetime | None, law: Statute | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"days": days}
    if ends_at is not None:
        facts["last_day"] = _last_day(ends_at)
    if law is not None:
        facts |= {"statute": law.code, "citation": law.cite("days")}
    return facts


def _last_day(ends_at: datetime) -> date:
    """The day whose end it is."""
    return (ends_at - timedelta(microseconds=1)).date()
