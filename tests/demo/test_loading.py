"""Morrow & Flax as it stands in the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Greatest

from config.demo.brand import list_shops
from config.demo.loading import load_brand
from inventory.models import Availability, ChannelBuffer, Reservation, StockLevel, StockMovement
from inventory.policies.velocity import MEMORY, Velocity, decay, weigh_sale
from oms.models import ApiKey, Channel, Delivery, EventRecord, User
from oms.models.api_key import digest_of
from oms.roles import ROLES
from orders.models import (
    Edit,
    Fulfillment,
    FulfillmentLine,
    Hold,
    Order,
    OrderLine,
    QuarantinedMessage,
    Shipment,
    ShippingRate,
    TaxRate,
    WindowCampaign,
    WindowRule,
    WindowRuleSet,
)
from orders.policies.windows.dead_rules import find_dead_rules
from orders.queries.windows.rules import newest_edition
from tests.demo.conftest import NOW, ORDERS
from tests.demo.digest import digest_tables

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("runs")]
TAXED = ["DE", "AT", "FR", "NL", "BE", "ES", "IT", "GB", "US"]
STATUS, MONEY, GOODS = Order.Status, Order.FinancialStatus, Order.FulfillmentStatus


def test_two_runs_say_the_same(runs):
    assert runs.first == runs.second


def test_a_run_that_fails_at_its_end_leaves_nothing(runs):
    assert runs.between["orders_order"].startswith("0 rows")
    assert runs.between["oms_user"].startswith("0 rows")


def test_loading_again_changes_nothing():
    before = digest_tables()

    assert load_brand(now=NOW, orders=ORDERS, tell=print) is None
    assert digest_tables() == before


def test_every_order_was_placed_and_none_went_short_by_accident():
    short = Hold.objects.filter(reason=Hold.Reason.STOCK_SHORT)

    assert Order.objects.count() == ORDERS
    assert short.count() == Reservation.objects.filter(state=Reservation.State.SHORT).count() == 3


def test_there_is_an_order_at_every_step_of_its_life():
    assert set(Order.objects.values_list("status", flat=True)) == set(STATUS.values)
    assert set(Order.objects.values_list("financial_status", flat=True)) == set(MONEY.values)
    assert set(Order.objects.values_list("fulfillment_status", flat=True)) == set(GOODS.values)


@pytest.mark.parametrize("reason", sorted(set(Hold.Reason.values) - {"EXCHANGE_AWAITING_RETURN"}))
def test_orders_are_held_for_every_reason(reason):
    assert Hold.objects.open(at=NOW).filter(reason=reason, order__status=STATUS.HELD).exists()


def test_windows_are_open_right_now_for_different_times():
    windows = Hold.objects.open(at=NOW).filter(reason=Hold.Reason.EDIT_WINDOW)

    assert windows.values("until").distinct().count() >= 8
    assert not Hold.objects.filter(until__lte=NOW, closed_at=None).exists()


def test_windows_differ_by_rule_and_each_says_why():
    windows = Hold.objects.filter(reason=Hold.Reason.EDIT_WINDOW)
    deciders = {("Channel" if rule.startswith("Channel") else rule) for rule in windows.values_list("rule", flat=True)}

    assert len(deciders) >= 6
    assert windows.filter(closed_because__code="low_stock").exists() or windows.filter(facts__why="low_stock").exists()
    assert not windows.filter(detail="").exists()


def test_the_rules_are_those_of_a_real_desk_and_none_of_them_is_dead():
    edition = newest_edition()

    assert WindowRule.objects.filter(campaign=None, active=True).count() == 9
    assert set(WindowRule.objects.values_list("action", flat=True)) == set(WindowRule.Action.values)
    assert find_dead_rules(edition) == []
    assert WindowRuleSet.objects.count() > 10


def test_one_campaign_is_over_one_is_running_and_one_is_about_to_begin():
    over, running, soon = WindowCampaign.objects.order_by("starts_at")

    assert over.ends_at < running.starts_at < NOW < running.ends_at < soon.starts_at
    assert all(campaign.rules.exists() for campaign in (over, running, soon))


def test_tables_that_were_changed_say_by_whom_and_when():
    kinds = ("shipping_rate", "edit_permission")
    told = EventRecord.objects.filter(subject_kind__in=kinds).values_list("subject_kind", "by", "at")

    assert {kind for kind, *_ in told} == set(kinds)
    assert all(by.startswith("staff:") and at < NOW for _, by, at in told)


def test_what_is_held_has_an_open_hold_and_nothing_else_has():
    held = Order.objects.annotate(open_holds=Count("holds", filter=Q(holds__closed_at=None)))

    assert not held.filter(status=STATUS.HELD, open_holds=0).exists()
    assert not held.exclude(status=STATUS.HELD).filter(open_holds__gt=0).exists()


def test_there_is_an_edit_at_every_stage_and_by_every_kind_of_author_but_partners():
    states = set(Edit.objects.values_list("state", flat=True))

    assert states == set(Edit.State.values) - {Edit.State.CANCELED, Edit.State.SUPERSEDED}
    assert set(Edit.objects.values_list("actor", flat=True)) == {"CUSTOMER", "STAFF", "BOT"}
    assert Edit.objects.open().filter(deadline__gt=NOW).count() == Edit.objects.open().count() == 3


def test_shipping_rates_explain_what_most_orders_were_charged():
    rates = ShippingRate.objects.filter(country=OuterRef("country"), method=OuterRef("shipping_method"))
    priced = Order.objects.filter(shipping_total__gt=0, currency__in=["EUR", "GBP", "USD"], country__in=TAXED)
    explained = priced.filter(Exists(rates.filter(price=OuterRef("shipping_total"), currency=OuterRef("currency"))))

    assert explained.count() > 0.75 * priced.count()
    assert TaxRate.objects.exclude(source="").count() == TaxRate.objects.count() == 20


def test_only_what_is_wrong_on_purpose_does_not_add_up():
    mismatched = Order.objects.exclude(stated_total=None)

    assert set(mismatched.values_list("status", flat=True)) == {STATUS.HELD}
    assert mismatched.count() == Hold.objects.filter(reason=Hold.Reason.TOTALS_MISMATCH).count() == 4


def test_what_was_sent_has_left_and_what_was_cancelled_has_not():
    lines = OrderLine.objects.all()
    sent, cancelled = lines.filter(order__status=STATUS.CLOSED), lines.filter(order__status=STATUS.CANCELLED)

    assert not sent.exclude(quantity=F("fulfilled_quantity")).exists()
    assert not cancelled.exclude(quantity=F("cancelled_quantity")).exists()
    assert not Order.objects.filter(status=STATUS.CANCELLED).exclude(fulfillment_status=GOODS.UNFULFILLED).exists()


def test_every_level_is_the_sum_of_its_movements():
    sums = StockMovement.objects.values("variant_id", "warehouse_id", "bucket").annotate(units=Sum("delta"))
    moved = {(row["variant_id"], row["warehouse_id"], row["bucket"]): row["units"] for row in sums}

    for level in StockLevel.objects.all():
        for bucket in StockMovement.Bucket.values:
            key = (level.variant_id, level.warehouse_id, bucket)
            assert getattr(level, bucket) == moved.get(key, Decimal(0))


def test_what_may_be_sold_lies_on_the_shelves_and_what_is_promised_is_reserved():
    above_safety = StockLevel.objects.values_list("variant_id").annotate(
        units=Sum(Greatest(F("on_hand") - F("safety"), Decimal(0)))
    )
    promises = Reservation.objects.filter(state=Reservation.State.PROMISED).values_list("variant_id")
    lying, reserved = dict(above_safety), dict(promises.annotate(units=Sum("quantity")))

    for row in Availability.objects.all():
        assert row.sellable == lying[row.variant_id]
        assert row.promised == reserved.get(row.variant_id, Decimal(0))


def test_all_states_of_stock_are_seen_somewhere():
    sums = StockLevel.objects.aggregate(*(Sum(bucket) for bucket in StockMovement.Bucket.values))

    assert all(sums[f"{bucket}__sum"] > 0 for bucket in set(StockMovement.Bucket.values) - {"allocated"})


def test_a_few_skus_are_low_some_are_sold_out_and_most_are_neither():
    rows = Availability.objects.all()

    assert 10 <= rows.filter(low=True).count() <= 45
    assert 4 <= rows.filter(sellable=F("promised")).count() <= 20
    assert rows.exclude(threshold_days=None).exists()
    assert rows.exclude(threshold_units=None).exists()


def test_velocity_is_what_the_orders_of_the_last_weeks_say():
    sold = OrderLine.objects.filter(variant__isnull=False, order__test=False)
    expected = sum(
        weigh_sale(quantity=float(quantity), sold_at=placed_at, at=NOW) / (MEMORY / timedelta(days=1))
        for quantity, placed_at in sold.values_list("quantity", "order__placed_at")
    )
    rows = Availability.objects.values_list("velocity", "velocity_at")
    measured = sum(decay(Velocity(units, at), at=NOW) for units, at in rows)

    assert measured == pytest.approx(expected, rel=0.05)


def test_nothing_happened_after_now_and_each_story_is_told_in_order():
    at_by_subject: dict[str, list] = {}
    for subject, at in (
        EventRecord.objects.filter(subject_kind="order").order_by("sequence").values_list("subject", "at")
    ):
        at_by_subject.setdefault(subject, []).append(at)

    assert not EventRecord.objects.filter(at__gt=NOW).exists()
    assert all(moments == sorted(moments) for moments in at_by_subject.values())


def test_the_screens_for_trouble_are_not_empty():
    messages = QuarantinedMessage.objects.values_list("state", "reason")

    assert {"unknown_sku", "broken_json", "order_unknown"} <= {reason for state, reason in messages if state == "OPEN"}
    assert ("DISMISSED", "sku_missing") in messages
    assert Delivery.objects.dead().count() == 1


def test_nobody_is_told_today_what_happened_weeks_ago():
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)

    assert not waiting.filter(event__type="stock.low", event__at__lt=NOW.replace(hour=0)).exists()


def test_channels_have_secrets_of_their_own_and_buffers():
    channels = {channel.code: channel for channel in Channel.objects.all()}
    secrets = [channel.webhook_secret for channel in channels.values() if channel.already_sold]

    assert channels.keys() == {shop.code for shop in list_shops()}
    assert all(secrets) and len(set(secrets)) == 4
    assert ChannelBuffer.objects.filter(variant=None).count() == 4
    assert ChannelBuffer.objects.exclude(variant=None).count() == 8


def test_the_demo_user_and_key_open_everything_and_colleagues_cannot_log_in(runs):
    demo = User.objects.get(username="demo")
    key = ApiKey.objects.usable().get(digest=digest_of(runs.credentials.api_key))

    assert demo.is_superuser and demo.check_password(runs.credentials.password)
    assert (key.name, key.scopes) == ("demo", ["admin"])
    colleagues = User.objects.exclude(username="demo")
    assert {person.groups.get().name for person in colleagues} == set(ROLES)
    assert not any(person.has_usable_password() for person in colleagues)


def test_parcels_are_seen_at_every_step_and_in_every_trouble():
    words = Fulfillment.RequestStatus
    asked = set(Fulfillment.objects.values_list("request_status", flat=True))

    assert {words.SUBMITTED, words.ACCEPTED, words.REJECTED, words.CANCELLATION_REQUESTED} <= asked
    assert Fulfillment.objects.filter(picked_at__isnull=False, status=Fulfillment.Status.IN_PROGRESS).exists()
    assert FulfillmentLine.objects.filter(short_quantity__gt=0).exists()
    assert {"IN_TRANSIT", "DELAYED", "DELIVERED", "RETURNED"} <= set(Shipment.objects.values_list("status", flat=True))


def test_what_is_released_has_its_way_or_says_why_not():
    released = Order.objects.filter(status=STATUS.RELEASED, test=False)

    stuck = released.filter(routed_at=None, route_after__isnull=False).values_list("number", flat=True)
    assert set(stuck) == set(EventRecord.objects.filter(type="order.unroutable").values_list("subject", flat=True))
    assert stuck
    assert not released.filter(fulfillment_count=0).exists()
