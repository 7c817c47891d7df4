"""What holds of edit windows for any rules and any order."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from orders.policies.windows.cut_offs import CutOff, next_cut_off
from orders.policies.windows.dead_rules import covers, find_dead_rules
from orders.policies.windows.editions import Campaign, Edition, Rule, Tier
from orders.policies.windows.rules import LineFacts, OrderFacts, judge_window
from tests.make.moments import NOON, ONE_DAY, ONE_MINUTE
from tests.properties.profiles import PURE

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]).map(ZoneInfo)
MOMENTS = st.integers(-200 * 24 * 60, 200 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
UNITS = st.integers(-2, 12).map(Decimal)
CLOCKS = st.sampled_from([time(0), time(6), time(12), time(12, 30), time(22)])
DAYS = st.sampled_from([0.0, 1.0, 2.5])
CURRENCIES = st.sampled_from(["EUR", "USD"])
TIERS = (Tier("hot", "Hot", 5.0), Tier("regular", "Regular", 1.0), Tier("slow", "Slow", 0.0))


def some(*values):
    return st.frozensets(st.sampled_from(values), max_size=2)


def maybe(values):
    return st.one_of(st.none(), values)


def named(**values):
    return st.fixed_dictionaries(values)


CONDITIONS = st.one_of(
    named(channels=some("web", "app")),
    named(countries=some("DE", "FR")),
    named(shipping_methods=some("express", "standard")),
    named(tags=some("vip", "gift")),
    named(categories=some("tees", "home")),
    named(skus=some("A", "B")),
    named(velocity_tiers=some("hot", "regular", "slow", "frozen")),
    named(customer_tiers=some("gold", "")),
    named(available_above=UNITS),
    named(available_at_most=UNITS),
    named(cover_above=DAYS),
    named(cover_at_most=DAYS),
    named(currency=CURRENCIES, value_from=maybe(UNITS), value_below=maybe(UNITS)),
    named(weekdays=st.frozensets(st.integers(1, 7), max_size=5)),
    named(from_time=CLOCKS, until_time=CLOCKS),
    named(cut_off_within=st.sampled_from([0, 30, 600])),
)
MINUTES = st.integers(1, 120)
OUTCOMES = st.one_of(
    named(action=st.sampled_from(["WINDOW", "STAFF_ONLY"]), minutes=MINUTES),
    named(action=st.just("WHILE_AVAILABLE"), minutes=MINUTES, above=st.integers(0, 9).map(Decimal)),
    named(action=st.sampled_from(["UNTIL_CUT_OFF", "NONE"])),
)


def make_rule(outcome, conditions, active):
    """The last of two conditions of one kind stands."""
    return Rule(id=1, name="R", active=active, **outcome, **{k: v for each in conditions for k, v in each.items()})


def rules():
    """Few conditions and few values, so that rules meet each other, and orders meet them."""
    active = st.sampled_from([True, True, True, False])
    return st.builds(make_rule, OUTCOMES, st.lists(CONDITIONS, max_size=3), active)


@st.composite
def editions(draw):
    """Rules with numbers of their own, one campaign or none."""
    usual = draw(st.lists(rules(), max_size=4))
    special = draw(st.lists(rules(), max_size=2))
    numbered = [replace(rule, id=place, name=f"R{place}") for place, rule in enumerate([*usual, *special], start=1)]
    span = (NOON - 90 * ONE_DAY, NOON + 90 * ONE_DAY)
    campaign = Campaign(1, "Drop", *span, draw(st.booleans()), tuple(numbered[len(usual) :]))
    return Edition(7, tuple(numbered[: len(usual)]), (campaign,), TIERS)


LINES = st.builds(
    LineFacts,
    sku=st.sampled_from(["A", "B", "C"]),
    available=st.integers(-1, 14).map(Decimal),
    velocity=st.sampled_from([0.0, 0.5, 1.0, 3.0, 5.0, 8.0]),
    level=st.integers(0, 3).map(Decimal),
    low=st.sampled_from([False, False, False, True]),
)


@st.composite
def orders(draw):
    placed_at = draw(MOMENTS)
    wait = draw(maybe(st.integers(1, 900)))
    return OrderFacts(
        channel=draw(st.sampled_from(["web", "app", "pos"])),
        channel_minutes=draw(st.sampled_from([0, 20])),
        placed_at=placed_at,
        zone=draw(ZONES),
        country=draw(st.sampled_from(["DE", "FR", "US", ""])),
        shipping_method=draw(st.sampled_from(["Express", "standard", ""])),
        tags=draw(st.lists(st.sampled_from(["VIP", "gift", "blue"]), max_size=2)),
        categories=draw(some("tees", "home", "clothing")),
        lines=draw(st.lists(LINES, max_size=3, unique_by=lambda line: line.sku)),
        value=draw(UNITS),
        currency=draw(CURRENCIES),
        customer_tier=draw(st.sampled_from(["Gold", "silver", ""])),
        next_cut_off=placed_at + wait * ONE_MINUTE if wait else None,
    )


LAGS = st.integers(0, 150).map(lambda minutes: minutes * ONE_MINUTE)


@PURE
@given(editions(), orders(), LAGS)
def test_the_winner_is_the_first_that_would_win_alone(edition, facts, lag):
    at = facts.placed_at + lag
    verdict = judge_window(edition, facts, at=at)
    alone = [rule.id for rule in _in_force(edition, facts) if _wins_alone(rule, facts, at)]
    low = any(line.is_low for line in facts.lines)
    assert verdict.rule_id == (None if low or not alone else alone[0])
    assert judge_window(edition, facts, at=at) == verdict, "judged again it is the same"


def _in_force(edition, facts):
    return [rule for _, rule in edition.rules_at(facts.placed_at)]


def _wins_alone(rule, facts, at):
    return judge_window(Edition(7, (rule,), (), TIERS), facts, at=at).rule_id == rule.id


@PURE
@given(editions(), orders(), LAGS)
def test_low_stock_never_gets_a_window(edition, facts, lag):
    scarce = replace(facts, lines=[*facts.lines, LineFacts("Z", Decimal(3), level=Decimal(3))])
    verdict = judge_window(edition, scarce, at=facts.placed_at + lag)
    assert (verdict.until, verdict.facts["why"]) == (None, "low_stock")


@PURE
@given(editions(), orders(), LAGS)
def test_a_rule_that_is_reported_dead_never_wins(edition, facts, lag):
    dead = {finding.rule.id for finding in find_dead_rules(edition)}
    assume(dead)
    assert judge_window(edition, facts, at=facts.placed_at + lag).rule_id not in dead


@PURE
@given(rules(), rules(), orders())
def test_a_rule_covers_another_only_if_it_fits_all_that_the_other_fits(one, other, facts):
    one, other = replace(one, active=True), replace(other, active=True)
    assume(covers(one, other) and _wins_alone(replace(other, id=2), facts, facts.placed_at))
    assert _wins_alone(replace(one, id=1), facts, facts.placed_at)


@PURE
@given(editions(), orders(), st.data())
def test_taking_away_a_later_rule_that_lost_changes_nothing(edition, facts, data):
    at = facts.placed_at
    verdict = judge_window(edition, facts, at=at)
    ids = [rule.id for rule in _in_force(edition, facts)]
    losers = ids[ids.index(verdict.rule_id) + 1 :] if verdict.rule_id else ids
    assume(losers)
    gone = data.draw(st.sampled_from(losers))
    assert judge_window(_without(edition, gone), facts, at=at) == verdict


def _without(edition, gone):
    campaigns = tuple(replace(c, rules=tuple(r for r in c.rules if r.id != gone)) for c in edition.campaigns)
    rules = tuple(rule for rule in edition.rules if rule.id != gone)
    return Edition(edition.id, rules, campaigns, edition.tiers)


@PURE
@given(rules(), orders(), st.integers(1, 600), LAGS)
def test_more_minutes_never_end_sooner(rule, facts, more, lag):
    assume(rule.minutes)
    at = facts.placed_at + lag
    short = judge_window(Edition(7, (rule,), (), TIERS), facts, at=at)
    long = judge_window(Edition(7, (replace(rule, minutes=rule.minutes + more),), (), TIERS), facts, at=at)
    assert short.until is None or (long.until is not None and long.until >= short.until)


@PURE
@given(editions(), orders(), LAGS, LAGS)
def test_a_window_judged_later_is_the_same_or_over(edition, facts, lag, later):
    first = judge_window(edition, facts, at=facts.placed_at + lag)
    second = judge_window(edition, facts, at=facts.placed_at + lag + later)
    over = first.until is None or first.until <= facts.placed_at + lag + later
    assert second.until == (None if over else first.until)
    assert first.until is None or first.until > facts.placed_at + lag


CUT_OFFS = st.lists(
    st.builds(
        CutOff,
        time=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
        zone=ZONES,
        working_days=st.frozensets(st.integers(1, 7)),
    ),
    max_size=3,
)


@PURE
@given(CUT_OFFS, MOMENTS, LAGS)
def test_the_next_cut_off_is_to_come_and_never_runs_back(cut_offs, after, lag):
    first, second = (next_cut_off(cut_offs, after=moment) for moment in (after, after + lag))
    if first is None or second is None:
        assert first is second is None
        assert not any(each.working_days for each in cut_offs)
        return
    assert after < first <= second
    assert first == second or first <= after + lag


@PURE
@given(CUT_OFFS.filter(bool), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_cut_off_is_passed_over(cut_offs, day):
    """Going from one to the next meets every one that a day of the calendar has."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    met, moment = set(), start
    while (moment := next_cut_off(cut_offs, after=moment)) and moment < start + 5 * ONE_DAY:
        met.add(moment)
    days = [day + place * ONE_DAY for place in range(-2, 8)]
    real = {
        datetime.combine(each, cut_off.time, tzinfo=cut_off.zone).astimezone(UTC)
        for cut_off in cut_offs
        for each in days
        if each.isoweekday() in cut_off.working_days
    }
    assert met == {each for each in real if start < each < start + 5 * ONE_DAY}
