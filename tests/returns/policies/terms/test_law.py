"""What no terms can take from anybody, whatever a merchant writes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from returns.choices import FinalSale, Method, Resolution
from returns.policies.terms.choosing import choose_terms
from returns.policies.terms.floors import find_undercut, find_undercuts
from returns.policies.terms.judging import Delivery, judge_item
from returns.policies.terms.rows import ItemFacts, Terms
from returns.policies.terms.statutes import find_statute, raise_to_law
from returns.policies.terms.windows import end_of_days

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")
PATHS = {"clothing": ("clothing",), "briefs": ("clothing", "briefs")}

countries = st.sampled_from(["DE", "NO", "GB", "CN", "TW", "KR", "BR"])
words = st.sampled_from(["", "", "sale", "new"])


@st.composite
def rows(draw: st.DrawFn) -> Terms:
    """Anything a merchant may write, lawful or not."""
    final_sale = draw(st.none() | st.sampled_from(list(FinalSale)))
    return Terms(
        id=draw(st.integers(1, 10**6)),
        name="Row",
        category=draw(st.sampled_from(["", "clothing", "briefs"])),
        product_tag=draw(words),
        country=draw(st.just("") | countries),
        customer_tier=draw(st.sampled_from(["", "", "gold"])),
        days=0 if final_sale else draw(st.integers(1, 60)),
        final_sale=final_sale,
        resolutions=tuple(draw(st.sets(st.sampled_from(list(Resolution))))),
        methods=tuple(draw(st.sets(st.sampled_from(list(Method))))),
        label_fee=Decimal(draw(st.integers(0, 9))),
        restocking_percent=Decimal(draw(st.integers(0, 20))),
        bears=draw(st.sampled_from(["MERCHANT", "CUSTOMER", "DEDUCTED"])),
        shipping_refund=draw(st.sampled_from(["NEVER", "WHOLE_ORDER", "ALWAYS"])),
    )


@given(rows(), countries, st.integers(0, 40))
def test_whoever_asks_within_the_days_of_the_law_may_return_whatever_the_terms_say(row, country, days_later):
    law = find_statute(country, NOON)
    delivery = Delivery(shipped_at=NOON - DAY, delivered_at=NOON, order_shipped_at=NOON - DAY, order_delivered_at=NOON)
    at = NOON + days_later * DAY

    verdict = judge_item(row, delivery=delivery, at=at, zone=ZONE, country=country, statute=law)

    in_time = at < end_of_days(NOON, law.days, zone=ZONE, country=country)
    assert verdict.by_law == (in_time and not law.exempts(row))
    assert verdict.eligible or not verdict.by_law


@given(rows(), countries)
def test_terms_that_were_raised_to_the_law_undercut_nothing_and_lose_nothing(row, country):
    law = find_statute(country, NOON)
    raised = raise_to_law(row, law)

    assert find_undercut(raised, country, NOON) is None
    assert raised.days >= max(row.days, law.days)
    assert {*row.resolutions} <= {*raised.resolutions}
    assert {*row.methods} <= {*raised.methods}
    assert raise_to_law(raised, law) == raised


@given(st.lists(rows(), min_size=1, max_size=8, unique_by=lambda row: row.id), countries, st.data())
def test_rows_in_which_nothing_is_found_give_every_customer_what_the_law_gives(written, country, data):
    category = data.draw(st.sampled_from([(), ("clothing",), ("clothing", "briefs")]))
    tags = frozenset(data.draw(st.sets(st.sampled_from(["sale", "new"]))))
    bought = ItemFacts(category, tags, "web", country, data.draw(st.sampled_from(["", "gold"])))

    chosen = choose_terms(written, bought).terms

    if chosen is not None and find_undercut(chosen, country, NOON):
        assert chosen.id in {undercut.terms.id for undercut in find_undercuts(written, NOON, PATHS)}
