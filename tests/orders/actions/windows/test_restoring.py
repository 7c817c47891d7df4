"""Going back to an earlier edition."""

from decimal import Decimal

import pytest

from inventory.models import VelocityTier
from oms.errors import Invalid, NotFound
from orders.actions.windows.arranging import delete_rule, save_rule
from orders.actions.windows.restoring import restore_edition
from orders.models import WindowCampaign, WindowRule, WindowRuleSet
from orders.queries.windows.rules import describe_rules
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel
from tests.make.rules import saved_campaign, saved_rule
from tests.make.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def restore(edition):
    restore_edition(edition_id=edition.pk, by=ADA, at=NOON + ONE_HOUR)


def full_list():
    """Usual rules, a campaign with one of its own, and a tier; the edition that has them all."""
    saved_rule("Deep", available_above=Decimal("5.5"), cover_above=3.0, weekdays=[1, 2])
    saved_rule("Dear", currency="EUR", value_from=Decimal("49.90"), minutes=90)
    saved_rule("Hot drop", campaign=saved_campaign(), minutes=5)
    return WindowRuleSet.objects.first()


def test_everything_stands_again_as_it_stood():
    edition = full_list()
    WindowCampaign.objects.all().delete(), VelocityTier.objects.all().delete()
    save_rule(rule=WindowRule.objects.get(name="Deep"), by=ADA, at=NOON)
    for rule in WindowRule.objects.all():
        delete_rule(rule_id=rule.pk, by=ADA, at=NOON)
    restore(edition)
    newest = WindowRuleSet.objects.first()
    assert newest.pk > edition.pk
    assert (newest.rules, newest.by, newest.at) == (edition.rules, ADA, NOON + ONE_HOUR)
    assert describe_rules() == edition.rules


def test_restoring_what_stands_changes_nothing():
    edition = full_list()
    before = WindowRuleSet.objects.count()
    restore(edition)
    assert WindowRuleSet.objects.count() == before


def test_an_undo_can_be_undone():
    first = full_list()
    saved_rule("One more")
    second = WindowRuleSet.objects.first()
    restore(first), restore(second)
    assert WindowRuleSet.objects.first().rules == second.rules


def test_an_edition_that_names_what_is_gone_is_not_restored():
    shop = channel()
    rule = saved_rule(channels=["web"])
    edition = WindowRuleSet.objects.get()
    delete_rule(rule_id=rule.pk, by=ADA, at=NOON)
    shop.delete()
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        restore(edition)
    assert refusal.value.message == "There is no channel web."


def test_an_edition_that_never_was_is_not_restored():
    with nothing_changes(), pytest.raises(NotFound):
        restore_edition(edition_id=0, by=ADA, at=NOON)
