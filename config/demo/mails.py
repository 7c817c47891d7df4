"""The mails of the last days, as customers would have had them: written, kept here, never sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from config.demo.living import Act
from oms.actions.delivering import deliver_one
from oms.models import Delivery, Message
from orders.actions.confirming import confirm_orders

WRITTEN = timedelta(days=3)
"""So far back there are mails: nobody reads what is older."""
LOOKED = timedelta(minutes=10)
"""So often somebody looked for orders to confirm."""
MAILING = r"^(orders|returns)\.reactions\.mailing"


def list_mail_acts(*, now: datetime) -> Iterator[Act]:
    for step in range(int(WRITTEN / LOOKED), -1, -1):
        yield Act(now - step * LOOKED, _confirm)


def _confirm(at: datetime) -> None:
    confirm_orders(at=at)


def write_mails(*, now: datetime) -> None:
    """Have the reactions write what was to be told; none of it goes out, whatever mail server is set."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, reaction__regex=MAILING)
    lately = list(waiting.filter(event__at__gte=now - WRITTEN).select_related("event").order_by("id"))
    for delivery in lately:
        deliver_one(delivery)
    told = Delivery.objects.filter(id__in=[delivery.pk for delivery in lately], state=Delivery.State.DONE)
    told.update(done_at=now, attempts=1)
    written = Message.objects.filter(state__in=[Message.State.WAITING, Message.State.KEPT])
    written.update(state=Message.State.KEPT, why=Message.Why.DEMO)


def find_shown_mail() -> str:
    """The admin's page of one that is worth a look, "" where there is none."""
    kept = Message.objects.filter(state=Message.State.KEPT).order_by("-made_at", "-id")
    shown = kept.filter(kind="confirmation").first() or kept.first()
    return f"/admin/oms/message/{shown.pk}/change/" if shown else ""
