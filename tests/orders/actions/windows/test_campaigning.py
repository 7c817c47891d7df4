"""Campaigns hold between two moments and end by themselves."""

import pytest

from oms.errors import Invalid, NotFound
from orders.actions.windows.campaigning import delete_campaign, duplicate_campaign, end_campaign
from orders.models import WindowCampaign, WindowRule
from orders.queries.windows.rules import newest_edition
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.rules import saved_campaign, saved_rule
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def special_rules(at):
    return [rule.name for campaign, rule in newest_edition().rules_at(at) if campaign]


def test_a_campaigns_rules_hold_in_its_span_only():
    saved_rule("Hot drop", campaign=saved_campaign())
    assert special_rules(NOON) == ["Hot drop"]
    assert special_rules(NOON + ONE_DAY) == special_rules(NOON - 2 * ONE_DAY) == []


def test_two_campaigns_cannot_rule_at_once():
    saved_campaign()
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        saved_campaign("Other", starts_at=NOON, ends_at=NOON + 2 * ONE_DAY)
    assert "only one can rule at a time" in refusal.value.message


def test_a_campaign_may_begin_when_another_ends_or_is_off():
    saved_campaign(active=False)
    saved_campaign("Now")
    saved_campaign("Next", starts_at=NOON + ONE_DAY, ends_at=NOON + 2 * ONE_DAY)
    assert [campaign.name for campaign in newest_edition().campaigns] == ["Drop", "Now", "Next"]


@pytest.mark.parametrize("fields", [{"ends_at": NOON - 2 * ONE_DAY}, {"name": ""}], ids=["backwards", "nameless"])
def test_a_campaign_that_makes_no_sense_is_refused(fields):
    with nothing_changes(), pytest.raises(Invalid):
        saved_campaign(**fields)


def test_a_campaign_is_copied_with_its_rules():
    original = saved_campaign(note="Last year")
    saved_rule("Hot", campaign=original, velocity_tiers=["hot"]), saved_rule("All else", campaign=original)
    copy = duplicate_campaign(
        campaign_id=original.pk, name="Again", starts_at=NOON + 2 * ONE_DAY, ends_at=NOON + 3 * ONE_DAY, by=ADA, at=NOON
    )
    assert (copy.name, copy.note, copy.active) == ("Again", "Last year", True)
    assert list(copy.rules.values_list("name", "velocity_tiers")) == [("Hot", ["hot"]), ("All else", [])]
    assert original.rules.count() == 2
    assert special_rules(NOON + 2 * ONE_DAY) == ["Hot", "All else"]


def test_a_copy_in_a_taken_span_is_refused():
    original = saved_campaign()
    with nothing_changes(), pytest.raises(Invalid):
        duplicate_campaign(campaign_id=original.pk, name="B", starts_at=NOON, ends_at=NOON + ONE_HOUR, by=ADA, at=NOON)


def test_a_running_campaign_ends_at_this_moment():
    campaign = saved_campaign()
    saved_rule("Hot drop", campaign=campaign)
    end_campaign(campaign_id=campaign.pk, by=ADA, at=NOON)
    campaign.refresh_from_db()
    assert (campaign.ends_at, campaign.active) == (NOON, True)
    assert (special_rules(NOON), special_rules(NOON - ONE_HOUR)) == ([], ["Hot drop"])
    with nothing_changes():
        end_campaign(campaign_id=campaign.pk, by=ADA, at=NOON + ONE_HOUR)


def test_a_campaign_that_has_not_begun_is_called_off():
    campaign = saved_campaign(starts_at=NOON + ONE_HOUR)
    end_campaign(campaign_id=campaign.pk, by=ADA, at=NOON)
    assert not WindowCampaign.objects.get().active


def test_a_campaign_goes_with_its_rules_and_editions_keep_them():
    campaign = saved_campaign()
    saved_rule(campaign=campaign)
    before = newest_edition()
    delete_campaign(campaign_id=campaign.pk, by=ADA, at=NOON)
    assert not WindowRule.objects.exists()
    assert (len(before.campaigns), newest_edition().campaigns) == (1, ())


def test_a_campaign_that_is_gone_is_not_ended():
    with nothing_changes(), pytest.raises(NotFound):
        end_campaign(campaign_id=0, by=ADA, at=NOON)
