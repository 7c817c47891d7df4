"""Which rule an order gets, what it gives, and what people are told."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from orders.policies.windows.editions import read_edition
from orders.policies.windows.rules import judge_window
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.windows import BERLIN, campaign, edition, facts, goods, rule

CET = BERLIN


def judge(*rules, at=NOON, campaigns=(), **order):
    return judge_window(edition(*rules, campaigns=campaigns), facts(**order), at=at)


def winner(*rules, **order):
    return judge(*rules, **order).rule


def local(clock, day="2026-11-21"):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CET)


def test_the_first_rule_that_fits_wins():
    french, german, all_else = rule("French", countries={"FR"}), rule("German", countries={"DE"}), rule("All else")
    assert winner(french, german, all_else) == "German"
    assert winner(french, all_else, german) == "All else"
    assert winner(french, german, all_else, country="FR") == "French"


def test_a_rule_that_is_switched_off_is_passed_over():
    assert winner(rule("Off", active=False), rule("On")) == "On"


def test_the_window_counts_from_the_purchase_and_says_which_rule_gave_it():
    verdict = judge(rule(minutes=30), at=NOON + ONE_MINUTE)
    assert verdict.until == NOON + 30 * ONE_MINUTE
    assert verdict.sentence == "30 minutes: rule “Regular goods” (edition 12)"
    assert (verdict.rule_id, verdict.edition, verdict.staff_only) == (1, 12, False)
    assert verdict.facts == {"why": "rule", "action": "WINDOW", "minutes": 30}


def test_a_window_that_is_over_already_is_none():
    verdict = judge(rule(minutes=30), at=NOON + 30 * ONE_MINUTE)
    assert verdict.until is None
    assert verdict.sentence == (
        "No window: the 30 minutes were over already. It was rule “Regular goods” (edition 12)."
    )
    assert verdict.facts["why"] == "over"


def test_where_no_rule_fits_the_channel_decides():
    verdict = judge(rule(countries={"FR"}))
    assert (verdict.until, verdict.rule) == (NOON + 20 * ONE_MINUTE, "Channel web: 20 minutes")
    assert verdict.sentence == "20 minutes: no rule fits, so channel web decides (edition 12)."
    assert judge(channel_minutes=0).sentence == "No window: no rule fits, and channel web gives none (edition 12)."
    assert judge(at=NOON + ONE_HOUR).facts == {"why": "over", "action": "WINDOW", "minutes": 20}


def test_a_low_line_ends_it_before_any_rule_is_asked():
    verdict = judge(rule(minutes=600), lines=[goods(), goods("LINEN-M", 3, level=Decimal(3))])
    assert verdict.until is None
    assert verdict.sentence == "No window: only 3 of LINEN-M left; it goes to the warehouse at once."
    assert verdict.facts == {"why": "low_stock", "sku": "LINEN-M", "available": 3}


@pytest.mark.parametrize(
    ("line", "window"),
    [
        (goods(available=4, level=Decimal(3)), True),
        (goods(available=4, level=Decimal(3), low=True), False),
        (goods(available=0), False),
        (goods(available=-2), False),
        (goods(available="0.5"), True),
    ],
    ids=["above its level", "not recovered yet", "the last unit", "sold short", "half a metre left"],
)
def test_a_sku_is_low_at_its_level_or_until_it_has_recovered(line, window):
    assert (judge(rule(), lines=[line]).until is not None) is window


def test_the_last_unit_is_spoken_of_as_such():
    said = judge(lines=[goods(available=0)]).sentence
    assert said == "No window: nothing of TEE is left; it goes to the warehouse at once."


def test_a_window_while_stock_lasts_carries_the_units_that_must_stay():
    while_plenty = rule("Plenty", action="WHILE_AVAILABLE", minutes=60, above=Decimal(5))
    verdict = judge(while_plenty, lines=[goods(available=6)])
    assert (verdict.until, verdict.above) == (NOON + ONE_HOUR, Decimal(5))
    assert verdict.sentence.startswith("60 minutes, while more than 5 are available: rule “Plenty”")

    thin = judge(while_plenty, lines=[goods(available=50), goods("CAP", 5)])
    assert (thin.until, thin.above) == (None, None)
    assert thin.sentence == ("No window: only 5 of CAP left, and rule “Plenty” (edition 12) asks for more than 5.")
    assert thin.facts["why"] == "thin_stock"


def test_a_window_for_staff_is_not_the_customers():
    verdict = judge(rule(action="STAFF_ONLY"))
    assert (verdict.staff_only, verdict.until) == (True, NOON + 30 * ONE_MINUTE)
    assert verdict.sentence.startswith("30 minutes for staff only: ")


def test_a_rule_may_give_no_window():
    verdict = judge(rule("Final sale", action="NONE"))
    assert verdict.until is None
    assert verdict.sentence == "No window: rule “Final sale” (edition 12); it goes to the warehouse at once."


def test_a_window_may_last_until_the_next_cut_off():
    verdict = judge(rule(action="UNTIL_CUT_OFF"), next_cut_off=NOON + 3 * ONE_HOUR)
    assert verdict.until == NOON + 3 * ONE_HOUR
    assert judge(rule(action="UNTIL_CUT_OFF"), next_cut_off=NOON + ONE_HOUR, at=NOON + ONE_HOUR).until is None


def test_where_no_warehouse_has_a_cut_off_the_channels_minutes_hold():
    verdict = judge(rule(action="UNTIL_CUT_OFF"))
    assert (verdict.until, verdict.facts["why"]) == (NOON + 20 * ONE_MINUTE, "no_cut_off")


def test_a_campaign_is_asked_first_while_it_runs_and_ends_by_itself():
    drop = campaign(rule("Hot drop", minutes=5), starts_at=NOON, ends_at=NOON + ONE_DAY)
    judged = judge(rule(), campaigns=[drop])
    assert judged.sentence == "5 minutes: rule “Hot drop” of campaign “Drop” (edition 12)"
    assert judged.facts["campaign"] == "Drop"
    for placed_at in (NOON - ONE_MINUTE, NOON + ONE_DAY):
        assert winner(rule(), campaigns=[drop], placed_at=placed_at) == "Regular goods"


def test_where_no_rule_of_the_campaign_fits_the_usual_ones_are_asked():
    drop = campaign(rule("Hot only", velocity_tiers={"hot"}))
    assert winner(rule(), campaigns=[drop]) == "Regular goods"


def test_a_campaign_that_is_switched_off_changes_nothing():
    assert winner(rule(), campaigns=[campaign(rule("Hot drop"), active=False)]) == "Regular goods"


CONDITIONS = [
    ({"channels": {"web"}}, {}, {"channel": "amazon"}),
    ({"countries": {"DE"}}, {}, {"country": "FR"}),
    ({"shipping_methods": {"express"}}, {"shipping_method": "Express"}, {"shipping_method": "standard"}),
    ({"tags": {"vip", "gift"}}, {"tags": ["GIFT", "blue"]}, {"tags": ["blue"]}),
    (
        {"categories": {"clothing"}},
        {"categories": frozenset({"tees", "clothing"})},
        {"categories": frozenset({"home"})},
    ),
    ({"skus": {"TEE"}}, {}, {"lines": [goods("CAP")]}),
    ({"customer_tiers": {"gold"}}, {"customer_tier": "Gold"}, {"customer_tier": ""}),
    ({"velocity_tiers": {"hot"}}, {"lines": [goods(velocity=10)]}, {"lines": [goods(velocity=9.9)]}),
    ({"available_above": Decimal(5)}, {"lines": [goods(available=6)]}, {"lines": [goods(), goods("CAP", 5)]}),
    ({"available_at_most": Decimal(5)}, {"lines": [goods(), goods("CAP", 5)]}, {"lines": [goods(available=6)]}),
    (
        {"cover_above": 3.0},
        {"lines": [goods(available=31, velocity=10)]},
        {"lines": [goods(available=30, velocity=10)]},
    ),
    ({"cover_at_most": 3.0}, {"lines": [goods(available=30, velocity=10)]}, {"lines": [goods()]}),
    ({"currency": "EUR", "value_from": Decimal(50)}, {}, {"value": Decimal("49.99")}),
    ({"currency": "EUR", "value_below": Decimal(50)}, {"value": Decimal("49.99")}, {}),
    ({"currency": "EUR", "value_from": Decimal(10)}, {}, {"currency": "USD"}),
    ({"weekdays": {6}}, {}, {"placed_at": NOON + ONE_DAY}),
    ({"cut_off_within": 60}, {"next_cut_off": NOON + ONE_HOUR}, {"next_cut_off": NOON + ONE_HOUR + ONE_MINUTE}),
    ({"cut_off_within": 60}, {"next_cut_off": NOON + ONE_HOUR}, {"next_cut_off": None}),
]


@pytest.mark.parametrize(("conditions", "fitting", "other"), CONDITIONS, ids=",".join)
def test_each_condition_lets_in_what_it_names_and_nothing_else(conditions, fitting, other):
    special, usual = rule("Special", **conditions), rule("Usual")
    assert winner(special, usual, **fitting) == "Special"
    assert winner(special, usual, **other) == "Usual"


def test_the_fastest_line_gives_the_tier_and_the_tightest_the_stock():
    lines = [goods(available=100, velocity=12), goods("CAP", 3, velocity=0.1)]
    assert winner(rule("Hot", velocity_tiers={"hot"}), lines=lines) == "Hot"
    assert winner(rule("Tight", available_at_most=Decimal(3)), lines=lines) == "Tight"


def test_an_order_without_goods_is_never_short_and_has_no_tier():
    assert winner(rule("Slow", velocity_tiers={"slow"}), rule("Deep", available_above=Decimal(9)), lines=[]) == "Deep"


@pytest.mark.parametrize(
    ("clock", "inside"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("05:59", True), ("06:00", False)],
)
def test_a_span_of_the_day_may_pass_midnight(clock, inside):
    night = rule("Night", from_time=time(22), until_time=time(6))
    assert (winner(night, rule(), placed_at=local(clock)) == "Night") is inside


@pytest.mark.parametrize(("clock", "inside"), [("08:59", False), ("09:00", True), ("16:59", True), ("17:00", False)])
def test_a_span_of_the_day_ends_before_its_last_minute(clock, inside):
    office = rule("Office", from_time=time(9), until_time=time(17))
    assert (winner(office, rule(), placed_at=local(clock)) == "Office") is inside


def test_an_edition_keeps_its_own_zone_wherever_the_shop_moves_to():
    office = rule("Office", from_time=time(9), until_time=time(17))
    of_berlin = replace(edition(office, rule()), zone=ZoneInfo("Europe/Berlin"))
    for moved_to in ("Europe/Berlin", "Asia/Shanghai", "America/New_York"):
        seen = facts(placed_at=NOON, zone=ZoneInfo(moved_to))
        assert judge_window(of_berlin, seen, at=NOON).rule == "Office"


def test_an_edition_of_before_zones_were_kept_is_read_with_that_of_the_shop():
    assert read_edition(3, {"rules": [], "campaigns": [], "tiers": []}).zone is None
    office = rule("Office", from_time=time(9), until_time=time(17))
    far_away = facts(placed_at=NOON, zone=ZoneInfo("Asia/Tokyo"))
    assert judge_window(edition(office, rule()), far_away, at=NOON).rule == "Regular goods"


def test_the_weekday_is_that_of_the_shop():
    """Sunday evening in London is Monday in Berlin."""
    monday = datetime.fromisoformat("2026-11-22T23:30:00+00:00")
    assert winner(rule("Monday", weekdays={1}), rule(), placed_at=monday) == "Monday"


def test_the_clock_is_that_of_the_shop_when_it_changes():
    """On the day that the clocks go back, 2:30 comes twice: both are in the span, and three o'clock is not."""
    night = rule("Night", from_time=time(2), until_time=time(3))
    first = datetime.fromisoformat("2026-10-25T00:30:00+00:00")
    placed = [first + timedelta(hours=hours) for hours in (-1, 0, 1, 2)]
    assert [winner(night, rule(), placed_at=moment) for moment in placed] == [
        "Regular goods", "Night", "Night", "Regular goods"
    ]  # fmt: skip


def test_a_long_name_still_fits_its_hold():
    verdict = judge(campaigns=[campaign(rule("r" * 120), name="c" * 120)])
    assert (len(verdict.sentence), len(verdict.rule)) == (255, 120)
