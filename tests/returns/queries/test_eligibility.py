from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from orders.models import Order
from returns.actions.terms.arranging import save_terms
from returns.models import OrderTerms
from returns.queries.eligibility import LineVerdict, judge_lines
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import BERLIN, channel, line, placed_order
from tests.make.parcels import SENT_AT, report, sent_parcel
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant
from tests.make.terms import category, saved_terms, shelve

pytestmark = pytest.mark.django_db

BOSTON = {**BERLIN, "line1": "1 Main St", "city": "Boston", "province": "MA", "postal_code": "02108", "country": "US"}
DELIVERED = SENT_AT + ONE_DAY


def delivered_order(**fields: object) -> Order:
    """An order whose one parcel came a day after it left; under terms, if any were kept before."""
    channel(minutes=0)
    order = placed_order(**fields)  # type: ignore[arg-type]
    report(sent_parcel(order), "DELIVERED", at=DELIVERED)
    order.refresh_from_db()
    return order


def judge(order: Order, *, days_later: float = 1) -> LineVerdict:
    (verdict,) = judge_lines(order, at=DELIVERED + timedelta(days=days_later)).values()
    return verdict


def test_a_line_may_come_back_under_the_terms_it_was_bought_under():
    saved_terms(days=30)
    verdict = judge(delivered_order())

    assert (verdict.terms.name, verdict.verdict.code, verdict.left) == ("Everything", "in_window", Decimal(1))
    assert verdict.verdict.facts["last_day"] == date(2026, 12, 22)
    assert verdict.statutory


def test_terms_that_change_later_change_nothing_for_who_has_bought():
    row = saved_terms(days=60)
    order = delivered_order()
    row.days = 14
    save_terms(terms=row, by=ADA, at=DELIVERED)

    assert judge(order, days_later=50).verdict.eligible
    assert judge(order, days_later=50).terms.days == 60


def test_goods_that_are_filed_elsewhere_later_stay_under_their_old_terms():
    stocked_variant()
    shelve(SKU, category("tops"))
    saved_terms("Tops", 90, category=category("tops"))
    order = delivered_order(lines=[line()])
    shelve(SKU, category("lamps"))

    assert judge(order).terms.name == "Tops"


def test_an_order_that_noted_nothing_is_judged_by_the_edition_of_its_day_and_the_goods_of_today():
    stocked_variant()
    shelve(SKU, category("tops"))
    saved_terms("Tops", 90, category=category("tops"))
    order = delivered_order(lines=[line()])
    OrderTerms.objects.all().delete()
    saved_terms("Tops in Germany", 30, category=category("tops"), country="DE", at=NOON + ONE_DAY)

    assert judge(order).terms.name == "Tops"


def test_with_no_terms_at_all_the_law_alone_holds():
    order = delivered_order()

    assert (judge(order).verdict.code, judge(order).terms.resolutions) == ("in_window", ("REFUND",))
    assert judge(order, days_later=30).verdict.code == "window_closed"


def test_with_neither_terms_nor_law_nothing_comes_back():
    order = delivered_order(shipping_address=BOSTON)

    assert (judge(order).verdict.eligible, judge(order).verdict.code) == (False, "no_returns")


def test_the_day_ends_by_the_clock_of_the_province():
    saved_terms(days=30)
    order = delivered_order(shipping_address=BOSTON)

    assert judge(order).verdict.ends_at == datetime(2026, 12, 23, tzinfo=ZoneInfo("America/New_York"))


def test_where_the_province_is_not_said_the_last_clock_of_the_country_counts():
    saved_terms(days=30)
    order = delivered_order(shipping_address=BOSTON | {"province": ""})

    assert judge(order).verdict.ends_at == datetime(2026, 12, 23, 10, tzinfo=UTC)


def test_units_that_have_come_back_are_not_left():
    saved_terms()
    order = delivered_order()
    order.lines.update(returned_quantity=1)

    assert (judge(order).verdict.code, judge(order).left) == ("none_left", Decimal(0))


def test_what_was_never_sent_cannot_come_back():
    order = placed_order()

    assert judge(order).verdict.code == "not_sent"


def test_a_parcel_on_its_way_can_be_withdrawn_from_by_law_only():
    channel(minutes=0)
    saved_terms()
    american, german = placed_order(shipping_address=BOSTON), placed_order()
    for order in (american, german):
        sent_parcel(order, tracking_number="")

    codes = [next(iter(judge_lines(order, at=SENT_AT).values())).verdict.code for order in (american, german)]
    assert codes == ["not_delivered", "before_delivery"]


def test_it_takes_as_many_statements_for_many_lines_as_for_one():
    saved_terms()
    skus = [f"SKU-{number}" for number in range(20)]
    for sku in [SKU, *skus]:
        stocked_variant(sku, on_hand=100)
    one, many = delivered_order(lines=[line()]), delivered_order(lines=[line(sku) for sku in skus])
    judge_lines(one, at=NOON)  # what an edition says is read once
    counts = []
    for order in (one, many):
        with statements_made() as made:
            judge_lines(order, at=NOON)
        counts.append(len(made))

    assert counts == [2, 2]
