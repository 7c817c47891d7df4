"""What is offered with an order, in which order, and why not."""

from decimal import Decimal

import pytest

from inventory.models import Category, Product, Variant
from orders.models import Edit, OrderLine
from tests.make.moments import NOON, ONE_DAY
from tests.make.orders import line, placed_order
from tests.make.recommending import campaign, excluded, learned, refile, shelve, shown
from tests.make.returns import terms_in_force
from tests.make.statements import statements_made
from tests.make.stock import count
from upsell.choices import Placement
from upsell.models import Campaign, Offer, OfferItem, OfferShowing, RecentPair, Refusal
from upsell.queries.candidates import SEEN_HALF_LIFE
from upsell.queries.ranked import judge_list, rank_for_order

pytestmark = pytest.mark.django_db


def tea_order(**fields):
    return placed_order([line("tea")], **fields)


@pytest.fixture
def shop():
    """Tea goes with a kettle most, a cup next, and soap a little."""
    for sku in ("tea", "kettle", "cup", "soap"):
        shelve(sku, category="kitchen")
    return learned({("tea", "kettle"): 0.4, ("tea", "cup"): 0.3, ("tea", "soap"): 0.1, ("cup", "kettle"): 0.2})


def rank(order, *, at=NOON, **demands):
    return rank_for_order(order, campaign(**demands), at=at)


def test_the_strongest_come_first_and_say_with_what_they_are_bought(shop):
    ranking = rank(tea_order())
    assert shown(ranking) == ["kettle", "cup", "soap"]
    assert ranking.shown[0].because == {"code": "bought_with", "sku": "tea", "title": "Tea"}
    assert ranking.shown[0].unit_price == Decimal("10.00")
    assert ranking.recommender_id == shop.pk


def test_what_is_in_the_order_is_never_offered_and_that_is_noted(shop):
    ranking = rank(placed_order([line("tea"), line("cup")]))
    assert shown(ranking) == ["kettle", "soap"]
    assert excluded(ranking) == {"cup": "IN_ORDER"}


def test_what_only_others_bought_meanwhile_is_offered_too(shop):
    lamp = shelve("lamp")
    tea = OrderLine.objects.get(order=tea_order()).variant
    RecentPair.objects.create(item=tea, neighbor=lamp, weight=40.0, last_at=NOON)
    ranking = rank(tea_order())
    assert shown(ranking) == ["kettle", "cup", "soap", "lamp"]
    assert ranking.shown[3].because["sku"] == "tea"


def test_what_the_customer_buys_again_and_again_is_offered_again(shop):
    shelve("milk")
    for day in range(3):
        placed_order([line("milk")], at=NOON - (day + 1) * ONE_DAY)
    ranking = rank(tea_order())
    assert "milk" in shown(ranking)
    assert next(each for each in ranking.shown if each.sku == "milk").because["code"] == "bought_before"
    assert "milk" not in shown(rank(tea_order(customer={"email": "eve@example.com"})))


def test_what_the_customer_sent_back_is_not_offered_again(shop):
    before = placed_order([line("kettle")], at=NOON - 9 * ONE_DAY)
    before.lines.update(fulfilled_quantity=1, returned_quantity=1)
    assert excluded(rank(tea_order()))["kettle"] == "RETURNED_BEFORE"
    assert "kettle" in shown(rank(tea_order(customer={"email": "eve@example.com"})))


@pytest.mark.parametrize(
    ("change", "demands", "reason"),
    [
        ({"active": False}, {}, "NOT_SOLD"),
        ({"tags": ["no-offers"]}, {}, "NOT_A_PRODUCT"),
        ({"product_type": "Gift Card"}, {}, "NOT_A_PRODUCT"),
        ({}, {"stock_floor": Decimal(10)}, "BELOW_STOCK_FLOOR"),
        ({}, {"margin_floor": Decimal("0.2")}, "BELOW_MARGIN_FLOOR"),
    ],
)
def test_what_may_not_be_offered_is_named_with_its_reason(shop, change, demands, reason):
    if change:
        refile("kettle", **change)
    ranking = rank(tea_order(), **demands)
    assert "kettle" not in shown(ranking)
    assert excluded(ranking)["kettle"] == reason


def test_what_is_sold_out_or_promised_to_others_is_not_offered(shop):
    count("kettle", 1)
    placed_order([line("kettle")], customer={"email": "eve@example.com"})
    count("cup", 0)
    assert excluded(rank(tea_order())) == {"kettle": "OUT_OF_STOCK", "cup": "OUT_OF_STOCK"}


def test_what_has_no_price_in_the_orders_currency_is_not_offered(shop):
    dollars = placed_order([line("tea")], currency="USD")
    assert excluded(rank(dollars)) == {"kettle": "NO_PRICE", "cup": "NO_PRICE", "soap": "NO_PRICE"}


def test_what_could_not_be_sent_back_is_not_offered(shop):
    refile("kettle", tags=["sealed"])
    terms_in_force({}, {"product_tag": "sealed", "days": 0, "final_sale": "INTIMATE"})
    ranking = rank(tea_order())
    assert excluded(ranking) == {"kettle": "FINAL_SALE"}
    assert ranking.excluded[0].facts == {"because": "INTIMATE"}


