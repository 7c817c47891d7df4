"""When base may end."""

from datetime import UTC, datetime

import pytest

from returns.policies.credit.ends import judge_end, read_laws

ISSUED = datetime(2026, 3, 5, 12, tzinfo=UTC)
SOON = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "province", "end"),
    [
        ("DE", "", datetime(2030, 1, 2, tzinfo=UTC)),
        ("IE", "", datetime(2031, 3, 7, tzinfo=UTC)),
        ("AU", "NSW", datetime(2029, 3, 7, tzinfo=UTC)),
        ("US", "TX", datetime(2031, 3, 7, tzinfo=UTC)),
        ("US", "ny", datetime(2035, 3, 7, tzinfo=UTC)),
        ("US", "California", None),
        ("CN", "", None),
        ("JP", "", None),
        ("", "", None),
    ],
)
def test_base_ends_no_sooner_than_the_law_lets_it_and_never_where_none_is_known(country, province, end):
    assert judge_end(SOON, issued_at=ISSUED, country=country, province=province) == end


def test_what_ends_later_than_the_law_asks_ends_when_the_shop_says():
    late = datetime(2040, 1, 1, tzinfo=UTC)
    assert judge_end(late, issued_at=ISSUED, country="DE") == late


def test_what_the_shop_lets_live_for_ever_lives_for_ever():
    assert judge_end(None, issued_at=ISSUED, country="DE") is None


def test_credit_of_a_leap_day_ends_after_the_first_of_march():
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert judge_end(leap, issued_at=leap, country="IE") == datetime(2033, 3, 3, tzinfo=UTC)


def test_before_a_law_there_was_none_and_credit_of_then_does_not_end():
    assert judge_end(SOON, issued_at=datetime(2019, 12, 1, tzinfo=UTC), country="IE") is None


def test_each_law_is_cited():
    assert all(law.citation and (law.years or law.country in {"US", "CN"}) for law in read_laws())
