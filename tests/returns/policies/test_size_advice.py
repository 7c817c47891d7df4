"""What sizes that came back say of the next customer's."""

import pytest

from returns.policies.size_advice import SizeAdvice, SizeFigures, advise_on_size


@pytest.mark.parametrize(
    ("small", "large", "advice"),
    [
        (17, 3, SizeAdvice("SMALL", 17, 20)),
        (2, 14, SizeAdvice("LARGE", 14, 16)),
        (12, 0, SizeAdvice("SMALL", 12, 12)),
    ],
)
def test_many_who_say_the_same_are_an_advice(small: int, large: int, advice: SizeAdvice):
    assert advise_on_size(SizeFigures(small, large)) == advice


@pytest.mark.parametrize(("small", "large"), [(11, 0), (9, 4), (10, 10), (0, 0)])
def test_few_or_divided_voices_are_none(small: int, large: int):
    assert advise_on_size(SizeFigures(small, large)) is None


def test_nobody_who_said_anything_is_no_advice():
    assert advise_on_size(None) is None
