"""What a border costs: each rule on both sides of its day and of its limit."""

from datetime import date
from decimal import Decimal

import pytest

from orders.policies.routing.borders import read_borders
from orders.policies.routing.duties import Item, estimate_duty

TEE, BAG, SHOE, PHONE, CHAIR = "6109.10", "4202.21", "6404.11", "8517.13", "9401.61"
LATE = date(2026, 9, 1)
"""After all that is known to change in 2026."""


def estimate(value, way, *, on=LATE, of=TEE, origin="CN", currency="EUR", units=1):
    sent_from, sent_to = way.split(">")
    item = Item(of, origin, Decimal(value), Decimal(units))
    return estimate_duty([item], from_country=sent_from, to_country=sent_to, at=on, currency=currency)


def duty(*args, **kwargs):
    return estimate(*args, **kwargs).duty


def tax(*args, **kwargs):
    return estimate(*args, **kwargs).tax


@pytest.mark.parametrize("way", ["DE>DE", "DE>FR", "FR>MC", "IE>XI", "XI>DE", "GB>XI", "CH>LI", "GB>IM"])
def test_where_no_border_is_in_between_nothing_is_due(way):
    free = estimate("5000", way)
    assert (free.duty, free.tax, free.tax_in_price) == (0, 0, False)


@pytest.mark.parametrize(
    ("way", "tax"), [("AE>SA", "750.00"), ("TR>DE", "950.00"), ("DE>TR", "1000.00"), ("SM>IT", "1100.00")]
)
def test_a_customs_union_waives_the_duty_alone(way, tax):
    free = estimate("5000", way)
    assert (free.code, free.duty, free.tax) == ("customs_union", 0, Decimal(tax))


def test_what_is_worth_nothing_is_free():
    assert estimate("0", "CN>DE").code == "nothing"


# --- European Union ------------------------------------------------------------------------------------------------

LAST_FREE_DAY, FIRST_FLAT_DAY = date(2026, 6, 30), date(2026, 7, 1)


def test_up_to_150_euro_no_duty_is_due_until_the_end_of_june_2026():
    assert duty("150.00", "CN>DE", on=LAST_FREE_DAY) == 0
    assert duty("150.01", "CN>DE", on=LAST_FREE_DAY) == Decimal("18.00")


def test_from_july_2026_each_kind_of_goods_pays_3_euro_up_to_150():
    assert duty("150.00", "CN>DE", on=FIRST_FLAT_DAY) == 3
    assert duty("30.00", "CN>DE", on=FIRST_FLAT_DAY, units=5) == 3
    assert duty("150.01", "CN>DE", on=FIRST_FLAT_DAY) == Decimal("18.00")


def test_two_kinds_pay_twice_however_many_there_are_of_each():
    items = [Item(code, "CN", Decimal(9), Decimal(3)) for code in (TEE, TEE, SHOE)]
    flat = estimate_duty(items, from_country="CN", to_country="DE", at=FIRST_FLAT_DAY, currency="EUR")
    assert (flat.code, flat.duty) == ("each_kind", 6)


def test_from_july_2028_the_ordinary_duty_is_due_from_the_first_cent():
    assert duty("10.00", "CN>DE", on=date(2028, 6, 30)) == 3
    assert duty("10.00", "CN>DE", on=date(2028, 7, 1)) == Decimal("1.20")


def test_tax_is_due_from_the_first_cent_since_july_2021_and_up_to_150_euro_in_the_price():
    assert tax("22.00", "CN>DE", on=date(2021, 6, 30)) == 0
    assert tax("22.01", "CN>DE", on=date(2021, 6, 30)) == Decimal("4.18")
    first = estimate("22.00", "CN>DE", on=date(2021, 7, 1))
    assert (first.tax, first.tax_in_price) == (Decimal("4.18"), True)
    assert not estimate("150.01", "CN>DE", on=date(2021, 7, 1)).tax_in_price


def test_the_limit_is_reckoned_in_euro_whatever_the_shop_sells_in():
    assert duty("175.00", "CN>DE", on=LAST_FREE_DAY, currency="USD") == 0
    assert duty("176.00", "CN>DE", on=LAST_FREE_DAY, currency="USD") == Decimal("21.12")


def test_where_the_shops_currency_has_no_reference_rate_nothing_counts_as_small():
    assert duty("1.00", "CN>DE", on=LAST_FREE_DAY, currency="XAF") == 0  # 0.12 of a currency without decimals
    assert estimate("1.00", "CN>DE", on=LAST_FREE_DAY, currency="XAF").code == "dutiable"


# --- elsewhere -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "currency", "limit", "above", "then"),
    [
        ("CN>GB", "GBP", "135.00", "135.01", "16.20"),
        ("CN>CA", "CAD", "20.00", "20.01", "3.60"),
        ("US>CA", "CAD", "150.00", "150.01", "27.00"),
        ("CN>AU", "AUD", "1000.00", "1000.01", "50.00"),
        ("US>NZ", "NZD", "1000.00", "1000.01", "100.00"),
        ("CN>KR", "USD", "150.00", "150.01", "19.50"),
        ("US>KR", "USD", "200.00", "200.01", "26.00"),
        ("DE>CN", "CNY", "5000.00", "5000.01", "350.00"),
        ("CN>NO", "NOK", "3000.00", "3000.01", "321.00"),
    ],
)
def test_up_to_its_limit_each_country_asks_no_duty(way, currency, limit, above, then):
    assert estimate(limit, way, currency=currency, origin="BD").code == "small"
    assert duty(limit, way, currency=currency, origin="BD") == 0
    assert duty(above, way, currency=currency, origin="BD") == Decimal(then)


