"""Edit window rules, campaigns and tiers, kept by the product's own actions."""

from typing import Any

from orders.actions.windows.arranging import save_rule
from orders.actions.windows.campaigning import save_campaign
from orders.models import WindowCampaign, WindowRule
from tests.make.moments import ADA, NOON, ONE_DAY


def unsaved_rule(name: str = "Regular goods", **fields: Any) -> WindowRule:
    """Half an hour for every order, unless said otherwise."""
    action = fields.get("action", "WINDOW")
    usual = {"minutes": None if action in ("NONE", "UNTIL_CUT_OFF") else 30}
    return WindowRule(**{"name": name} | usual | fields)


def saved_rule(name: str = "Regular goods", **fields: Any) -> WindowRule:
    return save_rule(rule=unsaved_rule(name, **fields), by=ADA, at=NOON)


def saved_campaign(name: str = "Drop", **fields: Any) -> WindowCampaign:
    """One that runs since a day, for another."""
    span = {"starts_at": NOON - ONE_DAY, "ends_at": NOON + ONE_DAY}
    return save_campaign(campaign=WindowCampaign(**{"name": name} | span | fields), by=ADA, at=NOON)
