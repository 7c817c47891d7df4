"""What is offered with an order, where, and what is written down of it."""

from decimal import Decimal

import pytest

from inventory.models import Category
from oms.models import EventRecord
from orders.models import Order
from tests.make.edits import LARGE, MEDIUM, SMALL, SOCKS, SOON, edit, open_shop, order_of_tees, set_quantity
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.recommending import learned, shelve
from tests.make.statements import statements_made
from tests.make.stock import count
from tests.make.upsell import accept, free_shipping, offered, running_campaign, show, state_of, ten_percent
from upsell.actions.expiring import expire_offers
from upsell.actions.offering import offer_to
from upsell.models import Consideration, Exposure, Offer, OfferShowing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop():
    open_shop()


def shown(order, placement="ORDER", **when):
    """The SKUs of each offer on the page."""
    return [[item.sku for item in offer.items.all()] for offer in show(order, placement, **when).offers]


def thought(order, campaign, placement="ORDER"):
    return Consideration.objects.get(order=order, campaign=campaign, placement=placement)


def test_asked_again_it_is_the_same_offer_shown_once_more():
    order = order_of_tees()
    ten_percent()
    first, second = offered(order), offered(order)

    assert first == second
    assert OfferShowing.objects.get().times == 2
    assert EventRecord.objects.filter(type="offer.shown").count() == 1
    assert Exposure.objects.count() == 1


def test_in_another_place_it_is_the_same_offer_and_told_of_again():
    order = order_of_tees()
    ten_percent()
    first = offered(order, "CONFIRMATION")

    assert offered(order, "ORDER") == first
    assert EventRecord.objects.filter(type="offer.shown").count() == 2
    assert {each.placement for each in OfferShowing.objects.all()} == {"CONFIRMATION", "ORDER"}


def test_which_side_an_order_fell_on_is_written_down_with_what_it_was_worth():
    order = order_of_tees()
    ten_percent()
    show(order, "CONFIRMATION")

    side = Exposure.objects.get()
    assert (side.order, side.group, side.placement, side.currency) == (order, "TREATMENT", "CONFIRMATION", "EUR")
    assert side.baseline == side.net_revenue == Decimal("37.57")  # 44.70 less 7.13 of tax


def test_the_holdout_sees_nothing_anywhere_and_is_written_down():
    order = order_of_tees()
    campaign = ten_percent(holdout_share="0.9", salt="s0")
    while show(order).offers:  # another salt, another draw
        Exposure.objects.all().delete(), Offer.objects.all().delete()
        campaign.salt += "!"
        campaign.save()

    for placement in ("CONFIRMATION", "ORDER", "EDIT", "RETURN", "MAIL", "API"):
        answer = show(order, placement)
        assert (answer.offers, answer.gap, dict(answer.words)) == ((), None, {})
        assert thought(order, campaign, placement).unoffered == "HOLDOUT"
    assert Exposure.objects.get().group == "HOLDOUT"
    assert not Offer.objects.exists()


def test_where_there_is_nothing_to_offer_nobody_falls_on_a_side():
    order = order_of_tees()
    campaign = running_campaign(MEDIUM)

    assert not shown(order)
    considered = thought(order, campaign)
    assert (considered.unoffered, considered.shown) == ("NOTHING_LEFT", [])
    assert considered.excluded == [{"sku": MEDIUM, "reason": "IN_ORDER", "facts": {"sku": MEDIUM}}]
    assert not Exposure.objects.exists()
    assert not Offer.objects.exists()
    assert not EventRecord.objects.filter(subject_kind="offer").exists()


def test_what_was_thought_is_on_record_with_what_was_left_out():
    order = order_of_tees()
    campaign = running_campaign(SOCKS, SMALL)

    assert shown(order) == [[SOCKS]]
    considered = thought(order, campaign)
    assert (considered.shown, considered.unoffered, considered.at) == ([SOCKS], "", SOON)
    assert [each["reason"] for each in considered.excluded] == ["IN_ORDER"]


def test_after_the_window_nothing_is_offered():
    order = order_of_tees()
    campaign = ten_percent()
    assert not shown(order, at=NOON + ONE_HOUR)
    assert thought(order, campaign).unoffered == "WINDOW_CLOSED"


def test_a_window_that_is_not_the_customers_is_none():
    order = order_of_tees()
    order.holds.update(staff_only=True)
    ten_percent()
    assert not shown(order)


