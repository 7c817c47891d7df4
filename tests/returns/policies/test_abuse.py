"""Seven signals of abuse: what each says, and that more of anything never makes less of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.policies.abuse import (
    MOST_POINTS,
    AbuseFacts,
    Effect,
    Share,
    Thresholds,
    find_effects,
    judge_abuse,
    peer_share,
)

THRESHOLDS = Thresholds()
COUNTS = st.integers(0, 30)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    bought = draw(st.integers(1, 60))
    peers = Decimal(draw(st.integers(0, 100))) / 100
    return Share(
        draw(st.sampled_from(["tops", "shoes"])), Decimal(bought), Decimal(draw(st.integers(0, bought))), peers
    )


FACTS = st.builds(
    AbuseFacts,
    shares=st.lists(shares(), max_size=3).map(tuple),
    worn_days=st.lists(st.integers(0, 40), max_size=5).map(tuple),
    empty_boxes=COUNTS,
    not_received=COUNTS,
    refuted=COUNTS,
    same_address=COUNTS,
    same_payment=COUNTS,
    photos_seen=st.lists(st.sampled_from(["R-1", "R-2", "R-3"]), max_size=3).map(tuple),
    lately=COUNTS,
)


def of(bought: int, returned: int, peers: str = "0.25") -> AbuseFacts:
    return AbuseFacts(shares=(Share("tops", Decimal(bought), Decimal(returned), Decimal(peers)),))


def points_of(facts: AbuseFacts, signal: str) -> int:
    return next((said.points for said in judge_abuse(facts).signals if said.signal == signal), 0)


def test_nothing_is_held_against_somebody_who_never_returned_anything():
    assert judge_abuse(AbuseFacts()).points == 0
    assert judge_abuse(of(20, 0)).signals == ()


def test_who_sends_back_what_their_peers_do_has_no_points():
    assert judge_abuse(of(40, 10)).points == 0


def test_two_of_two_sent_back_says_little_and_forty_of_forty_says_much():
    assert points_of(of(2, 2), "return_share") <= 6
    assert points_of(of(40, 40), "return_share") == 25


def test_the_share_is_told_in_words_beside_that_of_peers():
    (said,) = judge_abuse(of(40, 30)).signals

    assert said.sentence == "Sent back 30 of 40 units in a year, 75 %; peers send back 25 % of the same."
    assert said.evidence["bought"] == "40" and said.evidence["peers"] == "0.2500"


def test_a_category_of_few_units_is_told_by_what_is_usual():
    assert peer_share(Decimal(0), Decimal(0)) == Decimal("0.2")
    assert peer_share(Decimal(2), Decimal(2)) < Decimal("0.25")
    assert Decimal("0.49") < peer_share(Decimal(5000), Decimal(2500)) < Decimal("0.5")


@pytest.mark.parametrize(("days", "points"), [((), 0), ((1, 2), 0), ((3,), 10), ((4, 6, 9), 17)])
def test_only_what_was_kept_for_days_and_found_used_counts_as_worn(days, points):
    assert points_of(AbuseFacts(worn_days=days), "wardrobing") == points


def test_one_parcel_that_never_came_is_held_against_nobody():
    assert judge_abuse(AbuseFacts(not_received=1)).points == 0
    assert points_of(AbuseFacts(not_received=3), "empty_box") > 0
    assert points_of(AbuseFacts(empty_boxes=1), "empty_box") > 0


def test_a_family_at_one_address_is_no_pattern():
    assert judge_abuse(AbuseFacts(same_address=1)).points == 0
    assert points_of(AbuseFacts(same_address=4), "overlap") == 12


def test_a_photo_that_came_with_another_return_weighs_most():
    (said,) = judge_abuse(AbuseFacts(photos_seen=("R-7", "R-3", "R-7"))).signals

    assert (said.signal, said.points, said.evidence) == ("photo_seen", 34, {"returns": ["R-3", "R-7"]})
    assert said.sentence == "The same photo was sent with R-3, R-7."


@given(FACTS)
def test_a_score_is_its_signals_added_up_and_never_above_a_hundred(facts):
    score = judge_abuse(facts)

    assert score.points == min(MOST_POINTS, sum(said.points for said in score.signals))
    assert all(0 < said.points <= said.weight and said.sentence for said in score.signals)
    assert [said.points for said in score.signals] == sorted((said.points for said in score.signals), reverse=True)


@given(
    FACTS,
    st.sampled_from(["empty_boxes", "not_received", "refuted", "same_address", "same_payment", "lately"]),
)
def test_more_of_a_case_never_scores_less(facts, name):
    assert judge_abuse(replace(facts, **{name: getattr(facts, name) + 1})).points >= judge_abuse(facts).points


@given(FACTS, st.integers(0, 40))
def test_one_more_worn_return_never_scores_less(facts, days):
    assert judge_abuse(replace(facts, worn_days=(*facts.worn_days, days))).points >= judge_abuse(facts).points


@given(FACTS, st.data())
def test_one_more_unit_sent_back_never_scores_less_and_one_more_kept_never_more(facts, data):
    share = data.draw(shares())
    more = [
        judge_abuse(replace(facts, shares=(*facts.shares, changed)))
        for changed in (
            replace(share, bought=share.bought + 1),
            share,
            replace(share, bought=share.bought + 1, returned=share.returned + 1, peers=share.peers),
        )
    ]

    assert more[0].points <= more[1].points
    assert more[0].points <= more[2].points


@given(st.integers(0, 100), st.booleans())
def test_what_the_law_gives_costs_nobody_a_fee(points, fee_allowed):
    assert Effect.FEE not in find_effects(points, THRESHOLDS, fee_allowed=fee_allowed, statutory=True)


@given(st.integers(0, 100), st.booleans(), st.booleans())
def test_a_score_refuses_nothing_whatever_it_is(points, fee_allowed, statutory):
    effects = find_effects(points, THRESHOLDS, fee_allowed=fee_allowed, statutory=statutory)

    assert set(effects) <= {Effect.NO_ADVANCE, Effect.REVIEW, Effect.FEE}
    assert set(Effect) == {Effect.NO_ADVANCE, Effect.REVIEW, Effect.FEE}


@pytest.mark.parametrize(
    ("points", "effects"),
    [(24, ()), (25, ("no_advance",)), (40, ("no_advance", "review")), (60, ("no_advance", "review", "fee"))],
)
def test_the_more_points_the_more_it_leads_to(points, effects):
    assert find_effects(points, THRESHOLDS, fee_allowed=True) == effects
