"""What the clock does, it does because something calls it."""

import pytest
import time_machine

from config.celery import app
from oms import tasks as platform_tasks
from oms.actions.posting import SENDER
from orders import tasks
from orders.models import Edit
from tests.make.edits import add, edit, open_shop, order_of_tees
from tests.make.moments import ONE_MINUTE
from tests.make.orders import open_holds


def test_every_task_is_called_by_the_clock():
    ours = {name for name in app.tasks if name.startswith((f"{tasks.__name__}.", f"{platform_tasks.__name__}."))}
    assert ours
    assert ours <= {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_whoever_posts_a_mail_rings_for_a_task_that_there_is():
    assert SENDER in app.tasks


@pytest.mark.django_db
def test_an_edit_that_nobody_paid_is_given_up_by_the_clock():
    open_shop()
    waits = edit(order_of_tees(), add())
    with time_machine.travel(waits.deadline - ONE_MINUTE, tick=False):
        assert tasks.end_late_edits() == 0
    with time_machine.travel(waits.deadline, tick=False):
        assert tasks.end_late_edits() == 1
    waits.refresh_from_db()
    assert (waits.state, open_holds(waits.order)) == (Edit.State.EXPIRED, [])
