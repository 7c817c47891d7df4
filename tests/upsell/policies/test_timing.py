"""When the one mail of an order goes out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make.moments import NOON, ONE_HOUR, ONE_MINUTE
from upsell.policies.timing import Rhythm, find_earliest, judge_timing

HALF = Rhythm(Decimal("0.50"), 20 * ONE_MINUTE)


def judge(at, rhythm=HALF, *, span=ONE_HOUR):
    return judge_timing(rhythm, opened_at=NOON, until=NOON + span, at=at)


@pytest.mark.parametrize(
    ("minutes", "timing"), [(0, "WAIT"), (29, "WAIT"), (30, "NOW"), (40, "NOW"), (41, "TOO_SHORT"), (59, "TOO_SHORT")]
)
def test_a_mail_goes_out_at_its_share_of_the_window_and_not_too_late(minutes, timing):
    assert judge(NOON + minutes * ONE_MINUTE) == timing


def test_a_window_that_was_always_too_short_is_known_at_once():
    assert judge(NOON, span=15 * ONE_MINUTE) == "TOO_SHORT"


@given(share=st.decimals(0, 1, places=2), least=st.integers(0, 60), minutes=st.integers(0, 60))
def test_no_mail_goes_out_before_orders_are_looked_at(share, least, minutes):
    rhythm = Rhythm(share, timedelta(minutes=least))
    share_of_all, rest_of_all = find_earliest([rhythm, HALF])
    at = NOON + minutes * ONE_MINUTE
    looked_at = at >= NOON + ONE_HOUR * float(share_of_all) or NOON + ONE_HOUR - rest_of_all < at
    assert looked_at or judge(at, rhythm) == "WAIT"
