"""Judging how likely a return is not what it says it is, and counting what everybody else sends back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from oms.sql import fetch_one
from orders.models import Order
from returns.models import AbuseScore, Return
from returns.policies.abuse import Effect, Score, Thresholds, find_effects, judge_abuse
from returns.queries.abuse_facts import Asked, Known, read_abuse_facts

_TOLD = ("points", "signals", "effects", "address_mark", "payment_marks", "judged_at")
SETTLES_AFTER = timedelta(days=30)
"""What was bought later may still come back: it would make everybody look better than they are."""


def judge_return_abuse(return_: Return, at: datetime, *, fee_allowed: bool = False) -> AbuseScore:
    """`judge_returns` for one. `fee_allowed`: the terms ask a fee that the law leaves to them."""
    (score,) = judge_returns([return_], at, fee_allowed=fee_allowed)
    return score


def judge_returns(returns: Sequence[Return], at: datetime, *, fee_allowed: bool = False) -> list[AbuseScore]:
    """Score each anew, in three statements; what a person overturned stays so. The returns must be locked, or new."""
    asked = [Asked(each.order_id, at, each.id) for each in returns]
    pairs = zip(returns, read_abuse_facts(asked), strict=True)
    scores = [_score(each, known, fee_allowed, at) for each, known in pairs]
    if scores:
        AbuseScore.objects.bulk_create(scores, update_conflicts=True, unique_fields=["of"], update_fields=list(_TOLD))
    return scores


def score_request(
    new: Return, *, person: Sequence[Any], photos: Sequence[UUID], fee_allowed: bool, at: datetime
) -> AbuseScore:
    """The score of a return that is about to be written, in one statement; whoever writes it writes both."""
    (known,) = read_abuse_facts([Asked(new.order_id, at, photos=tuple(photos), person=person)])
    return _score(new, known, fee_allowed, at)


def foresee_abuse(order: Order, *, fee_allowed: bool = False, at: datetime) -> tuple[Score, tuple[Effect, ...]]:
    """What the score of a return would be if it were asked for now, and what it would lead to. Writes nothing."""
    (known,) = read_abuse_facts([Asked(order.id, at)])
    score = judge_abuse(known.facts)
    return score, find_effects(score.points, _thresholds(), fee_allowed=fee_allowed)


def count_peers(*, at: datetime) -> int:
    """Count anew what customers of each tier send back of each category; how many rows there are now."""
    (counted,) = fetch_one(_COUNT, {"at": at, "until": at - SETTLES_AFTER})
    return int(counted)


def _score(return_: Return, known: Known, fee_allowed: bool, at: datetime) -> AbuseScore:
    score = judge_abuse(known.facts)
    statutory = return_.kind == Return.Kind.WITHDRAWAL
    effects = find_effects(score.points, _thresholds(), fee_allowed=fee_allowed, statutory=statutory)
    return AbuseScore(
        of=return_,
        points=score.points,
        signals=[
            {
                "signal": said.signal,
                "weight": said.weight,
                "points": said.points,
                "evidence": said.evidence,
                "sentence": said.sentence,
            }
            for said in score.signals
        ],
        effects=[effect.value for effect in effects],
        address_mark=known.address_mark,
        payment_marks=list(known.payment_marks),
        judged_at=at,
        recorded_at=at,
    )


def _thresholds() -> Thresholds:
    return Thresholds(
        no_advance=settings.ABUSE_NO_ADVANCE_POINTS, review=settings.ABUSE_REVIEW_POINTS, fee=settings.ABUSE_FEE_POINTS
    )


_COUNT = """
WITH told AS (
    SELECT p.category_id, coalesce(c.tier, '') AS tier, sum(l.fulfilled_quantity) AS bought,
           sum(l.returned_quantity) AS returned
    FROM orders_order o
    JOIN orders_orderline l ON l.order_id = o.id AND l.kind = 'PRODUCT' AND l.fulfilled_quantity > 0
    JOIN inventory_variant v ON v.id = l.variant_id
    JOIN inventory_product p ON p.id = v.product_id
    LEFT JOIN orders_customer c ON c.id = o.customer_id
    WHERE o.placed_at > %(at)s::timestamptz - interval '1 year' AND o.placed_at <= %(until)s::timestamptz AND NOT o.test
    GROUP BY 1, 2
), written AS (
    INSERT INTO returns_peershare (category_id, tier, bought, returned, counted_at)
    SELECT category_id, tier, bought, returned, %(at)s::timestamptz FROM told
    ON CONFLICT (category_id, tier) DO UPDATE
    SET bought = excluded.bought, returned = excluded.returned, counted_at = excluded.counted_at
    RETURNING 1
), gone AS (
    DELETE FROM returns_peershare s WHERE NOT EXISTS (
        SELECT 1 FROM told t WHERE t.category_id IS NOT DISTINCT FROM s.category_id AND t.tier = s.tier)
)
SELECT count(*) FROM written
"""
