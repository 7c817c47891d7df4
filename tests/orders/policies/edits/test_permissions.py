"""Who may change what: of each operation the first row that fits, of all operations the strictest."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.policies.edits.permissions import Attempt, Permission, judge_permission
from tests.properties.profiles import PURE

STRICTNESS = ["ALLOW", "APPROVE", "REFUSE"]


def row(verdict, **fields):
    """A row that fits everything but for what is named."""
    usual = {"actor": "ANY", "operation": "ANY", "stage": "ANY", "to_another_country": None, "limits": None}
    return Permission(**usual | fields, verdict=verdict)


def attempt(*operations, **fields):
    """A customer inside the window, in euros; nothing gets dearer."""
    usual = {"actor": "CUSTOMER", "stage": "WINDOW_OPEN", "to_another_country": False}
    usual |= {"rise": Decimal(0), "currency": "EUR", "operations": operations or ("swap_variant",)}
    return Attempt(**usual | fields)


def ruling(rows, *operations, **fields):
    return judge_permission(attempt(*operations, **fields), rows).ruling


@pytest.mark.parametrize(
    "fields",
    [
        {"actor": "STAFF"},
        {"operation": "add_item"},
        {"stage": "RELEASED"},
        {"to_another_country": True},
        {"limits": {"EUR": Decimal(-1)}},
    ],
)
def test_a_row_of_something_else_does_not_fit(fields):
    assert ruling([row("ALLOW", **fields)]) == "REFUSE"
    assert ruling([row("ALLOW", **fields), row("APPROVE")]) == "APPROVE"


def test_the_first_row_that_fits_decides():
    assert ruling([row("APPROVE"), row("ALLOW"), row("REFUSE")]) == "APPROVE"


def test_no_row_at_all_refuses():
    assert ruling([]) == "REFUSE"


def test_the_strictest_operation_decides_and_is_named_with_its_sentence():
    rows = [
        row("REFUSE", operation="set_unit_price", sentence="Prices are set by the shop."),
        row("APPROVE", operation="change_address"),
        row("ALLOW"),
    ]
    asked = attempt("swap_variant", "set_unit_price", "change_address")
    judgement = judge_permission(asked, rows)
    assert (judgement.ruling, judgement.operation) == ("REFUSE", "set_unit_price")
    assert judgement.sentence == "Prices are set by the shop."


@pytest.mark.parametrize(
    ("rise", "currency", "verdict"),
    [
        ("200.00", "EUR", "ALLOW"),
        ("200.01", "EUR", "APPROVE"),
        ("-500.00", "EUR", "ALLOW"),
        ("32000", "JPY", "ALLOW"),
        ("32001", "JPY", "APPROVE"),
        ("0.01", "USD", "APPROVE"),
        ("0.00", "USD", "ALLOW"),
    ],
)
def test_a_limit_is_of_its_currency_and_one_that_is_not_named_has_none(rise, currency, verdict):
    rows = [row("ALLOW", limits={"EUR": Decimal(200), "JPY": Decimal(32_000)}), row("APPROVE")]
    assert ruling(rows, rise=Decimal(rise), currency=currency) == verdict


VERDICTS = st.sampled_from(STRICTNESS)
OPERATIONS = st.sampled_from(["swap_variant", "add_item", "change_address"])
ROWS = st.lists(
    st.builds(
        row,
        VERDICTS,
        actor=st.sampled_from(["ANY", "CUSTOMER", "BOT"]),
        operation=st.one_of(st.just("ANY"), OPERATIONS),
        stage=st.sampled_from(["ANY", "WINDOW_OPEN", "HELD"]),
        to_another_country=st.sampled_from([None, True, False]),
        limits=st.sampled_from([None, {"EUR": Decimal(10)}]),
    ),
    max_size=6,
)
ATTEMPTS = st.builds(
    attempt,
    actor=st.sampled_from(["CUSTOMER", "BOT", "STAFF"]),
    operations=st.lists(OPERATIONS, min_size=1, max_size=4),
    stage=st.sampled_from(["WINDOW_OPEN", "HELD", "RELEASED"]),
    to_another_country=st.booleans(),
    rise=st.sampled_from([Decimal(-5), Decimal(0), Decimal(10), Decimal(11)]),
)


def alone(asked, operation, rows):
    return judge_permission(attempt(operation, **{name: getattr(asked, name) for name in _OF_ALL}), rows).ruling


_OF_ALL = ("actor", "stage", "to_another_country", "rise", "currency")


@PURE
@given(ATTEMPTS, ROWS)
def test_several_operations_are_never_allowed_more_than_each_alone(asked, rows):
    each = [STRICTNESS.index(alone(asked, operation, rows)) for operation in asked.operations]
    assert STRICTNESS.index(judge_permission(asked, rows).ruling) == max(each)


@PURE
@given(ATTEMPTS, ROWS, VERDICTS)
def test_a_row_below_one_that_fits_everything_changes_nothing(asked, rows, verdict):
    rows = [*rows, row("APPROVE")]
    assert judge_permission(asked, [*rows, row(verdict)]) == judge_permission(asked, rows)


@PURE
@given(ATTEMPTS, ROWS)
def test_getting_dearer_is_never_allowed_where_getting_cheaper_is_not(asked, rows):
    """As long as what is above a limit is judged no milder than what is within."""
    limited = [each for each in rows if each.limits is None or each.verdict == "ALLOW"]
    cheap, dear = (
        Attempt(**{name: getattr(asked, name) for name in Attempt.__slots__} | {"rise": Decimal(rise)})
        for rise in (0, 99)
    )
    mild, strict = (STRICTNESS.index(judge_permission(each, limited).ruling) for each in (cheap, dear))
    assert mild <= strict
