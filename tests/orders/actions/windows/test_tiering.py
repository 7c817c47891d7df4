"""Velocity tiers belong to the editions of the rules."""

import pytest

from inventory.models import VelocityTier
from oms.errors import Invalid
from orders.actions.windows.tiering import delete_tier, save_tier
from orders.errors import TierInUse
from orders.queries.windows.rules import newest_edition
from tests.make.moments import ADA, NOON
from tests.make.rules import saved_rule
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def save(**fields):
    return save_tier(tier=VelocityTier(**fields), by=ADA, at=NOON)


def test_a_tier_is_part_of_the_next_edition():
    save(code="blazing", name="Blazing", from_units_a_day=1_000)
    assert newest_edition().tier_of(1_000) == "blazing"


def test_two_tiers_cannot_begin_at_the_same_speed():
    with nothing_changes(), pytest.raises(Invalid):
        save(code="other", name="Other", from_units_a_day=VelocityTier.objects.first().from_units_a_day)


def test_a_tier_that_rules_name_stays_as_it_is_called():
    hot = save(code="blazing", name="Blazing", from_units_a_day=1_000)
    saved_rule("Quick", velocity_tiers=["blazing"])
    hot.code = "scorching"
    with nothing_changes(), pytest.raises(TierInUse) as refusal:
        save_tier(tier=hot, by=ADA, at=NOON)
    assert refusal.value.facts == {"rules": ["Quick"]}
    with nothing_changes(), pytest.raises(TierInUse):
        delete_tier(tier_id=hot.pk, by=ADA, at=NOON)


def test_a_tier_that_no_rule_names_goes():
    tier = save(code="blazing", name="Blazing", from_units_a_day=1_000)
    delete_tier(tier_id=tier.pk, by=ADA, at=NOON)
    assert newest_edition().tier_of(1_000) == "hot"
    with nothing_changes():
        delete_tier(tier_id=tier.pk, by=ADA, at=NOON)
