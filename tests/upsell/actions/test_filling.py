"""The gap to free shipping: what fills it, that shipping is given back once, and what happens when it opens again."""

from decimal import Decimal

import pytest

from inventory.models import Availability
from orders.actions.money.paying import Receipt, record_payment
from orders.models import Checkout, Edit, Repayment
from tests.make.edits import MEDIUM, SOCKS, SOON, cancel_line, edit, money_of, open_shop, order_of_tees, preview, rate
from tests.make.moments import ADA, ONE_DAY, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.recommending import shelve
from tests.make.upsell import accept, filling, free_shipping, offered, show, state_of, ten_percent
from upsell.models import Consideration
from upsell.queries.gap import read_gap
from upsell.queries.quoting import preview_offer

LATER = SOON + ONE_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop():
    open_shop()


def skus(order):
    return [[item.sku for item in offer.items.all()] for offer in show(order).offers]


def pay(order, amount):
    receipt = Receipt(amount=Decimal(amount), currency="EUR", gateway="sandbox", reference="more")
    record_payment(number=order.number, receipt=receipt, by=ADA, at=SOON)


def gap_of(order):
    gap = read_gap(order, at=SOON)
    return gap and f"{gap.missing:.2f}"


def test_the_smallest_overspend_comes_first_also_of_several_together():
    rate("4.90", free_from="50")
    for sku, price in {"pin": "3.00", "card": "7.20", "mug": "10.50", "bowl": "11.00"}.items():
        shelve(sku, price)
    order = order_of_tees()  # 10.20 are missing: 3.00 + 7.20
    filling(most_shown=2)
    assert skus(order) == [["pin", "card"], ["mug"]] or skus(order) == [["card", "pin"], ["mug"]]


def test_of_equal_sets_the_one_that_sells_best_now_is_taken():
    rate("4.90", free_from="50")  # 10.20 are missing
    for sku, price in {"pin": "3.00", "card": "7.20", "cup": "4.20", "bowl": "6.00"}.items():
        shelve(sku, price)
    sell(8, at=SOON - 60 * ONE_DAY, skus=["pin", "card"])
    sell(1, at=SOON, skus=["cup", "bowl"])
    filling(most_shown=2)
    assert [sorted(each) for each in skus(order_of_tees())] == [["bowl", "cup"], ["card", "pin"]]


def test_pace_sorts_by_what_sells_now_whenever_it_was_counted_last():
    for sku in ("faded", "steady", "new"):
        shelve(sku)
    sell(8, at=SOON - 60 * ONE_DAY, skus=["faded"])
    sell(1, at=SOON, skus=["steady"])
    sold = Availability.objects.filter(variant__sku__in=["faded", "steady", "new"])
    paces = dict(sold.values_list("variant__sku", "pace"))
    assert paces["steady"] > paces["faded"]
    assert paces["new"] is None


def sell(units, *, at, skus):
    Availability.objects.filter(variant__sku__in=skus).update(velocity=units, velocity_at=at)


def test_the_gap_is_of_the_goods_after_discounts():
    rate("4.90", free_from="50")
    order = order_of_tees(discount="5.00")
    assert gap_of(order) == "15.20"


@pytest.mark.parametrize(
    ("table", "missing"),
    [
        ([("4.90", {"free_from": "50"})], "10.20"),
        ([("4.90", {"free_from": "39"})], None),  # then the table would ask nothing, and 4.90 were paid
        ([("4.90", {})], None),
        ([("5.90", {"free_from": "50"})], None),  # what was charged is not what the table says
        ([("4.90", {"free_from": "50", "method": "express"})], None),
        ([("4.90", {"free_from": "50"}), ("4.90", {"free_from": "60", "country": "DE"})], "20.20"),
    ],
)
def test_the_threshold_is_that_of_the_row_that_holds_for_the_order(table, missing):
    for price, fields in table:
        rate(price, **fields)
    assert gap_of(order_of_tees()) == missing


def test_a_channels_own_threshold_comes_before_the_others():
    order = order_of_tees()
    rate("4.90", free_from="50")
    rate("4.90", free_from="44", channel=order.channel)
    assert gap_of(order) == "4.20"


def test_goods_that_would_make_the_parcel_too_heavy_for_the_rate_do_not_fill_it():
    rate("4.90", free_from="50", weight_below=1_000)
    rate("9.90", weight_from=1_000)
    iron = {"sku": "iron", "price": {"amount": "10.20", "currency": "EUR"}, "weight_grams": 3_000}
    shelve("iron", variants=[iron])
    shelve("mug", "10.50")
    filling()
    assert skus(order_of_tees())[0] == ["mug"]


def test_yen_are_filled_in_whole_yen():
    shelve("sake", "1500", currency="JPY")
    shelve("cup", "499", currency="JPY")
    shelve("dish", "502", currency="JPY")
    rate("500", free_from="2000").__class__.objects.update(currency="JPY")
    order = placed_order(
        [line("sake", unit_price="1500")], currency="JPY", shipping={"method": "standard", "amount": "500"}
    )
    filling()
    offer = show(order).offers[0]
    assert [item.sku for item in offer.items.all()] == ["dish"]
    accept(offer)
    pay_quote = Edit.objects.get().plan["shipping_total"]
    assert Decimal(pay_quote) == 0