def test_not_more_than_side_by_side_and_three_a_page_of_all_campaigns_by_priority():
    for sku in ("a", "b", "c", "d", "e"):
        shelve(sku)
    order = order_of_tees()
    running_campaign("a", "b", "c", most_shown=2, priority=20)
    running_campaign("c", "d", "e", SOCKS, most_shown=3, priority=10)
    assert shown(order) == [["c"], ["d"], ["e"]]

    running_campaign(SOCKS, most_shown=1, priority=1)
    assert shown(order_of_tees()) == [[SOCKS], ["c"], ["d"]]


def test_what_one_campaign_shows_a_second_does_not_show_again():
    order = order_of_tees()
    shelve("mug")
    running_campaign(SOCKS, priority=1)
    running_campaign(SOCKS, "mug", priority=2)
    assert shown(order) == [[SOCKS], ["mug"]]


def test_the_recommender_offers_what_was_bought_with_it():
    learned({(MEDIUM, SOCKS): 0.5})
    order = order_of_tees()
    running_campaign(source="RECOMMENDER", skus=[])
    assert offered(order).because == {"code": "bought_with", "sku": MEDIUM, "title": "Linen tee"}
    assert Consideration.objects.get().model is not None


def test_a_bundle_is_all_of_its_items_at_one_price():
    shelve("mug", "10.00")
    order = order_of_tees()
    running_campaign(SOCKS, "mug", discount_kind="BUNDLE_PRICE", discount="15", currency="EUR")

    offer = offered(order)
    assert (offer.price, offer.saving) == (Decimal(15), Decimal("2.50"))
    assert {item.sku: item.discount for item in offer.items.all()} == {SOCKS: Decimal("1.07"), "mug": Decimal("1.43")}


def test_a_bundle_of_which_one_item_is_gone_is_not_offered():
    shelve("mug", "10.00")
    count("mug", 0)
    campaign = running_campaign(SOCKS, "mug", discount_kind="BUNDLE_PRICE", discount="15", currency="EUR")
    order = order_of_tees()
    assert not shown(order)
    assert [(each["sku"], each["reason"]) for each in thought(order, campaign).excluded] == [("mug", "OUT_OF_STOCK")]


def test_a_bundle_below_its_margin_is_not_offered():
    shelve("mug", "10.00")
    campaign = running_campaign(
        SOCKS, "mug", discount_kind="BUNDLE_PRICE", discount="15", currency="EUR", margin_floor="0.4"
    )
    order = order_of_tees()
    assert not shown(order)
    assert {each["reason"] for each in thought(order, campaign).excluded} == {"BELOW_MARGIN_FLOOR"}


def test_a_list_that_names_an_item_twice_bundles_two_of_it():
    order = order_of_tees()
    running_campaign(SOCKS, SOCKS, discount_kind="BUNDLE_PRICE", discount="12", currency="EUR")
    offer = offered(order)
    assert [item.quantity for item in offer.items.all()] == [2]
    assert offer.saving == Decimal(3)


def test_free_shipping_is_not_offered_where_it_is_free_already():
    order = order_of_tees(shipping={"method": "standard", "amount": "0.00"})
    campaign = free_shipping(SOCKS)
    assert not shown(order)
    assert thought(order, campaign).unoffered == "NOTHING_LEFT"


def test_with_so_many_orders_of_a_customer_at_most():
    ten_percent(orders_per_customer=1, within_days=30)
    first, second = order_of_tees(), order_of_tees()
    assert shown(first) == [[SOCKS]]
    assert not shown(second)
    assert shown(first) == [[SOCKS]]  # it has fallen on its side already


def test_a_month_later_it_is_offered_again():
    ten_percent(orders_per_customer=1, within_days=30)
    show(order_of_tees())
    Exposure.objects.update(assigned_at=NOON - 31 * ONE_DAY)
    assert shown(order_of_tees()) == [[SOCKS]]


def test_a_category_of_the_audience_holds_for_all_that_stands_below_it():
    shelve("plaid", category="blankets")
    shelve("mug")
    home = Category.objects.create(code="home", name="Home")
    Category.objects.filter(code="blankets").update(parent=home)
    campaign = running_campaign("mug", categories=["home"])
    assert shown(placed_order([line("plaid")])) == [["mug"]]
    other = order_of_tees()
    assert not shown(other)
    assert thought(other, campaign).unoffered == "OTHER_AUDIENCE"


