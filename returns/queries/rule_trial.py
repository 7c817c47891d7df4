"""What the last returns were asked for with, so that a rule can be tried on them: two statements for any number."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from returns.models import Return, ReturnItem, ReturnPhoto, ReturnRule
from returns.policies.amounts import NOTHING
from returns.policies.deciding import BY_LAW, Decision, RequestFacts, Rule, decide_return

RECENT = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """One of the last returns: what the rules of today say to it, and what they would with the one that is tried."""

    of: Return
    now: Decision
    then: Decision
    decides: bool
    """The tried rule would be the one that decides."""

    @property
    def changes(self) -> bool:
        return self.now.verdict != self.then.verdict


def try_rule(tried: ReturnRule) -> list[Tried]:
    """The newest first. What the law grants counts as it did then."""
    others = list(ReturnRule.objects.filter(active=True).exclude(pk=tried.pk).order_by("position", "id"))
    standing = list(ReturnRule.objects.filter(active=True).order_by("position", "id"))
    wanted = sorted([*others, *([tried] if tried.active else [])], key=lambda rule: (rule.position, rule.pk or 0))
    before, after = read_rules(standing), read_rules(wanted)
    mine = next((rule for rule, row in zip(after, wanted, strict=True) if row is tried), None)

    results = []
    for found in _read_recent():
        facts = _read_facts(found)
        then = decide_return(after, facts)
        results.append(Tried(found, decide_return(before, facts), then, then.rule is mine is not None))
    return results


def read_rules(rows: Sequence[ReturnRule]) -> list[Rule]:
    return [
        Rule(
            id=row.pk,
            name=row.name,
            verdict=row.verdict,  # type: ignore[arg-type]  # the words are the same
            explanations=row.explanations,
            conditions=row.conditions,
        )
        for row in rows
    ]


def _read_recent() -> QuerySet[Return]:
    earlier = Return.objects.filter(order__customer=OuterRef("order__customer"), id__lt=OuterRef("id"))
    counted = earlier.exclude(status=Return.Status.CANCELED).order_by().values("order__customer")
    return (
        Return.objects.select_related("order__channel", "order__customer", "abuse_score")
        .prefetch_related("items__reason")
        .annotate(
            earlier=Coalesce(Subquery(counted.annotate(count=Count("id")).values("count")), 0),
            shown=Exists(ReturnPhoto.objects.filter(of=OuterRef("id"))),
        )
        .order_by("-requested_at", "-id")[:RECENT]
    )


def _read_facts(found: Return) -> RequestFacts:
    items: list[ReturnItem] = list(found.items.all())
    reasons = [item.reason for item in items if item.reason]
    order, score = found.order, getattr(found, "abuse_score", None)
    return RequestFacts(
        kind=found.kind,
        source=found.source,
        method=found.method,
        channel=order.channel.code,
        country=order.country,
        tier=order.customer.tier if order.customer else "",
        currency=order.currency,
        value=sum((item.value for item in items), NOTHING),
        units=sum((item.quantity for item in items), NOTHING),
        earlier_returns=found.earlier,  # type: ignore[attr-defined]  # annotated
        reasons=frozenset(reason.code for reason in reasons),
        root_causes=frozenset(reason.root_cause for reason in reasons),
        resolutions=frozenset(item.resolution for item in items),
        categories=tuple(frozenset(item.facts.get("categories", ())) for item in items),
        photos=found.shown,  # type: ignore[attr-defined]  # annotated
        score=score.points if score else 0,
        suspect=bool(score and "review" in score.effects and score.overturned_at is None),
        statutory=BY_LAW in found.decision.get("because", ()),
    )
