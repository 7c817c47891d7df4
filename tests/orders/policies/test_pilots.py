"""The share of customers who may edit their own order."""

from hypothesis import given
from hypothesis import strategies as st

from orders.policies.pilots import judge_pilot

SHARES = st.integers(0, 100)
PEOPLE = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


def drawn(share, people):
    return [judge_pilot(channel="web", customer=person, share=share) for person in people]


def test_everybody_may_when_there_is_no_pilot():
    assert judge_pilot(channel="web", customer="ada@example.com", share=100) == ""


@given(PEOPLE)
def test_nobody_may_at_a_share_of_nothing(person):
    assert judge_pilot(channel="web", customer=person, share=0) == "CONTROL"


@given(PEOPLE, SHARES, SHARES)
def test_whoever_was_in_stays_in_when_the_share_rises(person, share, more):
    low, high = sorted((share, more))
    was_in = judge_pilot(channel="web", customer=person, share=low) != "CONTROL"
    assert not was_in or judge_pilot(channel="web", customer=person, share=high) != "CONTROL"


@given(PEOPLE, SHARES)
def test_case_and_blanks_are_the_same_person(person, share):
    assert drawn(share, [person]) == drawn(share, [f" {person.strip().lower()} "])


def test_the_share_is_the_share():
    people = [f"customer{number}@example.com" for number in range(20_000)]
    inside = drawn(5, people).count("PILOT") / len(people)
    assert 0.045 < inside < 0.055


def test_channels_draw_by_themselves():
    people = [f"customer{number}@example.com" for number in range(2_000)]
    one = drawn(50, people)
    other = [judge_pilot(channel="de", customer=person, share=50) for person in people]
    assert 0.4 < sum(a == b for a, b in zip(one, other, strict=True)) / len(people) < 0.6


def test_an_order_without_a_customer_is_in_the_control_group():
    assert judge_pilot(channel="web", customer="", share=50) == "CONTROL"
