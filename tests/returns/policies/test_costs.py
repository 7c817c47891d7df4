"""What goods lose by their grade, and that every part of a return's cost has its sign and its name once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.choices import Disposition
from returns.policies.costs import CostFacts, CostItem, CostLabel, CostSettlement, reckon_costs, resale_of, write_down

AMOUNT = st.decimals(0, 500, places=2)
ITEMS = st.lists(
    st.builds(
        CostItem,
        id=st.integers(1, 10**6),
        quantity=st.decimals(1, 9, places=0),
        value=AMOUNT,
        freight_out=AMOUNT,
        seen=st.booleans(),
        came=st.booleans(),
        grade=st.sampled_from(["", "A", "B", "C", "D"]),
        disposition=st.sampled_from(["", *Disposition]),
        handling=AMOUNT,
        resale_percent=st.integers(0, 100),
    ),
    max_size=5,
    unique_by=lambda item: item.id,
)
FACTS = st.builds(
    CostFacts,
    number=st.just("1001-R1"),
    currency=st.just("EUR"),
    arrived=st.booleans(),
    duty=AMOUNT,
    items=ITEMS,
    labels=st.lists(st.builds(CostLabel, id=st.integers(1, 99), cost=AMOUNT), max_size=2, unique_by=lambda row: row.id),
    settlements=st.lists(
        st.builds(CostSettlement, id=st.integers(1, 99), bonus=AMOUNT, fees=AMOUNT),
        max_size=3,
        unique_by=lambda row: row.id,
    ),
)


def goods(grade: str, disposition: str = Disposition.RESTOCK, *, came: bool = True) -> CostItem:
    return CostItem(
        id=1,
        quantity=Decimal(2),
        value=Decimal(100),
        freight_out=Decimal(3),
        seen=True,
        came=came,
        grade=grade,
        disposition=disposition,
        handling=Decimal("1.50"),
        resale_percent=60,
    )


@given(FACTS)
def test_costs_are_positive_income_is_negative_and_each_part_has_its_own_key(facts):
    costs = reckon_costs(facts)
    assert len({cost.key for cost in costs}) == len(costs)
    assert all((cost.amount < 0) == (cost.kind in ("FEE", "RESALE")) for cost in costs)


@given(FACTS)
def test_what_is_certain_stays_certain_when_more_of_it_is_seen(facts):
    later = CostFacts(
        number=facts.number,
        currency=facts.currency,
        arrived=True,
        duty=facts.duty,
        items=facts.items,
        labels=facts.labels,
        settlements=facts.settlements,
    )
    assert set(reckon_costs(facts)) <= set(reckon_costs(later))


@given(ITEMS)
def test_goods_never_lose_more_than_they_were_worth_nor_bring_more(items):
    for item in items:
        assert 0 <= write_down(item) <= item.value
        assert 0 <= resale_of(item) <= item.value


def test_the_worse_the_grade_the_more_is_lost():
    lost = [write_down(goods(grade)) for grade in "ABCD"]
    assert lost == [0, 40, 70, 100]


def test_what_is_given_away_or_never_came_is_lost_and_what_is_sold_there_brings_its_share():
    assert write_down(goods("A", Disposition.DONATE)) == 100
    assert write_down(goods("A", came=False)) == 100
    sold = goods("B", Disposition.RESELL_LOCALLY)
    assert (write_down(sold), resale_of(sold)) == (100, 60)
