"""Days of offers are kept as sums, and are never out of date."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Variant
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from tests.make.edits import SOCKS, SOON, edit, open_shop, order_of_tees, set_quantity
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.upsell import accept, offered, running_campaign, show
from tests.make.ways_back import react
from upsell.actions.refusing import refuse_offer
from upsell.actions.rolling_up import roll_up_figures
from upsell.actions.seeing import note_seen
from upsell.models import Campaign, Exposure, FigureMark, Offer, OfferDay, ProductDay, SideDay
from upsell.queries.figures import Span, read_figures

pytestmark = pytest.mark.django_db

DAY = SOON.date()
ZONE = "UTC"


def test_a_day_that_is_kept_says_what_its_offers_say():
    taken()
    before = figures()

    assert roll_up_figures(zone=ZONE) == 1

    assert not FigureMark.objects.exists()
    assert (OfferDay.objects.count(), ProductDay.objects.count(), SideDay.objects.count()) == (2, 2, 1)
    assert figures() == before


def test_nothing_is_counted_where_nothing_changed():
    taken()
    roll_up_figures(zone=ZONE)

    assert roll_up_figures(zone=ZONE) == 0


def seen(offer):
    note_seen(offer_ids=[offer.pk], order=offer.order, placement="ORDER", at=SOON)


def refused(offer):
    refuse_offer(offer_id=offer.pk, scope="PRODUCT", by=ADA, at=SOON)


def shown_elsewhere(offer):
    show(offer.order, "EDIT")


def deleted(offer):
    offer.showings.all().delete()


def accepted(offer):
    accept(offer)
    react()


def accepted_and_given_up(offer):
    accepted(offer)
    cancel_order(number=offer.order.number, reason="", by=ADA, at=SOON + ONE_MINUTE)
    react()


@pytest.mark.parametrize(
    "change", [seen, refused, shown_elsewhere, deleted, accepted, accepted_and_given_up], ids=lambda each: each.__name__
)
def test_what_changes_after_a_day_was_kept_is_told_at_once_and_kept_by_the_next_round(change):
    shop()
    offer = offered(order_of_tees(payment=None))
    roll_up_figures(zone=ZONE)
    before = figures()

    change(offer)

    now = figures()
    assert now != before
    assert now == from_the_offers()
    roll_up_figures(zone=ZONE)
    assert figures() == now


def test_counting_again_what_has_not_changed_marks_nothing():
    offer = taken()
    roll_up_figures(zone=ZONE)

    Offer.objects.filter(pk=offer.pk).update(counted_at=SOON + ONE_MINUTE)
    show(offer.order)

    assert not FigureMark.objects.exists()


def test_what_is_undone_leaves_no_mark():
    offer = taken()
    roll_up_figures(zone=ZONE)

    with pytest.raises(ZeroDivisionError):
        run_transaction(lambda: seen(offer) or 1 / 0)

    assert not FigureMark.objects.exists()


def test_days_of_another_time_zone_are_counted_anew():
    taken()
    roll_up_figures(zone=ZONE)
    far = "Pacific/Kiritimati"

    before = figures(zone=far)
    assert roll_up_figures(zone=far) == 1

    assert figures(zone=far) == before
    assert set(OfferDay.objects.values_list("zone", "day")) == {(far, DAY + timedelta(days=1))}


def test_a_kept_day_that_somebody_changed_by_hand_is_found_and_counted_anew():
    taken()
    roll_up_figures(zone=ZONE)
    true = figures()
    OfferDay.objects.update(shown=7)
    ProductDay.objects.all().delete()
    SideDay.objects.update(net=7)
    said = StringIO()

    with pytest.raises(CommandError, match="3 differ"):
        call_command("verify_figures", stdout=said)
    assert f"sides of campaign {Campaign.objects.get().pk} on {DAY}: not what was kept" in said.getvalue()
    call_command("verify_figures", "--repair", stdout=said)

    assert figures() == true
    call_command("verify_figures", stdout=said)


def test_test_orders_are_not_kept():
    shop()
    show(order_of_tees(payment=None, test=True))

    roll_up_figures(zone=ZONE)

    assert not OfferDay.objects.exists()


def test_many_days_are_rolled_up_by_as_many_statements_as_one(django_assert_num_queries):
    taken()
    for days in range(1, 6):
        offer = offered(order_of_tees(payment=None))
        Offer.objects.filter(pk=offer.pk).update(made_at=SOON - timedelta(days=days))
        Exposure.objects.filter(order=offer.order_id).update(assigned_at=SOON - timedelta(days=days))

    with django_assert_num_queries(7):  # a savepoint and its release among them
        assert roll_up_figures(zone=ZONE) == 6


def shop():
    open_shop(units=40)
    Variant.objects.update(unit_cost="2.50")
    return running_campaign()


def taken():
    """One order took socks."""
    if not Campaign.objects.exists():
        shop()
    offer = offered(order_of_tees(payment=None))
    accept(offer)
    edit(offer.order, set_quantity(offer.order, 2, of=SOCKS), at=SOON + ONE_MINUTE)
    react()
    return offer


def figures(zone=ZONE):
    keys = tuple(Campaign.objects.values_list("id", flat=True))
    return read_figures(Span(DAY - timedelta(days=2), DAY + timedelta(days=2), keys, zone))


def from_the_offers():
    """What is kept by the days of another zone is not looked at."""
    kept = OfferDay.objects.values_list("zone", flat=True).first()
    OfferDay.objects.update(zone="Elsewhere")
    try:
        return figures()
    finally:
        OfferDay.objects.update(zone=kept)
