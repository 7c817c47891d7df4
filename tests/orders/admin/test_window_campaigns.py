"""Campaigns, tiers and the history of the rules as operators see them."""

import pytest

from inventory.models import VelocityTier
from orders.actions.windows.arranging import delete_rule, save_rule
from orders.admin.windows_campaigns import draw_timeline
from orders.models import WindowCampaign, WindowRule, WindowRuleSet
from tests.make.admin import NOW, text_of
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import placed_order
from tests.make.rules import saved_campaign, saved_rule
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said

pytestmark = pytest.mark.django_db

CAMPAIGNS, TIERS, EDITIONS = (
    "/admin/orders/windowcampaign/",
    "/admin/inventory/velocitytier/",
    "/admin/orders/windowruleset/",
)


def campaign_sent(name="Sale", begins="2026-11-27", ends="2026-11-30"):
    span = {"starts_at_0": begins, "starts_at_1": "00:00", "ends_at_0": ends, "ends_at_1": "00:00"}
    return {"name": name, "active": "on", "note": ""} | span


def test_without_a_campaign_the_list_says_what_they_are_for():
    assert "No campaign is planned." in text_of(browser().get(CAMPAIGNS))


def test_a_campaign_is_planned():
    browser().post(f"{CAMPAIGNS}add/", campaign_sent())
    assert WindowCampaign.objects.get().name == "Sale"
    assert WindowRuleSet.objects.get().by == "staff:ada"


def test_a_campaign_in_a_taken_span_is_refused_on_the_page():
    saved_campaign("Taken", starts_at=NOON, ends_at=NOON + 30 * ONE_DAY)
    ada = browser()
    with nothing_changes():
        answer = ada.post(f"{CAMPAIGNS}add/", campaign_sent())
    assert "only one can rule at a time" in text_of(answer)


def test_the_list_tells_what_runs_what_comes_and_what_is_over():
    saved_campaign("Over", starts_at=NOON - 5 * ONE_DAY, ends_at=NOON - 4 * ONE_DAY)
    saved_campaign("Now"), saved_campaign("Coming", starts_at=NOON + ONE_DAY, ends_at=NOON + 2 * ONE_DAY)
    saved_campaign("Off", active=False)
    words = text_of(browser().get(CAMPAIGNS))
    for state in ("Over (over)", "Now (now)", "Coming (coming)", "Off (off)"):
        assert state in words


def test_the_timeline_spans_from_the_first_beginning_to_the_last_end():
    first = WindowCampaign(name="A", starts_at=NOON, ends_at=NOON + ONE_HOUR, active=True)
    last = WindowCampaign(name="B", starts_at=NOON + 3 * ONE_HOUR, ends_at=NOON + 4 * ONE_HOUR, active=True)
    bars, now_at = draw_timeline([first, last], now=NOON + 2 * ONE_HOUR)
    assert [(bar.left, bar.width, bar.state) for bar in bars] == [(0.0, 25.0, "over"), (75.0, 25.0, "coming")]
    assert now_at == 50.0


def test_a_campaign_is_previewed_per_tier():
    order = placed_order()
    campaign = saved_campaign()
    saved_rule("Short", campaign=campaign, minutes=5)
    ada = browser()
    with nothing_changes():
        words = text_of(ada.get(f"{CAMPAIGNS}{campaign.pk}/preview/"))
    assert "Of 1 orders placed in it so far 1 get another window than usual." in words
    assert f"{order.number} 10 min ago" in words
    assert "5 minutes: rule “Short” of campaign “Drop”" in words


def test_a_campaign_is_copied():
    campaign = saved_campaign()
    saved_rule("Short", campaign=campaign)
    span = {"starts_at": "2026-12-24T00:00", "ends_at": "2026-12-27T00:00"}
    answer = browser().post(f"{CAMPAIGNS}{campaign.pk}/duplicate/", {"name": "Christmas"} | span)
    assert said(answer) == ["Christmas is planned."]
    assert WindowCampaign.objects.get(name="Christmas").rules.get().name == "Short"


def test_a_running_campaign_is_ended_and_a_coming_one_called_off():
    running, coming = (
        saved_campaign("Now"),
        saved_campaign("Next", starts_at=NOON + ONE_DAY, ends_at=NOON + 2 * ONE_DAY),
    )
    ada = browser()
    assert "End Now now" in text_of(ada.get(f"{CAMPAIGNS}{running.pk}/end/"))
    assert said(ada.post(f"{CAMPAIGNS}{running.pk}/end/"))[-1] == "Now is over."
    assert said(ada.post(f"{CAMPAIGNS}{coming.pk}/end/"))[-1] == "Next is called off."
    assert WindowCampaign.objects.get(pk=running.pk).ends_at == NOW
    assert not WindowCampaign.objects.get(pk=coming.pk).active


def test_support_reads_campaigns_and_ends_none():
    campaign = saved_campaign()
    sue = browser("sue", role="support")
    assert sue.get(f"{CAMPAIGNS}{campaign.pk}/preview/").status_code == 200
    with nothing_changes():
        assert sue.post(f"{CAMPAIGNS}{campaign.pk}/end/").status_code == 403
        assert sue.post(f"{CAMPAIGNS}{campaign.pk}/duplicate/", {}).status_code == 403


def test_tiers_show_how_many_skus_are_in_them():
    placed_order()
    words = text_of(browser().get(TIERS))
    slowest = VelocityTier.objects.order_by("from_units_a_day").first()
    assert f"{slowest.name} {slowest.code} {slowest.from_units_a_day:g} and more 1" in words


def test_a_tier_is_made_and_one_that_a_rule_names_stays():
    ada = browser()
    ada.post(f"{TIERS}add/", {"name": "Blazing", "code": "blazing", "from_units_a_day": "999"})
    tier = VelocityTier.objects.get(code="blazing")
    saved_rule(velocity_tiers=["blazing"])
    ada.post(f"{TIERS}{tier.pk}/change/", {"name": "Blazing hot", "code": "other", "from_units_a_day": "999"})
    tier.refresh_from_db()
    assert (tier.name, tier.code) == ("Blazing hot", "blazing")
    assert ada.post(f"{TIERS}{tier.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_history_says_who_changed_what():
    rule = saved_rule("Express", minutes=30)
    rule.minutes = 10
    save_rule(rule=rule, by=ADA, at=NOON + ONE_HOUR)
    ada = browser()
    newest = WindowRuleSet.objects.first()
    assert f"Edition {newest.pk}" in text_of(ada.get(EDITIONS))
    words = text_of(ada.get(f"{EDITIONS}{newest.pk}/change/"))
    assert "changed Rule “Express” minutes 30 10" in words
    assert "in force" in words


def test_an_edition_is_restored_after_asking():
    rule = saved_rule("Express")
    edition = WindowRuleSet.objects.get()
    delete_rule(rule_id=rule.pk, by=ADA, at=NOON)
    ada = browser()
    with nothing_changes():
        assert "That is a new edition" in text_of(ada.get(f"{EDITIONS}{edition.pk}/restore/"))
    answer = ada.post(f"{EDITIONS}{edition.pk}/restore/")
    assert said(answer) == [f"The rules stand again as in edition {edition.pk}."]
    assert WindowRule.objects.get().name == "Express"


def test_before_the_first_change_the_history_is_empty():
    assert "The rules were never changed." in text_of(browser().get(EDITIONS))


def test_support_may_not_restore():
    saved_rule()
    sue = browser("sue", role="support")
    with nothing_changes():
        assert sue.post(f"{EDITIONS}{WindowRuleSet.objects.get().pk}/restore/").status_code == 403
