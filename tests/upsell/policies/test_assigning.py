from decimal import Decimal

from upsell.policies.assigning import assign_group


def holdout(share, units=4_000, salt="pepper"):
    return sum(assign_group(salt, str(unit), Decimal(share)) == "HOLDOUT" for unit in range(units)) / units


def test_whoever_fell_on_a_side_stays_there():
    assert len({assign_group("pepper", "42", Decimal("0.5")) for _ in range(10)}) == 1


def test_the_share_of_the_holdout_is_what_was_asked_for():
    assert holdout("0") == 0
    assert abs(holdout("0.1") - 0.1) < 0.02
    assert abs(holdout("0.5") - 0.5) < 0.03


def test_who_is_in_a_small_holdout_is_in_a_larger_one_too():
    small = {unit for unit in range(500) if assign_group("pepper", str(unit), Decimal("0.1")) == "HOLDOUT"}
    large = {unit for unit in range(500) if assign_group("pepper", str(unit), Decimal("0.3")) == "HOLDOUT"}
    assert small < large


def test_another_campaign_draws_anew():
    one, other = (
        [assign_group(salt, str(unit), Decimal("0.5")) == "HOLDOUT" for unit in range(4_000)] for salt in ("a", "b")
    )
    assert abs(sum(a and b for a, b in zip(one, other, strict=True)) / 4_000 - 0.25) < 0.03
