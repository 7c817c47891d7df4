"""Who carries a parcel, and why not the others."""

from datetime import date
from decimal import Decimal

from orders.policies.shipping.shopping import Option, Promise, add_working_days, choose_option

FRIDAY = date(2026, 11, 20)
MONDAY, TUESDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 26)


def option(service, cost, days, **fields):
    return Option(
        account="house", service=service, name=service, cost=Decimal(cost), currency="EUR", days=days, **fields
    )


SLOW, USUAL, FAST = option("slow", "3", 5), option("usual", "5", 2), option("fast", "12", 1, express=True)


def promise(**fields):
    return Promise(leaves=FRIDAY, currency="EUR", **fields)


def why(choice):
    return {each.service: each.why_not for each in choice.options}


def test_a_weekend_is_not_on_the_way():
    assert add_working_days(FRIDAY, 1) == MONDAY
    assert add_working_days(FRIDAY, 0) == FRIDAY


def test_without_a_promise_the_cheapest_is_taken_and_the_others_say_dearer():
    choice = choose_option([FAST, USUAL, SLOW], promise())
    assert choice.chosen == SLOW
    assert why(choice) == {"slow": "", "usual": "dearer", "fast": "dearer"}


def test_the_cheapest_that_arrives_in_time_is_taken():
    choice = choose_option([FAST, USUAL, SLOW], promise(due=TUESDAY))
    assert (choice.chosen, choice.late) == (USUAL, False)
    assert why(choice) == {"slow": "late", "usual": "", "fast": "dearer"}


def test_where_nobody_arrives_in_time_the_fastest_goes_and_is_called_late():
    choice = choose_option([USUAL, SLOW], promise(due=MONDAY))
    assert (choice.chosen, choice.late) == (USUAL, True)


def test_who_paid_for_express_gets_express_unless_there_is_none():
    assert choose_option([FAST, USUAL], promise(express=True)).chosen == FAST
    assert why(choose_option([FAST, USUAL], promise(express=True)))["usual"] == "slow"
    assert choose_option([USUAL, SLOW], promise(express=True)).chosen == SLOW


def test_who_does_not_say_when_is_not_trusted_with_a_promise():
    silent = option("silent", "1", None)
    assert choose_option([silent, USUAL], promise(due=THURSDAY)).chosen == USUAL
    assert choose_option([silent, USUAL], promise()).chosen == silent


def test_costs_in_another_currency_are_kept_and_not_compared():
    foreign = Option(account="ep", service="p", name="P", cost=Decimal(1), currency="USD", days=1)
    choice = choose_option([foreign, USUAL], promise())
    assert (choice.chosen, why(choice)["p"]) == (USUAL, "currency")
    assert choose_option([foreign], promise()).chosen == foreign


def test_what_is_out_of_the_question_stays_so_and_nobody_left_means_nobody():
    refused = option("refused", "1", 1, why_not="refused")
    assert choose_option([refused, USUAL], promise()).chosen == USUAL
    assert choose_option([refused], promise()).chosen is None
    assert choose_option([], promise()).options == ()