def test_what_was_dismissed_and_kinds_that_were_refused_are_left_out_until_that_is_taken_back(shop):
    order = tea_order()
    kettle, kitchen = Product.objects.get(variants__sku="kettle"), Category.objects.get(code="kitchen")
    said = {"customer": order.customer, "order": order, "at": NOON, "by": "customer"}
    Refusal.objects.create(scope="PRODUCT", product=kettle, **said)
    assert excluded(rank(order)) == {"kettle": "DISMISSED"}

    Refusal.objects.create(scope="KIND", category=kitchen, **said)
    assert excluded(rank(order)) == {"kettle": "DISMISSED", "cup": "KIND_REFUSED", "soap": "KIND_REFUSED"}

    Refusal.objects.update(taken_back_at=NOON)
    assert shown(rank(order)) == ["kettle", "cup", "soap"]


def test_a_refused_kind_is_all_that_stands_below_it(shop):
    order, house = tea_order(), Category.objects.create(code="house", name="House")
    Category.objects.filter(code="kitchen").update(parent=house)
    Refusal.objects.create(scope="KIND", category=house, customer=order.customer, order=order, at=NOON, by="customer")
    ranking = rank(order)
    assert set(excluded(ranking).values()) == {"KIND_REFUSED"}
    assert ranking.excluded[0].facts == {"category": "House"}


def test_where_nothing_was_learned_the_best_sellers_of_the_kind_at_such_prices_are_offered():
    shelve("tea", "19.90", category="kitchen")
    shelve("kettle", "12.00", category="kitchen")
    shelve("palace", "9000.00", category="kitchen")
    shelve("soap", "3.00", category="bath")
    ranking = rank(tea_order())
    assert shown(ranking) == ["kettle"]
    assert ranking.shown[0].because == {"code": "popular", "sku": "", "title": ""}
    assert ranking.recommender_id is None


def test_a_list_keeps_its_order_and_is_judged_the_same(shop):
    count("cup", 0)
    ranking = judge_list(tea_order(), campaign(), ["soap", "gone", "cup", "kettle", "tea"], at=NOON)
    assert shown(ranking) == ["soap", "kettle"]
    assert excluded(ranking) == {"cup": "OUT_OF_STOCK", "tea": "IN_ORDER"}


def test_ranking_takes_the_same_few_statements_for_one_item_and_for_twenty(shop):
    skus = [f"item {number}" for number in range(20)]
    for sku in skus:
        shelve(sku, category="kitchen")
    one, many = tea_order(), placed_order([line(sku) for sku in ("tea", *skus)])
    rank(one)
    with statements_made() as few:
        rank(one)
    with statements_made() as same:
        rank(many)
    assert len(few) == len(same) == 2, few


def see(order, sku, *, times, at):
    """An order of the same customer, on so many of whose pages it was seen."""
    variant = Variant.objects.get(sku=sku)
    kept, _ = Campaign.objects.get_or_create(name="Seen", salt="s")
    offer = Offer.objects.create(
        order=order, campaign=kept, contents=sku, currency="EUR", price=10, made_at=at, state="EXPIRED", ended_at=at,
        ended_by="system",
    )  # fmt: skip
    OfferItem.objects.create(offer=offer, variant=variant, sku=sku, quantity=1, unit_price=10)
    for placement in list(Placement)[:times]:
        OfferShowing.objects.create(offer=offer, placement=placement, shown_at=at, seen_at=at)


def test_what_was_seen_again_and_again_without_a_word_rests_until_that_has_faded(shop):
    for number in range(2):
        see(placed_order([line("tea")], at=NOON - (number + 1) * ONE_DAY), "kettle", times=3, at=NOON - ONE_DAY)
    order = tea_order()
    ranking = rank(order)
    assert excluded(ranking) == {"kettle": "IGNORED"}
    assert ranking.excluded[0].facts["times"] == 5
    assert shown(rank(order, at=NOON + SEEN_HALF_LIFE)) == ["kettle", "cup", "soap"]
    assert "kettle" in shown(rank(order, ignored_times=7))


def test_what_was_taken_was_not_ignored_and_strangers_do_not_count(shop):
    before = placed_order([line("tea")], at=NOON - ONE_DAY)
    see(before, "kettle", times=6, at=NOON - ONE_DAY)
    assert "kettle" in shown(rank(tea_order(customer={"email": "eve@example.com"})))
    Offer.objects.update(state="AWAITING_PAYMENT", ended_at=None, edit=_edit_of(before))
    assert "kettle" in shown(rank(tea_order()))


def _edit_of(order):
    said = {"operations": [], "plan": {}, "before": {}, "currency": "EUR", "base_version": 1, "asked_at": NOON}
    said |= {"total_before": 10, "total_after": 20, "ended_at": NOON}
    return Edit.objects.create(order=order, state="COMMITTED", actor="CUSTOMER", by="customer", **said)


def test_variants_of_one_product_are_offered_once(shop):
    twins = Variant.objects.filter(sku__in=["kettle", "cup"])
    twins.update(product=twins[0].product)
    assert shown(rank(tea_order())) == ["kettle", "soap"]