def test_tests_are_shown_everything_and_counted_nowhere():
    order = order_of_tees(test=True)
    ten_percent(holdout_share="0.9")
    assert shown(order) == [[SOCKS]]
    assert not Exposure.objects.exists()


def test_what_was_accepted_counts_until_the_order_has_enough():
    for sku in ("a", "b"):
        shelve(sku)
    order = order_of_tees(payment=None)
    campaign = running_campaign("a", "b", most_accepted=1)
    accept(show(order).offers[0])
    assert not shown(order)
    assert thought(order, campaign).unoffered == "ENOUGH_ACCEPTED"


def test_while_a_change_waits_nothing_is_offered():
    order = order_of_tees()
    ten_percent()
    edit(order, set_quantity(order, 3))
    assert order.edits.open().exists()
    assert not shown(order)
    assert not Consideration.objects.exists()


def test_what_was_withdrawn_for_want_of_stock_comes_back_at_what_it_costs_then():
    order = order_of_tees()
    campaign = ten_percent()
    offer = offered(order)
    count(SOCKS, 0)
    assert expire_offers(at=SOON) == 1
    assert state_of(offer) == Offer.State.WITHDRAWN

    count(SOCKS, 5)
    campaign.discount = 20
    campaign.save()
    again = offered(order)
    assert (again, again.price, again.saving) == (offer, Decimal("6.00"), Decimal("1.50"))
    assert again.items.get().discount == Decimal("1.50")
    assert EventRecord.objects.filter(type="offer.shown").count() == 1


def test_it_takes_no_more_statements_for_more_offers():
    for sku in ("a", "b", "c"):
        shelve(sku)
    running_campaign("a", most_shown=1)
    order = order_of_tees()
    with statements_made() as few:
        show(order)
    Offer.objects.all().delete(), Exposure.objects.all().delete()
    running_campaign("a", "b", "c", most_shown=3)
    type(running_campaign("x", active=False)).objects.filter(skus=["a"]).update(active=False)
    with statements_made() as many:
        assert len(show(order).offers) == 3
    assert len(many) == len(few)


def test_what_is_shown_is_made_by_nine_statements_and_shown_again_by_five():
    ten_percent()
    order = Order.objects.select_related("channel").get(pk=order_of_tees().pk)
    made = []
    for _ in range(2):
        with statements_made() as statements:
            assert offer_to(order=order, placement="ORDER", by="customer", at=SOON).offers
        made.append([each for each in statements if "SAVEPOINT" not in each])
    first, again = made
    assert (len(first), len(again)) == (9, 5)
    assert not any("FOR NO KEY UPDATE" in each for each in again)


def test_looking_again_writes_nothing_but_that_it_was_shown():
    order = order_of_tees()
    campaign = running_campaign(SOCKS, SMALL)
    show(order)
    before = thought(order, campaign)
    show(order, at=SOON + ONE_MINUTE)
    after = thought(order, campaign)
    assert (after.at, after.recorded_at) == (before.at, before.recorded_at)
    assert OfferShowing.objects.get().times == 2


def test_what_is_thought_anew_is_noted_where_offers_stand_already():
    order = order_of_tees()
    campaign = running_campaign(SOCKS)
    show(order)
    campaign.skus = [SOCKS, SMALL]
    campaign.save()
    show(order, at=SOON + ONE_MINUTE)
    considered = thought(order, campaign)
    assert [(each["sku"], each["reason"]) for each in considered.excluded] == [(SMALL, "IN_ORDER")]
    assert considered.at == SOON + ONE_MINUTE


def test_offers_bear_what_pages_say_of_them_without_asking_again():
    order = order_of_tees()
    shelve("mug", category="kitchen")
    running_campaign(SOCKS, "mug")
    offers = show(order).offers
    with statements_made() as made:
        said = [
            (offer.campaign.pk, offer.order.number, item.variant.options, item.variant.product.category)
            for offer in offers
            for item in offer.items.all()
        ]
    assert (len(said), made) == (2, [])


def test_nothing_runs_nothing_is_asked_beyond_that():
    order = order_of_tees()
    with statements_made() as made:
        show(order)
    assert len(made) == 2  # the order, which the page has, and the campaigns


def test_a_swapped_size_is_not_offered_beside_its_product():
    order = placed_order([line(LARGE)])
    running_campaign(SMALL, SOCKS)
    assert shown(order) == [[SOCKS]]
