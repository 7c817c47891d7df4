"""Campaigns: other edit windows between two moments, which end by themselves."""

from datetime import datetime

from oms.errors import Invalid, NotFound
from orders.actions.windows.arranging import arranging, faults_of
from orders.models import WindowCampaign, WindowRule


@arranging
def save_campaign(*, campaign: WindowCampaign, by: str, at: datetime) -> WindowCampaign:
    """Keep the campaign.

    Raises:
        Invalid: it ends before it begins, or another active one lies in its span.
    """
    return _save(campaign)


@arranging
def duplicate_campaign(
    *, campaign_id: int, name: str, starts_at: datetime, ends_at: datetime, by: str, at: datetime
) -> WindowCampaign:
    """The same rules once more, under another name and in another span.

    Raises:
        NotFound: it is gone.
        Invalid: the name is taken, or the span.
    """
    pattern = _find_campaign(campaign_id)
    copy = _save(WindowCampaign(name=name, starts_at=starts_at, ends_at=ends_at, note=pattern.note))
    rules = list(pattern.rules.order_by("position", "id"))
    for rule in rules:
        rule.pk, rule.campaign = None, copy
    WindowRule.objects.bulk_create(rules)
    return copy


@arranging
def end_campaign(*, campaign_id: int, by: str, at: datetime) -> WindowCampaign:
    """End a running campaign at this moment; call off one that has not begun. Ending one that is over is harmless.

    Raises:
        NotFound: it is gone.
    """
    campaign = _find_campaign(campaign_id)
    if campaign.starts_at >= at:
        campaign.active = False
    else:
        campaign.ends_at = min(campaign.ends_at, at)
    campaign.save(update_fields=["active", "ends_at"])
    return campaign


@arranging
def delete_campaign(*, campaign_id: int, by: str, at: datetime) -> None:
    """Take a campaign and its rules away; the editions that had them keep them. Doing it twice is harmless."""
    WindowCampaign.objects.filter(pk=campaign_id).delete()


def _save(campaign: WindowCampaign) -> WindowCampaign:
    if errors := faults_of(campaign):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    campaign.save()
    return campaign


def _find_campaign(campaign_id: int) -> WindowCampaign:
    campaign = WindowCampaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound("This campaign is gone.")
    return campaign
