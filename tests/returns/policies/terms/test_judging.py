from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from returns.choices import Condition, FinalSale, Resolution
from returns.policies.terms.judging import Delivery, Verdict, judge_item
from returns.policies.terms.rows import Terms
from returns.policies.terms.statutes import find_statute, raise_to_law
from tests.make.terms import terms

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 11, 3, 9, tzinfo=UTC)
EU, TAIWAN = find_statute("DE", TUESDAY), find_statute("TW", TUESDAY)
DAY = timedelta(days=1)


def judge(row: Terms, *, days_later: float, country: str = "US", **delivery: object) -> Verdict:
    """As asked so many days after it was delivered, in Berlin's zone, under the law of that country."""
    given = Delivery(**({"shipped_at": TUESDAY - DAY, "delivered_at": TUESDAY} | delivery))  # type: ignore[arg-type]
    law = find_statute(country, TUESDAY)
    at = TUESDAY + days_later * DAY
    return judge_item(row, delivery=given, at=at, zone=BERLIN, country=country, statute=law)


def test_it_may_come_back_until_the_last_moment_of_the_last_day():
    ends_at = datetime(2026, 12, 4, tzinfo=BERLIN)
    last_moment = (ends_at - TUESDAY - timedelta(microseconds=1)) / DAY

    verdict = judge(terms(days=30), days_later=last_moment)

    assert (verdict.eligible, verdict.code, verdict.ends_at) == (True, "in_window", ends_at)
    assert verdict.facts == {"days": 30, "last_day": date(2026, 12, 3)}


def test_a_moment_later_it_is_too_late_and_the_day_is_said():
    verdict = judge(terms(days=30), days_later=(datetime(2026, 12, 4, tzinfo=BERLIN) - TUESDAY) / DAY)

    assert (verdict.eligible, verdict.code, verdict.ended_on) == (False, "window_closed", date(2026, 12, 3))


def test_a_final_sale_does_not_come_back_and_says_why():
    verdict = judge(terms(days=0, final_sale=FinalSale.CUSTOM), days_later=1)

    assert (verdict.eligible, verdict.code, verdict.facts) == (False, "final_sale", {"reason": "CUSTOM"})


def test_the_law_gives_its_days_where_the_terms_give_less():
    verdict = judge(terms(days=7), days_later=10, country="DE")

    assert (verdict.eligible, verdict.code, verdict.by_law) == (True, "by_law", True)
    assert verdict.facts["citation"] == "Directive 2011/83/EU, article 9"
    assert judge(terms(days=7), days_later=15, country="DE").code == "window_closed"


def test_made_to_order_does_not_come_back_by_law_either():
    assert judge(terms(days=0, final_sale=FinalSale.CUSTOM), days_later=1, country="DE").code == "final_sale"


def test_intimate_goods_come_back_by_law_while_their_seal_is_unbroken():
    row = terms(days=0, final_sale=FinalSale.INTIMATE)

    assert judge(row, days_later=1, country="DE").code == "sealed_only"
    assert judge(row, days_later=1, country="US").code == "final_sale"
    assert judge(row, days_later=20, country="DE").code == "final_sale"


def test_on_its_way_it_waits_for_delivery_but_a_withdrawal_need_not():
    shipped = {"delivered_at": None, "shipped_at": TUESDAY}

    assert judge(terms(), days_later=1, **shipped).code == "not_delivered"
    assert judge(terms(), days_later=1, country="DE", **shipped).code == "before_delivery"
    assert judge(terms(), days_later=8, **shipped).code == "in_window"


def test_who_has_one_parcel_of_two_may_return_what_came():
    verdict = judge(terms(), days_later=1, delivered_at=None, some_came=True)

    assert verdict.code == "in_window"


def test_what_was_not_sent_cannot_come_back():
    assert judge(terms(), days_later=1, delivered_at=None, shipped_at=None).code == "not_sent"


def test_by_law_the_last_of_the_goods_begins_the_period_of_all():
    later = {"order_shipped_at": TUESDAY, "order_delivered_at": TUESDAY + 7 * DAY}

    assert judge(terms(days=7), days_later=20, country="DE", **later).code == "by_law"
    assert judge(terms(days=7), days_later=20, country="TW", **later).code == "window_closed"
    assert judge(terms(days=7), days_later=60, country="DE", whole=False).code == "by_law"


def test_what_the_law_gives_is_added_to_the_terms_and_nothing_is_taken():
    poor = terms(
        days=7, resolutions=(Resolution.STORE_CREDIT,), methods=(), restocking_percent=15, shipping_refund="NEVER",
    )  # fmt: skip
    assert EU
    raised = raise_to_law(poor, EU)

    assert (raised.days, raised.restocking_percent, raised.shipping_refund) == (14, 0, "WHOLE_ORDER")
    assert raised.resolutions == (Resolution.REFUND, Resolution.STORE_CREDIT)
    assert raised.methods == ("OWN_CARRIER",)
    assert raise_to_law(terms(), EU) == terms()


def test_where_the_merchant_bears_the_costs_no_label_fee_is_left():
    assert TAIWAN
    raised = raise_to_law(terms(label_fee=5, fee_currency="TWD", bears="DEDUCTED"), TAIWAN)

    assert (raised.label_fee, raised.bears) == (0, "MERCHANT")


def test_a_final_sale_of_sealed_goods_asks_for_the_seal():
    assert EU
    raised = raise_to_law(terms(days=0, final_sale=FinalSale.INTIMATE), EU)

    assert raised.conditions == (Condition.SEAL_UNBROKEN,)