def test_the_preview_shows_that_shipping_is_free_then():
    rate("4.90", free_from="45")
    filling(SOCKS)
    quote = preview_offer(offered(order_of_tees()), actor="CUSTOMER", by="customer", at=SOON)
    assert (str(quote.before.shipping), str(quote.after.shipping)) == ("4.90 EUR", "0.00 EUR")
    assert str(quote.to_pay) == "2.60 EUR"


def test_of_an_unpaid_order_shipping_is_waived():
    rate("4.90", free_from="45")
    filling(SOCKS)
    order = order_of_tees(payment=None)
    accept(offered(order))
    assert money_of(order)["shipping_total"] == "0.00"
    assert money_of(order)["total"] == "47.30"
    assert not Repayment.objects.exists()


def test_of_a_paid_order_shipping_is_set_off_against_the_goods_once():
    rate("4.90", free_from="45")
    filling(SOCKS)
    order = order_of_tees()
    accept(offered(order))
    assert Checkout.objects.get().amount == Decimal("2.60")
    pay(order, "2.60")
    money = money_of(order)
    assert (money["shipping_total"], money["total"]) == ("0.00", "47.30")
    assert (money["paid"], money["refunded"]) == ("47.30", "0.00")
    assert not Repayment.objects.exists()
    assert not show(order).offers


def test_where_the_filler_costs_less_than_shipping_the_rest_goes_back_exactly_once():
    shelve("pin", "0.30")
    rate("4.90", free_from="40")
    filling(most_shown=1)
    order = order_of_tees()
    edit_made = accept(offered(order))
    assert edit_made.state == Edit.State.COMMITTED
    assert Repayment.objects.get().amount == Decimal("4.60")
    assert money_of(order)["total"] == "40.10"
    edit(order, {"op": "change_contact", "phone": "+49 30 901820"})
    assert Repayment.objects.count() == 1


def test_cancelling_the_filler_says_that_shipping_is_charged_again():
    rate("4.90", free_from="45")
    filling(SOCKS)
    order = order_of_tees(payment=None)
    accept(offered(order))
    quote = preview(order, cancel_line(order, of=SOCKS))
    assert (str(quote.before.shipping), str(quote.after.shipping)) == ("0.00 EUR", "4.90 EUR")
    edit(order, cancel_line(order, of=SOCKS))
    assert money_of(order)["total"] == "44.70"
    assert gap_of(order) == "5.20"


def test_a_percentage_off_counts_when_the_gap_is_filled():
    rate("4.90", free_from="45")
    shelve("mug", "5.50")
    filling("mug", SOCKS, discount_kind="PERCENTAGE", discount=10)  # 4.95 do not reach 5.20, 6.75 do
    assert skus(order_of_tees())[0] == [SOCKS]


def test_free_shipping_of_an_offer_ends_with_its_last_unit_and_costs_what_it_did():
    order = order_of_tees(payment=None)
    free_shipping(SOCKS)
    offer = offered(order)
    accept(offer)
    offer.refresh_from_db()
    assert (money_of(order)["shipping_total"], offer.waived_shipping) == ("0.00", Decimal("4.90"))

    quote = preview(order, cancel_line(order, of=SOCKS))
    assert str(quote.after.shipping) == "4.90 EUR"
    edit(order, cancel_line(order, of=SOCKS))
    assert money_of(order)["total"] == "44.70"
    assert money_of(order)["shipping_total"] == "4.90"


def test_free_shipping_stays_when_something_else_changes_and_another_way_costs_the_difference():
    rate("4.90")
    rate("9.90", method="express")
    order = order_of_tees(payment=None)
    free_shipping(SOCKS)
    accept(offered(order))

    edit(order, {"op": "set_quantity", "line": order.lines.get(sku=MEDIUM).pk, "quantity": 3})
    assert money_of(order)["shipping_total"] == "0.00"
    edit(order, {"op": "change_shipping", "method": "express"})
    assert money_of(order)["shipping_total"] == "5.00"
    edit(order, {"op": "change_shipping", "method": "standard"})
    assert money_of(order)["shipping_total"] == "0.00"


def test_more_of_an_offered_item_cost_the_usual_price():
    order = order_of_tees(payment=None)
    ten_percent()
    accept(offered(order))
    edit(order, {"op": "set_quantity", "line": order.lines.get(sku=SOCKS).pk, "quantity": 3}, at=LATER)
    socks = order.lines.get(sku=SOCKS)
    assert (socks.quantity, socks.discount) == (3, Decimal("0.75"))
    assert socks.tax == Decimal("3.48")  # as 1.08 is to 6.75, so to 21.75
    assert state_of(socks_offer(order)) == "ACCEPTED"


def socks_offer(order):
    return order.offers.get()


def test_what_may_not_be_offered_leaves_the_shelf_and_the_best_of_the_rest_fills_it():
    rate("4.90", free_from="50")  # 10.20 are missing
    shelve("exact", "10.20", tags=["no-offers"])
    shelve("near", "10.30")
    shelve("far", "11.00")
    campaign = filling("exact", "near", "far", most_shown=1)
    order = order_of_tees()
    assert skus(order) == [["near"]]
    considered = Consideration.objects.get(order=order, campaign=campaign)
    assert [(each["sku"], each["reason"]) for each in considered.excluded] == [("exact", "NOT_A_PRODUCT")]
