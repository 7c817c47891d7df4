"""The edit window rules: as they stand in their tables, and as the editions that judge orders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings

from inventory.models import VelocityTier
from orders.models import WindowCampaign, WindowRule, WindowRuleSet
from orders.policies.windows.editions import Edition, read_edition

Document = dict[str, Any]
"""What a WindowRuleSet keeps: {"rules": […], "campaigns": [{…, "rules": […]}], "tiers": […], "zone": "Europe/Berlin"}.

What was kept before zones were has none."""

RULE_COLUMNS = (
    "id", "name", "active", "action", "minutes", "above", "channels", "countries", "shipping_methods", "tags",
    "categories", "skus", "velocity_tiers", "customer_tiers", "available_above", "available_at_most", "cover_above",
    "cover_at_most", "currency", "value_from", "value_below", "weekdays", "from_time", "until_time", "cut_off_within",
)  # fmt: skip
CAMPAIGN_COLUMNS = ("id", "name", "starts_at", "ends_at", "active", "note")
TIER_COLUMNS = ("id", "code", "name", "from_units_a_day")


def newest_edition() -> Edition:
    """The edition that judges orders now: its id is asked, what it says is known since it was first read."""
    return edition_numbered(WindowRuleSet.objects.order_by("-id").values_list("id", flat=True).first())


@lru_cache(maxsize=32)
def edition_numbered(edition_id: int | None) -> Edition:
    """The edition with this id, ready to judge; None is the empty one. Editions never change, so they are kept."""
    if edition_id is None:
        return Edition()
    return read_edition(edition_id, WindowRuleSet.objects.values_list("rules", flat=True).get(id=edition_id))


def describe_rules() -> Document:
    """The rules, campaigns and tiers as they stand in their tables, as an edition keeps them; three statements."""
    rules: dict[int | None, list[Document]] = defaultdict(list)
    for rule in WindowRule.objects.order_by("position", "id"):
        rules[rule.campaign_id].append(describe_rule(rule))
    campaigns = WindowCampaign.objects.order_by("starts_at", "id").values(*CAMPAIGN_COLUMNS)
    tiers = VelocityTier.objects.order_by("-from_units_a_day").values(*TIER_COLUMNS)
    return {
        "rules": rules[None],
        "campaigns": [_plain_row(row) | {"rules": rules[row["id"]]} for row in campaigns],
        "tiers": [_plain_row(row) for row in tiers],
        "zone": settings.TIME_ZONE,
    }


def describe_rule(rule: WindowRule) -> Document:
    """One rule as an edition keeps it; one that was never saved has the id 0."""
    row = _plain_row({name: getattr(rule, name) for name in RULE_COLUMNS})
    return row | {"id": rule.pk or 0}


def propose_rule(rule: WindowRule) -> Document:
    """The list as it would stand with this rule saved: in its own place, or, when it is new there, at the end."""
    document, row = describe_rules(), describe_rule(rule)
    target = _list_of(document, rule.campaign_id)
    for rules in _lists(document):
        if rules is not target:
            rules[:] = [each for each in rules if each["id"] != row["id"]]
    places = [each["id"] for each in target]
    if row["id"] in places:
        target[places.index(row["id"])] = row
    else:
        target.append(row)
    return document


def propose_order(rule_ids: Sequence[int]) -> Document:
    """The list as it would stand with these rules in this order; the others keep their places behind them."""
    document = describe_rules()
    places = {rule_id: place for place, rule_id in enumerate(rule_ids)}
    for rules in _lists(document):
        rules.sort(key=lambda row: places.get(row["id"], len(places)))
    return document


def as_edition(document: Mapping[str, Any]) -> Edition:
    """A proposal, ready to judge; it has no number yet."""
    return read_edition(None, document)


def _lists(document: Document) -> Iterable[list[Document]]:
    return [document["rules"], *(campaign["rules"] for campaign in document["campaigns"])]


def _list_of(document: Document, campaign_id: int | None) -> list[Document]:
    by_campaign = {campaign["id"]: campaign["rules"] for campaign in document["campaigns"]}
    return document["rules"] if campaign_id is None else by_campaign[campaign_id]


def _plain_row(row: Mapping[str, Any]) -> Document:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """As JSON, and the same whether it comes from the database or from a form: 5, never 5.000."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, time):
        return value.isoformat()
    return value
