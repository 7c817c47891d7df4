"""Arranging campaigns: every change is told, with what it was before and who did it."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.forms.models import model_to_dict

from oms import events
from oms.errors import Invalid, NotFound
from oms.transactions import transactional
from upsell.errors import CampaignWrong
from upsell.events import CampaignChanged, CampaignSwitched
from upsell.models import Campaign
from upsell.queries.campaign_faults import find_faults

_OWN = ("id", "active", "version")
"""What is no part of how a campaign is written."""


@transactional
def save_campaign(*, campaign: Campaign, by: str, at: datetime) -> Campaign:
    """Keep the campaign. A new one is off, and draws its holdout by a salt of its own, for ever.

    Raises:
        Invalid: it cannot run as it is written; says at which fields.
    """
    if faults := find_faults(campaign):
        raise Invalid(" ".join(fault.detail for fault in faults), errors=faults)
    before = _lock(campaign.pk) if campaign.pk else None
    campaign.salt = before.salt if before else secrets.token_hex(8)
    campaign.active = before.active if before else False
    campaign.version = before.version + 1 if before else 1
    campaign.save()
    changes = _compare(before, campaign)
    if changes:
        events.publish([CampaignChanged(subject=str(campaign.pk), by=by, at=at, facts={"changes": changes})])
    return campaign


@transactional
def duplicate_campaign(*, campaign_id: int, name: str, by: str, at: datetime) -> Campaign:
    """The same once more under another name, switched off, with sides drawn anew.

    Raises:
        NotFound: it is gone.
        Invalid: the name is taken.
    """
    copy = _lock(campaign_id)
    copy.pk, copy._state.adding, copy.name = None, True, name
    return save_campaign(campaign=copy, by=by, at=at)


@transactional
def switch_campaign(*, campaign_id: int, active: bool, by: str, at: datetime) -> Campaign:
    """Switch it on, if it can run as it is written, or off: what it offered is not shown any more. Twice is harmless.

    Raises:
        NotFound: it is gone.
        CampaignWrong: what it needs is not there any more.
    """
    campaign = _lock(campaign_id)
    if campaign.active == active:
        return campaign
    if active and (faults := find_faults(campaign)):
        raise CampaignWrong(f"“{campaign}” cannot be switched on. " + " ".join(fault.detail for fault in faults))
    campaign.active, campaign.version = active, campaign.version + 1
    campaign.save(update_fields=["active", "version"])
    events.publish([CampaignSwitched(subject=str(campaign.pk), by=by, at=at, facts={"active": active})])
    return campaign


def _lock(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound("This campaign is gone.")
    return campaign


def _compare(before: Campaign | None, after: Campaign) -> dict[str, dict[str, Any]]:
    """What is written otherwise than before, by field; of a new one all that says something."""
    old = _describe(before or Campaign())
    new = _describe(after)
    return {name: {"before": old[name], "after": new[name]} for name in new if new[name] != old[name]}


def _describe(campaign: Campaign) -> dict[str, Any]:
    told = model_to_dict(campaign, exclude=_OWN)
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    """As JSON has it; amounts and shares without the digits that say nothing."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return value
