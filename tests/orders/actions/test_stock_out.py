"""Stock goes back to channels: what changed, how soon, and what the other side has of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from inventory.actions.telling import lease_stock, note_stock, put_back, record_told
from inventory.models import Availability, ChannelBuffer, ChannelStock, Variant
from inventory.policies.telling import PACES, wait_for
from inventory.queries.told import read_lags
from orders.actions.stock_out.telling import tell_stock
from orders.models import WriteBackTarget
from tests.fakes.serving import BROKEN, LOST, SLOW_DOWN
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.woocommerce_server import WooCommerceServer
from tests.make.connected_stock import SKU, connected_shops
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, line, placed_order
from tests.make.statements import statements_made
from tests.make.stock import count, stocked_variant, stocked_variants
from tests.make.write_backs import target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reachable(settings) -> None:
    settings.CALL_PRIVATE_ADDRESSES = True


@pytest.fixture(params=["SHOPIFY", "WOOCOMMERCE", "AMAZON", "BIGCOMMERCE", "API"])
def shop(request):
    with connected_shops()[request.param]() as read:
        yield read


@pytest.fixture
def shopify():
    with ShopifyServer() as server:
        target("SHOPIFY", server.url, channel(), tells_stock=True)
        yield server


def tell(at=NOON) -> int:
    with time_machine.travel(at, tick=False):
        return tell_stock(at=at)


def row(sku: str = SKU) -> ChannelStock:
    return ChannelStock.objects.get(variant__sku=sku)


def test_a_channel_is_told_what_may_be_sold_and_again_after_a_sale(shop):
    assert (tell(), shop()) == (1, 10)

    placed_order([line(SKU, quantity=10)])

    assert [tell(NOON + ONE_MINUTE) for _ in range(2)] == [1, 0]
    assert shop() == 0
    kept = row()
    assert (kept.told, kept.wanted, kept.due_at, kept.changed_at) == (0, 0, None, None)


def test_a_channel_is_told_its_buffer_less(shop):
    ChannelBuffer.objects.create(channel=channel(), variant=None, units=4)
    ChannelBuffer.objects.create(channel=channel(), variant=Variant.objects.get(sku=SKU), units=12)

    tell()

    assert shop() == 0


def test_an_answer_that_was_lost_does_no_harm(shopify):
    stocked_variant(SKU)
    shopify.shop.add_variant(SKU, stock=3)
    shopify.have_trouble(None, None, LOST)

    assert tell() == 0
    assert tell(NOON + ONE_MINUTE) == 1
    assert shopify.shop.variants[SKU]["stock"] == 10


@pytest.mark.parametrize("trouble", [BROKEN, SLOW_DOWN])
def test_a_channel_that_is_away_is_asked_again_soon(shopify, trouble):
    stocked_variant(SKU)
    shopify.shop.add_variant(SKU, stock=3)
    shopify.have_trouble(trouble)

    assert tell() == 0
    assert row().problem
    assert row().due_at > NOON
    assert WriteBackTarget.objects.get().paused_until > NOON
    assert tell(NOON + ONE_MINUTE) == 1
    assert row().problem == ""


def test_a_sale_at_the_shop_in_the_very_moment_is_not_undone(shopify, monkeypatch):
    """The figure that was read is named in the call; Shopify refuses when it is another by then."""
    stocked_variant(SKU)
    shopify.shop.add_variant(SKU, stock=12)
    answer = shopify.answer

    def sell_meanwhile(asked):
        if b"SetStock" in asked.body and shopify.shop.variants[SKU]["stock"] == 12:
            shopify.shop.variants[SKU]["stock"] = 11
        return answer(asked)

    monkeypatch.setattr(shopify, "answer", sell_meanwhile)

    assert tell() == 0
    assert shopify.shop.variants[SKU]["stock"] == 11
    assert tell(NOON + ONE_MINUTE) == 1
    assert shopify.shop.variants[SKU]["stock"] == 10


def test_a_sku_that_the_shop_does_not_have_keeps_no_other_from_being_told(shopify):
    stocked_variants(SKU, "MUG", "CAP")
    shopify.shop.add_variant(SKU, stock=0)
    shopify.shop.add_variant("CAP")  # not stocked at its location

    assert tell() == 1
    assert tell(NOON + ONE_HOUR) == 0

    assert row("MUG").problem == "Shopify has no variant with this SKU."
    assert row("CAP").problem == "This variant is not stocked at the shop's location."
    shopify.shop.add_variant("MUG", stock=0)
    assert tell(NOON + 2 * ONE_DAY) == 1
    assert shopify.shop.variants["MUG"]["stock"] == 10


def test_more_skus_than_one_batch_takes_are_all_told():
    with WooCommerceServer() as server:
        target("WOOCOMMERCE", server.url, channel(), tells_stock=True)
        skus = [f"SKU-{place}" for place in range(120)]
        stocked_variants(*skus)
        for sku in skus:
            server.add_product(sku)

        assert tell() == 120

        assert {product["stock_quantity"] for product in server.products} == {10}
        assert len(server.asked) == 4


def test_only_who_is_to_be_told_is_told(shopify):
    stocked_variant(SKU)
    WriteBackTarget.objects.update(tells_stock=False)

    assert tell() == 0
    assert (shopify.asked, ChannelStock.objects.count()) == ([], 0)


def told_once(units_a_day: float) -> None:
    """The web shop knows of ten, and the SKU sells so many units a day."""
    stocked_variant(SKU)
    web = channel()
    note_stock(channels=[web.pk], at=NOON)
    record_told(lease_stock(channel=web.pk, at=NOON, limit=10), at=NOON)
    Availability.objects.update(velocity=units_a_day, velocity_at=NOON)


@pytest.mark.parametrize("pace", PACES)
def test_what_sells_fast_is_told_at_once_and_what_sells_slowly_is_gathered(pace):
    told_once(pace.from_units_a_day)
    count(SKU, 8)

    note_stock(channels=[channel().pk], at=NOON)

    assert row().due_at == NOON + pace.wait == NOON + wait_for(pace.from_units_a_day, urgent=False)


@pytest.mark.parametrize("left", [0, 8])
def test_what_has_run_out_or_low_is_told_at_once_however_slowly_it_sells(left):
    told_once(0)
    count(SKU, left)
    Availability.objects.update(low=left > 0)

    note_stock(channels=[channel().pk], at=NOON)

    assert row().due_at == NOON


def test_a_figure_that_came_back_to_what_was_told_needs_no_telling():
    told_once(0)
    for units in (8, 10):
        count(SKU, units)
        note_stock(channels=[channel().pk], at=NOON)
    assert (row().due_at, row().changed_at) == (None, None)


def test_a_change_during_the_conversation_is_told_next():
    told_once(9)
    web = channel()
    count(SKU, 8)
    note_stock(channels=[web.pk], at=NOON)
    figures = lease_stock(channel=web.pk, at=NOON, limit=10)
    count(SKU, 5)
    note_stock(channels=[web.pk], at=NOON)

    record_told(figures, at=NOON + ONE_MINUTE)

    assert (row().told, row().wanted, row().due_at) == (8, 5, NOON + ONE_MINUTE)


def test_an_answer_that_comes_after_its_lease_ran_out_records_nothing():
    told_once(9)
    web = channel()
    count(SKU, 8)
    note_stock(channels=[web.pk], at=NOON)
    late = lease_stock(channel=web.pk, at=NOON, limit=10)
    assert lease_stock(channel=web.pk, at=NOON + ONE_MINUTE, limit=10) == []
    (again,) = lease_stock(channel=web.pk, at=NOON + ONE_HOUR, limit=10)

    assert record_told(late, at=NOON + ONE_HOUR) == 0
    assert put_back(dict.fromkeys(late, "Gone"), due_at=NOON) == 0
    assert record_told([again], at=NOON + ONE_HOUR) == 1


def test_the_lag_is_measured_from_the_change_until_the_channel_had_it():
    stocked_variants("A", "B", "C")
    web = channel()
    note_stock(channels=[web.pk], at=NOON)
    for seconds, due in zip((2, 4, 60), lease_stock(channel=web.pk, at=NOON, limit=10), strict=True):
        record_told([due], at=NOON + timedelta(seconds=seconds))

    lag = read_lags(NOON + ONE_MINUTE)[web.pk]

    assert (lag.told, lag.p50, lag.due, lag.refused) == (3, 4, 0, 0)
    assert lag.p95 == pytest.approx(54.4)


def test_noting_takes_one_statement_for_one_sku_as_for_fifty():
    stocked_variants(*[f"SKU-{place}" for place in range(50)])
    web = channel()
    with statements_made() as statements:
        assert note_stock(channels=[web.pk], at=NOON) == 50
    assert len([each for each in statements if "SAVEPOINT" not in each]) == 1
    assert ChannelStock.objects.filter(wanted=Decimal(10)).count() == 50