def test_canada_taxes_what_comes_from_its_neighbors_above_40_dollars_and_all_else_above_20():
    assert (tax("40.00", "US>CA", currency="CAD"), tax("40.01", "US>CA", currency="CAD")) == (0, Decimal("2.00"))
    assert (tax("20.00", "DE>CA", currency="CAD"), tax("20.01", "DE>CA", currency="CAD")) == (0, Decimal("1.18"))


@pytest.mark.parametrize(
    ("on", "origin", "due"),
    [
        (date(2025, 5, 1), "CN", "0"),
        (date(2025, 5, 2), "CN", "432.00"),  # 16.5 + 7.5 + 20 + 10 %
        (date(2025, 5, 2), "DE", "0"),
        (date(2025, 8, 28), "DE", "0"),
        (date(2025, 8, 29), "DE", "212.00"),  # 16.5 + 10 %
    ],
)
def test_the_united_states_ended_their_relief_first_for_china_then_for_all(on, origin, due):
    assert duty("800.00", f"{origin}>US", on=on, origin=origin, currency="USD") == Decimal(due)


def test_above_800_dollars_duty_was_due_before():
    assert duty("800.01", "DE>US", on=date(2025, 3, 1), origin="DE", currency="USD") == Decimal("132.00")


@pytest.mark.parametrize(
    ("on", "rate"), [(date(2026, 2, 23), "34"), (date(2026, 2, 24), "24"), (date(2026, 7, 23), "24"), (LATE, "14")]
)
def test_surcharges_come_and_go_with_their_days(on, rate):
    """Of a phone case that ordinarily pays 4 %: what is levied on top of China's goods."""
    extra = estimate("100.00", "CN>US", on=on, of="3926.90", currency="USD").duty - Decimal("11.50")
    assert extra == Decimal(rate) - 14


def test_switzerland_asks_no_duty_on_industrial_goods_since_2024_and_no_tax_of_5_francs_or_less():
    assert duty("1000.00", "CN>CH", on=date(2023, 12, 31), currency="CHF") == Decimal("40.00")
    assert duty("1000.00", "CN>CH", on=date(2024, 1, 1), currency="CHF") == 0
    assert tax("61.70", "CN>CH", currency="CHF") == 0
    assert tax("62.00", "CN>CH", currency="CHF") == Decimal("5.02")


def test_japan_frees_up_to_10_000_yen_but_not_knitwear_leather_and_shoes():
    assert estimate("10000", "US>JP", of=CHAIR, currency="JPY").tax == 0
    assert estimate("10001", "US>JP", of=CHAIR, currency="JPY").tax == 1000
    assert (duty("10000", "US>JP", of=TEE, currency="JPY"), duty("10000", "US>JP", of=BAG, currency="JPY")) == (
        1090,
        1000,
    )


def test_china_takes_70_per_cent_of_the_tax_of_small_orders():
    assert tax("5000.00", "DE>CN", currency="CNY") == Decimal("455.00")
    assert tax("5000.01", "DE>CN", of=CHAIR, currency="CNY") == Decimal("650.00")


def test_singapore_has_its_tax_charged_by_the_seller_since_2023():
    assert tax("400.00", "CN>SG", on=date(2022, 12, 31), currency="SGD") == 0
    since = estimate("400.00", "CN>SG", on=date(2023, 1, 1), currency="SGD")
    assert (since.tax, since.tax_in_price) == (Decimal("32.00"), True)
    assert not estimate("400.01", "CN>SG", on=date(2023, 1, 1), currency="SGD").tax_in_price


# --- rates and origin ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "rate"),
    [(TEE, "12"), (SHOE, "16.9"), ("6405.10", "12"), (BAG, "3"), (PHONE, "0"), ("2204", "3.5"), ("", "3.5")],
)
def test_the_longest_beginning_of_the_code_that_is_named_gives_the_rate(code, rate):
    assert duty("1000.00", "CN>DE", of=code) == Decimal(rate) * 10


def test_an_unknown_country_has_middling_rates():
    assert (duty("100.00", "CN>BR"), tax("100.00", "CN>BR")) == (Decimal("8.00"), Decimal("16.20"))


def test_goods_of_either_party_cross_free_of_duty_and_those_of_others_do_not():
    assert estimate("500.00", "GB>DE", origin="GB").code == "preference"
    assert estimate("500.00", "GB>DE", origin="FR").duty == 0
    assert duty("500.00", "GB>DE", origin="CN") == Decimal("60.00")
    assert duty("500.00", "GB>DE", origin="") == Decimal("60.00")


def test_an_agreement_counts_from_its_first_day():
    assert duty("500.00", "NZ>DE", origin="NZ", on=date(2024, 4, 30)) == Decimal("60.00")
    assert duty("500.00", "NZ>DE", origin="NZ", on=date(2024, 5, 1)) == 0


def test_of_a_mixed_parcel_only_what_has_no_preference_pays():
    items = [Item(TEE, origin, Decimal(200), Decimal(1)) for origin in ("GB", "CN")]
    mixed = estimate_duty(items, from_country="GB", to_country="DE", at=LATE, currency="EUR")
    assert (mixed.code, mixed.duty, mixed.tax) == ("dutiable", Decimal("24.00"), Decimal("80.56"))


def test_every_row_says_where_it_is_written_and_ends_after_it_begins():
    borders = read_borders()
    rows = [row for each in borders.__slots__ for row in getattr(borders, each)]
    assert all(row.source and row.since < row.until for row in rows)
    assert len(rows) > 60
