"""What is recommended comes in the customer's own size, and in any other that can be had."""

from decimal import Decimal

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from inventory.models import Availability, Category, Variant
from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.models import OrderLine
from tests.make.edits import SOON
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import line, placed_order
from tests.make.recommending import learned
from tests.make.stock import count, warehouse
from tests.make.upsell import accept, offered, running_campaign, show, state_of
from upsell.actions.choosing import choose_variant
from upsell.choices import DiscountKind, Source
from upsell.errors import NotAmongChoices, OfferEnded
from upsell.models import Campaign, Neighbor, Offer, OfferItem, Recommender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop():
    """Shirts and jackets of one category in three sizes; a jacket in M was bought with a shirt in M. M sells best."""
    warehouse()
    clothes = Category.objects.create(code="clothes", name="Clothes")
    Category.objects.create(code="tops", name="Tops", parent=clothes)
    stock("shirt", "10.00")
    stock("jacket", "60.00")
    learned({(f"SHIRT-{size}", "JACKET-M"): 1.0 for size in "SML"})
    campaign()


def test_the_size_that_was_ordered_is_offered_and_the_offer_says_why():
    offer = offered(order_of("SHIRT-L"))

    assert sku_of(offer) == "JACKET-L"
    assert (offer.because["code"], offer.because["size"], offer.because["known_from"]) == ("bought_with", "L", "order")


def test_a_size_that_was_kept_before_is_offered_where_this_order_says_none():
    order_of("SHIRT-S", at=NOON - 9 * ONE_DAY, external_id="old")
    wool()

    offers = {sku_of(each): each.because for each in show(order_of("WOOL")).offers}

    assert offers["JACKET-S"]["known_from"] == "kept"


def test_a_size_that_was_sent_back_or_cancelled_says_nothing():
    sent_back = order_of("SHIRT-S", at=NOON - 9 * ONE_DAY, external_id="old")
    OrderLine.objects.filter(order=sent_back).update(fulfilled_quantity=1, returned_quantity=1)
    cancelled = order_of("SHIRT-L", at=NOON - 8 * ONE_DAY, external_id="older")
    cancel_order(number=cancelled.number, reason="", by=ADA, at=NOON - 8 * ONE_DAY)
    wool()

    offer = offered(order_of("WOOL"))

    assert sku_of(offer) == "JACKET-M"
    assert "size" not in offer.because


def test_where_the_size_is_gone_what_sells_best_is_offered():
    count("JACKET-L", 0)

    assert sku_of(offered(order_of("SHIRT-L"))) == "JACKET-M"


def test_where_the_learned_variant_is_gone_the_customers_size_is_offered_all_the_same():
    count("JACKET-M", 0)

    assert sku_of(offered(order_of("SHIRT-L"))) == "JACKET-L"


def test_a_list_names_its_skus_and_they_stay():
    Campaign.objects.all().delete()
    running_campaign("JACKET-M")

    assert sku_of(offered(order_of("SHIRT-L"))) == "JACKET-M"


def test_another_size_is_chosen_at_the_same_terms_and_taken():
    Variant.objects.filter(sku="JACKET-S").update(price="50.00")
    offer = offered(order_of("SHIRT-L", payment=None))

    choose_variant(offer_id=offer.pk, sku="JACKET-S", by="customer", at=SOON)
    accept(Offer.objects.get(pk=offer.pk))

    now = Offer.objects.get(pk=offer.pk)
    assert (now.price, now.saving, now.state) == (Decimal("45"), Decimal("5"), "ACCEPTED")
    assert "size" not in now.because
    taken = OrderLine.objects.get(offer_item__isnull=False)
    assert (taken.sku, taken.unit_price, taken.discount) == ("JACKET-S", Decimal("50"), Decimal("5"))
    told = EventRecord.objects.get(type="offer.variant_chosen").facts
    assert (told["before"], told["sku"], told["price"]) == ("JACKET-L", "JACKET-S", "45.00")


def test_what_was_chosen_stays_when_the_page_is_opened_again_and_is_no_second_offer():
    order = order_of("SHIRT-L")
    choose_variant(offer_id=offered(order).pk, sku="JACKET-S", by="customer", at=SOON)

    assert sku_of(offered(order)) == "JACKET-S"
    assert Offer.objects.count() == 1


def test_an_offer_of_another_size_that_ran_out_comes_back_as_it_is_thought_of():
    order = order_of("SHIRT-L")
    offer = offered(order)
    choose_variant(offer_id=offer.pk, sku="JACKET-S", by="customer", at=SOON)
    Offer.objects.update(state="WITHDRAWN", ended_at=SOON, ended_by="system")

    assert sku_of(offered(order)) == "JACKET-L"


@pytest.mark.parametrize("sku", ["SHIRT-S", "JACKET-XXL", "JACKET-M"])
def test_what_is_no_variant_of_it_or_below_the_floor_of_stock_is_refused_and_nothing_changes(sku):
    offer = offered(order_of("SHIRT-L"))
    Campaign.objects.update(stock_floor=3)
    count("JACKET-M", 3)

    with pytest.raises(NotAmongChoices):
        choose_variant(offer_id=offer.pk, sku=sku, by="customer", at=SOON)

    assert sku_of(offer) == "JACKET-L"
    assert not EventRecord.objects.filter(type="offer.variant_chosen").exists()


def test_no_size_is_chosen_of_what_was_taken():
    offer = offered(order_of("SHIRT-L"))
    accept(offer)

    with pytest.raises(OfferEnded):
        choose_variant(offer_id=offer.pk, sku="JACKET-S", by="customer", at=SOON)

    assert (state_of(offer), sku_of(offer)) == ("AWAITING_PAYMENT", "JACKET-L")


def campaign():
    return running_campaign(source=Source.RECOMMENDER, skus=[], discount_kind=DiscountKind.PERCENTAGE, discount=10)


def stock(name, price):
    sizes = [
        {"sku": f"{name.upper()}-{size}", "options": {"size": size}, "price": {"amount": price, "currency": "EUR"}}
        for size in "SML"
    ]
    body = {"title": name.title(), "category": "tops", "variants": sizes}
    create_products([IncomingProduct.model_validate(body)], by=ADA, at=NOON)
    for size in "SML":
        count(f"{name.upper()}-{size}", 10)
    Availability.objects.filter(variant__sku=f"{name.upper()}-M").update(velocity=9.0, velocity_at=NOON)


def wool():
    """Something without sizes, for which jackets were learned, too."""
    body = {"title": "Wool", "variants": [{"sku": "WOOL", "price": {"amount": "70.00", "currency": "EUR"}}]}
    create_products([IncomingProduct.model_validate(body)], by=ADA, at=NOON)
    count("WOOL", 5)
    learned_also("WOOL", "JACKET-M")


def learned_also(item, neighbor):
    ids = dict(Variant.objects.values_list("sku", "id"))
    Neighbor.objects.create(
        recommender=Recommender.objects.get(), item_id=ids[item], neighbor_id=ids[neighbor], strength=1.0
    )


def order_of(sku, **fields):
    return placed_order([line(sku)], **fields)


def sku_of(offer):
    return OfferItem.objects.get(offer=offer).sku
