"""The promise row's SQL and the policies beside it say the same, whatever happens to a SKU."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from inventory.actions.promising import Shift, shift_availability
from inventory.models import Availability
from inventory.policies.thresholds import Threshold, judge_low
from inventory.policies.velocity import Velocity, add_sale
from oms.models import EventRecord
from tests.make.moments import ADA, NOON
from tests.make.stock import SKU, stocked_variant
from tests.properties.profiles import ROWS

pytestmark = pytest.mark.django_db

MOMENTS = st.integers(-40 * 24 * 60, 40 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
SHIFTS = st.tuples(
    MOMENTS,
    st.integers(-20, 40),  # promised
    st.integers(-30, 30),  # sellable
    st.one_of(st.just(0.0), st.floats(0.001, 1_000)),  # sold
)
THRESHOLDS = st.builds(
    Threshold,
    units=st.one_of(st.none(), st.integers(0, 60).map(Decimal)),
    days=st.one_of(st.none(), st.floats(0, 30)),
)


class Sku:
    """What the policies say of the SKU, kept beside the row."""

    def __init__(self, threshold):
        self.sellable, self.promised = Decimal(50), Decimal(0)
        self.velocity, self.low, self.crossings = Velocity(), False, []
        self.threshold = Threshold(threshold.units and float(threshold.units), threshold.days)

    def shift(self, at, promised, sellable, sold):
        """False when the row would fall below zero: then nothing happens."""
        available = self.sellable + sellable - self.promised - promised
        if available < 0:
            return False
        self.sellable, self.promised = self.sellable + sellable, self.promised + promised
        if sold:
            self.velocity = add_sale(self.velocity, quantity=sold, at=at)
        low = judge_low(
            was_low=self.low,
            available=float(available),
            threshold=self.threshold,
            velocity=self.velocity.units,
        )
        if low != self.low:
            self.crossings.append("stock.low" if low else "stock.recovered")
        self.low = low
        return True


@given(threshold=THRESHOLDS, shifts=st.lists(SHIFTS, max_size=25))
@ROWS
def test_velocity_low_and_its_announcements_follow_the_policies(threshold, shifts):
    with transaction.atomic():
        tee, model = stocked_variant(on_hand=50), Sku(threshold)
        Availability.objects.update(threshold_units=threshold.units, threshold_days=threshold.days)
        for at, promised, sellable, sold in shifts:
            if model.promised + promised < 0 or model.sellable + sellable < 0:
                continue
            change = Shift(tee.pk, promised=Decimal(promised), sellable=Decimal(sellable), sold=sold)
            assert (shift_availability([change], by=ADA, at=at) == []) is model.shift(at, promised, sellable, sold)

        row = Availability.objects.get()
        assert (row.sellable, row.promised, row.low) == (model.sellable, model.promised, model.low)
        assert (row.velocity, row.velocity_at) == (pytest.approx(model.velocity.units), model.velocity.at)
        told = EventRecord.objects.filter(subject=SKU, type__in=["stock.low", "stock.recovered"]).order_by("sequence")
        assert list(told.values_list("type", flat=True)) == model.crossings
        transaction.set_rollback(True)
