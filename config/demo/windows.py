"""How long orders can be changed: the brand's tiers, rules and campaigns."""

from datetime import datetime, timedelta
from typing import Any

from config.demo.brand import Shop, read_table
from inventory.models import VelocityTier
from orders.actions.windows.arranging import save_rule
from orders.actions.windows.campaigning import save_campaign
from orders.actions.windows.tiering import save_tier
from orders.models import WindowCampaign, WindowRule

BY = "staff:marta"
DAY = timedelta(days=1)


def arrange_windows(*, at: datetime) -> None:
    """Tiers and the usual rules, as they stand since the shop opened."""
    table = read_table("windows")
    tiers = {tier.code: tier for tier in VelocityTier.objects.all()}
    for row in table["tier"]:
        tier = tiers.get(row["code"], VelocityTier(code=row["code"]))
        tier.name, tier.from_units_a_day = row["name"], row["from_units_a_day"]
        save_tier(tier=tier, by=BY, at=at)
    for row in table["rule"]:
        save_rule(rule=WindowRule(**row), by=BY, at=at)


def arrange_campaign(row: dict[str, Any], midnight: datetime, *, at: datetime) -> None:
    """One of the table's campaigns; its days count from the midnight with which today began."""
    span = {"starts_at": midnight + row["starts"] * DAY, "ends_at": midnight + row["ends"] * DAY}
    pattern = WindowCampaign(name=row["name"], note=row["note"], **span)
    campaign = save_campaign(campaign=pattern, by=BY, at=at)
    for rule in row["rule"]:
        save_rule(rule=WindowRule(campaign=campaign, **rule), by=BY, at=at)


def list_lengths(shop: Shop) -> set[timedelta]:
    """After so long windows of its orders can end."""
    table = read_table("windows")
    rules = [*table["rule"], *(rule for campaign in table["campaign"] for rule in campaign["rule"])]
    minutes = {rule["minutes"] for rule in rules if "minutes" in rule} | {shop.edit_window_minutes}
    return {timedelta(minutes=each) for each in minutes}
