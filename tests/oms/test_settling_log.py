"""A database that was restored into another cluster tells of what happens there."""

import pgtrigger
import pytest
from django.core.management import call_command

from oms.actions.settling_log import settle_log
from oms.actions.webhooks.queueing import queue_events
from oms.api.events import LOG
from oms.models import EventRecord, WebhookDelivery
from oms.queries.event_log import log_is_foreign
from tests.make.moments import NOON
from tests.make.partners import make_partner
from tests.make.webhooks import announce, endpoint

pytestmark = pytest.mark.django_db(transaction=True)

FAR = 2**40


def restore_into_another_cluster(made):
    """Its numbers are far beyond those of this one."""
    with pgtrigger.ignore("oms.EventRecord:append_only"):
        EventRecord.objects.update(turn=FAR)
    made.read_turn = FAR
    made.save()


def test_events_of_another_cluster_are_put_at_the_beginning_and_new_ones_are_heard_of():
    made, partner = endpoint(), make_partner("webhooks:write")
    announce("1001", "1002")
    last = EventRecord.objects.latest("id").pk
    queue_events(at=NOON)
    made.refresh_from_db()
    restore_into_another_cluster(made)
    assert log_is_foreign()

    call_command("settle_log")
    assert not log_is_foreign()
    announce("1003")
    queue_events(at=NOON)

    assert list(WebhookDelivery.objects.order_by("id").values_list("subject", flat=True)) == ["1001", "1002", "1003"]
    page = partner.get(f"/events?cursor={LOG.write_cursor((FAR, last))}").json()
    assert [event["data"]["subject"] for event in page["results"]][-1] == "1003"


def test_a_log_of_this_cluster_is_left_as_it_is():
    announce("1001")
    before = list(EventRecord.objects.values_list("turn", flat=True))
    assert settle_log() == 0
    assert list(EventRecord.objects.values_list("turn", flat=True)) == before
