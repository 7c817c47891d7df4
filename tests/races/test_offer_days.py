"""Days are counted while offers change: no change is lost, whichever came first."""

from threading import Event

import pytest
from django.db import transaction

from tests.make.edits import SOON, open_shop, order_of_tees
from tests.make.upsell import offered, running_campaign
from tests.races.together import PATIENCE, run_together
from upsell.actions.rolling_up import roll_up_figures
from upsell.actions.seeing import note_seen
from upsell.models import FigureMark
from upsell.queries.day_drift import find_day_drift
from upsell.queries.figures import Span, read_figures

pytestmark = pytest.mark.django_db(transaction=True)

DAY = SOON.date()


def test_what_is_not_committed_while_its_day_is_counted_is_told_and_counted_afterwards():
    open_shop()
    campaign, offer = running_campaign(), offered(order_of_tees())
    written, counted = Event(), Event()

    def look():
        with transaction.atomic():
            note_seen(offer_ids=[offer.pk], order=offer.order, placement="ORDER", at=SOON)
            written.set()
            assert counted.wait(PATIENCE)

    def count():
        assert written.wait(PATIENCE)
        try:
            return roll_up_figures(zone="UTC")
        finally:
            counted.set()

    assert run_together(look, count) == [None, 1]

    span = Span(DAY, DAY, (campaign.pk,), "UTC")
    assert FigureMark.objects.count() == 1
    assert read_figures(span).campaigns[campaign.pk, "EUR"].seen == 1
    assert roll_up_figures(zone="UTC") == 1
    assert read_figures(span).campaigns[campaign.pk, "EUR"].seen == 1


def test_two_that_count_at_once_leave_what_is_true():
    open_shop(units=200)
    campaign = running_campaign()
    offers = [offered(order_of_tees()) for _ in range(20)]

    def look():
        for offer in offers:
            note_seen(offer_ids=[offer.pk], order=offer.order, placement="ORDER", at=SOON)

    def count():
        for _ in offers:
            roll_up_figures(zone="UTC")

    assert run_together(look, count, count) == [None, None, None]

    assert read_figures(Span(DAY, DAY, (campaign.pk,), "UTC")).campaigns[campaign.pk, "EUR"].seen == len(offers)
    roll_up_figures(zone="UTC")
    assert not list(find_day_drift(zone="UTC"))
