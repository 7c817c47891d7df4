"""Rules decide: the first that fits, and never against the law."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.policies.deciding import BY_LAW, RequestFacts, Rule, decide_return
from returns.policies.rule_conditions import check_conditions, say_conditions

ASKED = RequestFacts(
    kind="RETURN",
    source="PORTAL",
    method="PREPAID_LABEL",
    channel="web",
    country="DE",
    tier="gold",
    currency="EUR",
    value=Decimal("40.00"),
    units=Decimal(2),
    earlier_returns=0,
    reasons=frozenset({"too-small", "damaged"}),
    root_causes=frozenset({"NOT_AS_EXPECTED", "DAMAGED_IN_TRANSIT"}),
    resolutions=frozenset({"REFUND"}),
    categories=(frozenset({"tops", "clothing"}), frozenset({"shoes", "clothing"})),
)


def rule(verdict="APPROVE", explanation="No.", **conditions):
    return Rule(id=1, name=verdict.title(), verdict=verdict, explanations={"en": explanation}, conditions=conditions)


def verdict_of(*rules, **changes):
    return decide_return(rules, replace(ASKED, **changes)).verdict


def test_the_first_rule_that_fits_decides():
    decision = decide_return([rule("DECLINE", country=["FR"]), rule("REVIEW", tier=["gold"]), rule()], ASKED)
    assert (decision.verdict, decision.because) == ("REVIEW", ("Rule “Review”.",))


def test_where_no_rule_fits_a_person_decides():
    assert verdict_of(rule(country=["FR"])) == "REVIEW"
    assert verdict_of() == "REVIEW"


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"kind": ["RETURN"]}, True),
        ({"channel": ["web", "app"], "country": ["AT"]}, False),
        ({"value": {"at_most": "40.00", "currency": "EUR"}}, True),
        ({"value": {"at_most": "39.99", "currency": "EUR"}}, False),
        ({"value": {"at_least": "10", "currency": "USD"}}, False),
        ({"units": {"at_least": 2, "at_most": 2}}, True),
        ({"earlier_returns": {"at_least": 1}}, False),
        ({"first_return": True}, True),
        ({"photo": True}, False),
        ({"reason": ["too-small"]}, False),
        ({"reason": ["too-small", "damaged", "other"]}, True),
        ({"category": ["clothing"]}, True),
        ({"category": ["tops"]}, False),
        ({"score": {"at_least": 60}}, False),
    ],
)
def test_all_conditions_must_hold_and_approving_means_every_item(conditions, fits):
    assert verdict_of(rule(**conditions), rule("DECLINE")) == ("APPROVE" if fits else "DECLINE")


CALLING = [{"reason": ["damaged"]}, {"category": ["shoes"]}, {"root_cause": ["ABUSE", "NOT_AS_EXPECTED"]}]


@pytest.mark.parametrize("conditions", CALLING)
def test_one_item_is_enough_to_call_a_person(conditions):
    assert verdict_of(rule("REVIEW", **conditions), rule("KEEP_IT")) == "REVIEW"


def test_a_decline_is_told_in_the_rules_own_words():
    assert decide_return([rule("DECLINE", "Not in sale.")], ASKED).explanations == {"en": "Not in sale."}


def test_what_the_law_grants_goes_to_a_person_instead_of_being_declined():
    decision = decide_return([rule("DECLINE")], replace(ASKED, statutory=True))
    assert (decision.verdict, decision.explanations) == ("REVIEW", {})
    assert BY_LAW in decision.because


def test_who_is_suspected_is_looked_at_whatever_a_rule_says():
    assert verdict_of(rule(), suspect=True, score=45) == "REVIEW"
    assert verdict_of(rule("KEEP_IT"), suspect=True) == "REVIEW"


VERDICTS = st.sampled_from(["APPROVE", "REVIEW", "DECLINE", "KEEP_IT"])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(["RETURN", "WITHDRAWAL", "CLAIM"]), min_size=1),
        "score": st.fixed_dictionaries({"at_least": st.integers(0, 100)}),
        "first_return": st.booleans(),
        "country": st.lists(st.sampled_from(["DE", "FR"]), min_size=1),
        "reason": st.lists(st.sampled_from(["too-small", "damaged", "misuse"]), min_size=1),
    },
)
RULES = st.lists(st.builds(lambda verdict, conditions: rule(verdict, **conditions), VERDICTS, CONDITIONS), max_size=6)


@given(RULES, st.integers(0, 100), st.booleans(), st.sampled_from(["RETURN", "WITHDRAWAL"]))
def test_no_list_of_rules_declines_what_the_law_grants(rules, score, suspect, kind):
    facts = replace(ASKED, kind=kind, statutory=kind != "WITHDRAWAL", score=score, suspect=suspect)
    assert decide_return(rules, facts).verdict != "DECLINE"


@given(RULES)
def test_rules_that_are_made_of_known_words_are_taken(rules):
    assert all(check_conditions(each.conditions, known={}) == [] for each in rules)


@pytest.mark.parametrize(
    ("conditions", "fault"),
    [
        ([], "Conditions are an object in braces."),
        ({"vlaue": {}}, "There is no condition “vlaue”"),
        ({"value": {"at_most": "20"}}, "“value” needs its “currency”"),
        ({"value": {"at_most": "much", "currency": "EUR"}}, "write numbers"),
        ({"units": {"at_least": 3, "at_most": 2}}, "ends before it begins"),
        ({"units": {"most": 2}}, "takes “at_least”, “at_most” or both"),
        ({"kind": ["SALE"]}, "there is no SALE"),
        ({"reason": []}, "is a list of words"),
        ({"channel": ["moon"]}, "there is no moon"),
        ({"photo": "yes"}, "is true or false"),
    ],
)
def test_conditions_that_mean_nothing_are_named(conditions, fault):
    (said,) = check_conditions(conditions, known={"channel": ["web"]})
    assert fault in said


def test_conditions_are_read_like_a_sentence():
    conditions = {"value": {"at_most": "20.00", "currency": "EUR"}, "root_cause": ["DAMAGED_IN_TRANSIT"], "photo": True}
    assert say_conditions(conditions) == "value at most 20.00 EUR; root cause: damaged in transit; photo"
    assert say_conditions({}) == "every return"
