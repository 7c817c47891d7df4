"""Going back to an edition of the edit window rules: what stood then stands again, as the newest edition."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from inventory.models import VelocityTier
from oms.errors import Invalid, NotFound
from orders.actions.windows.arranging import arranging, find_unknown_codes
from orders.models import WindowCampaign, WindowRule, WindowRuleSet

_NAMED = ("channels", "categories", "skus", "velocity_tiers")


@arranging
def restore_edition(*, edition_id: int, by: str, at: datetime) -> None:
    """Put rules, campaigns and tiers back as they were in this edition. Nothing is lost: the list of now is an edition,
    too. Restoring twice is harmless.

    Raises:
        NotFound: there is no such edition.
        Invalid: it names a channel, category or SKU that there is not any more.
    """
    document = WindowRuleSet.objects.filter(pk=edition_id).values_list("rules", flat=True).first()
    if document is None:
        raise NotFound(f"There is no edition {edition_id}.")

    WindowCampaign.objects.all().delete()
    WindowRule.objects.all().delete()
    VelocityTier.objects.all().delete()
    VelocityTier.objects.bulk_create([VelocityTier(**row) for row in document["tiers"]])
    campaigns = [{name: value for name, value in row.items() if name != "rules"} for row in document["campaigns"]]
    WindowCampaign.objects.bulk_create([WindowCampaign(**row) for row in campaigns])
    rules = _rules(None, document["rules"])
    for row in document["campaigns"]:
        rules += _rules(row["id"], row["rules"])
    _refuse_lost_codes(rules)
    WindowRule.objects.bulk_create(rules)


def _rules(campaign_id: int | None, rows: Sequence[Mapping[str, Any]]) -> list[WindowRule]:
    return [WindowRule(**row, campaign_id=campaign_id, position=place) for place, row in enumerate(rows, start=1)]


def _refuse_lost_codes(rules: Sequence[WindowRule]) -> None:
    named: dict[str, set[str]] = {field: {c for rule in rules for c in getattr(rule, field)} for field in _NAMED}
    if errors := find_unknown_codes(named):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
