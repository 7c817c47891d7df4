"""What carriers ask, by their tables."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orders.policies.shipping.rates import Offered, RateRow, RateTable, weigh_volume

LEJ, RNO = 1, 2
STANDARD = Offered(1, "house", "CP", "Parcel")
EXPRESS = Offered(2, "house", "EE", "Express", express=True, divisor=5_000)
LETTER = Offered(3, "house", "RR", "Letter", most_grams=2_000)


def row(service=STANDARD, price="5.00", *, warehouse=None, country="", weights=(0, None), a_kilogram=None, days=3):
    per_kg = Decimal(a_kilogram) if a_kilogram else None
    return RateRow(service, warehouse, country, *weights, Decimal(price), per_kg, days)


def costs(table, *asked):
    return [(offer.service.code, str(offer.cost)) for offer in table.offers(*asked)]


def test_the_most_particular_row_decides_a_warehouse_before_a_country_before_anywhere():
    rows = [row(price="9"), row(price="8", country="DE"), row(price="7", warehouse=LEJ)]
    exact = row(price="6", warehouse=LEJ, country="DE")
    assert costs(RateTable([*rows, exact]), LEJ, "DE", 500, None) == [("CP", "6")]
    assert costs(RateTable(rows), LEJ, "DE", 500, None) == [("CP", "7")]
    assert costs(RateTable(rows), RNO, "DE", 500, None) == [("CP", "8")]
    assert costs(RateTable(rows), RNO, "FR", 500, None) == [("CP", "9")]


def test_a_particular_row_that_ends_below_the_weight_leaves_it_to_the_next():
    table = RateTable([row(price="9"), row(price="6", warehouse=LEJ, country="DE", weights=(0, 1_000))])
    assert costs(table, LEJ, "DE", 1_000, None) == [("CP", "6")]
    assert costs(table, LEJ, "DE", 1_001, None) == [("CP", "9")]


def test_weights_are_from_and_to_inclusive_and_gaps_take_nothing():
    table = RateTable([row(price="4", weights=(0, 500)), row(price="6", weights=(501, 2_000))])
    assert costs(table, LEJ, "DE", 500, None) == [("CP", "4")]
    assert costs(table, LEJ, "DE", 501, None) == [("CP", "6")]
    assert costs(table, LEJ, "DE", 2_001, None) == []


def test_above_its_end_each_started_kilogram_costs_more():
    table = RateTable([row(price="6.00", weights=(0, 2_000), a_kilogram="1.50")])
    prices = {grams: table.cheapest(LEJ, "DE", grams, None).cost for grams in (2_000, 2_001, 3_000, 3_001)}
    assert [str(price) for price in prices.values()] == ["6.00", "7.50", "7.50", "9.00"]


def test_a_light_but_large_parcel_pays_for_its_volume():
    table = RateTable([row(EXPRESS, "10", weights=(0, 1_000)), row(EXPRESS, "20", weights=(1_001, 5_000))])
    assert weigh_volume((300, 200, 100), 5_000) == 1_200
    assert costs(table, LEJ, "DE", 400, (300, 200, 100)) == [("EE", "20")]
    assert costs(table, LEJ, "DE", 400, None) == [("EE", "10")]


def test_too_heavy_is_told_apart_from_no_rate():
    table = RateTable([row(LETTER), row(EXPRESS, country="FR")])
    assert table.missing(LEJ, "DE", 2_001, None) == {LETTER: "too_heavy", EXPRESS: "no_rate"}


def test_the_cheapest_is_the_first_of_the_offers_and_express_only_where_asked():
    table = RateTable([row(price="5"), row(EXPRESS, "12", days=1), row(LETTER, "3", days=5)])
    assert table.cheapest(LEJ, "DE", 500, None) == table.offers(LEJ, "DE", 500, None)[0]
    assert table.cheapest(LEJ, "DE", 500, None).service == LETTER
    assert table.cheapest(LEJ, "DE", 500, None, express=True).service == EXPRESS
    assert RateTable([]).cheapest(LEJ, "DE", 500, None) is None


@pytest.mark.parametrize("heavier", range(100, 6_000, 700))
def test_more_weight_is_never_cheaper_in_a_table_that_rises(heavier):
    rows = [row(price=str(4 + step), weights=(step * 1_000, step * 1_000 + 999)) for step in range(8)]
    table = RateTable(rows)
    assert table.cheapest(LEJ, "DE", heavier, None).cost <= table.cheapest(LEJ, "DE", heavier + 700, None).cost


MEASURES = st.none() | st.tuples(*[st.integers(50, 600)] * 3)
TABLE = RateTable(
    [
        row(LETTER, "3", weights=(0, 500)),
        row(LETTER, "4", weights=(501, None)),
        row(price="6", weights=(0, 2_000), a_kilogram="1.50"),
        row(EXPRESS, "11", weights=(100, 1_000)),
        row(EXPRESS, "19", weights=(1_001, 9_000)),
    ]
)


@given(grams=st.integers(1, 2_100), more=st.integers(0, 300), measures=MEASURES, express=st.booleans())
def test_parcels_of_one_band_go_the_same_way_for_the_same_price(grams, more, measures, express):
    one, other = ((LEJ, "DE", weight, measures) for weight in (grams, grams + more))
    assume(TABLE.band(*one[2:]) == TABLE.band(*other[2:]))

    first, second = (TABLE.cheapest(*each, express=express) for each in (one, other))

    assert (first and (first.service, first.cost, first.days)) == (
        second and (second.service, second.cost, second.days)
    )


@given(one=st.integers(1, 501), more=st.integers(0, 2_200), measures=MEASURES)
def test_bands_end_where_prices_change(one, more, measures):
    near, far = (TABLE.cheapest(LEJ, "DE", grams, measures) for grams in (one, one + more))
    assert near.cost == far.cost or TABLE.band(one, measures) != TABLE.band(one + more, measures)
