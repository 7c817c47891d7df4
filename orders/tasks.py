"""What Celery wakes in orders."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from oms.bell import bell
from orders.actions.admitting import purge_codes
from orders.actions.confirming import confirm_orders
from orders.actions.edits.approving import expire_edits
from orders.actions.fulfilling.scheduling import open_due_fulfillments
from orders.actions.intake.dropping import lay_aside_files, sweep_drop_folders
from orders.actions.intake.importing import find_due_run, run_import
from orders.actions.money import asking
from orders.actions.releasing import release_due_orders
from orders.actions.routing.waving import route_wave
from orders.actions.shipping import following
from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.tracking import note_overdue
from orders.actions.stock_out.telling import tell_stock
from orders.actions.windows.arranging import adopt_zone
from orders.actions.write_back.queueing import queue_due_releases
from orders.actions.write_back.reviewing import alert_overdue_write_backs
from orders.actions.write_back.sending import send_due_write_backs
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.problem import Wave
from orders.policies.routing.together import route_together
from orders.queries.drop_folder import drop_folder

AT_ONCE = 500
LONGEST_IMPORT = 6 * 3600
LONGEST_ROUND = timedelta(minutes=1)


@shared_task
def release_due() -> int:
    """Release every order whose window has run out, in batches. A whole wave of them is routed at once."""
    ended = 0
    while batch := release_due_orders(by="system", at=timezone.now(), limit=AT_ONCE):
        ended += batch
    if ended >= settings.ROUTING_WAVE_ORDERS:
        bell.ring(route_released.name)
    return ended


@shared_task
def route_released() -> int:
    """Give every released order a way, wave by wave; how many orders were looked at."""
    looked = 0
    while wave := route_wave(solve=_solve, by="system", at=timezone.now()):
        looked += wave.orders
        if wave.orders < settings.ROUTING_WAVE_ORDERS:
            break
    return looked


def _solve(wave: Wave) -> Choice:
    return choose_plan(wave, seconds=settings.ROUTING_SOLVER_SECONDS, together=route_together)


@shared_task
def open_scheduled() -> int:
    """Open every fulfillment whose moment has come, in batches."""
    opened = 0
    while batch := open_due_fulfillments(at=timezone.now(), limit=AT_ONCE):
        opened += batch
    return opened


@shared_task
def note_overdue_parcels() -> int:
    """Tell of parcels that should have arrived by now, in batches."""
    told = 0
    while batch := note_overdue(at=timezone.now(), limit=AT_ONCE):
        told += batch
    return told


@shared_task
def end_late_edits() -> int:
    """Give up every edit that was not paid or decided in time, in batches."""
    ended = 0
    while batch := expire_edits(at=timezone.now(), limit=AT_ONCE):
        ended += batch
    return ended


@shared_task(time_limit=LONGEST_IMPORT)
def run_imports() -> int:
    """Work off every import that waits or was left behind, the oldest first."""
    ended = 0
    while run := find_due_run(at=timezone.now()):
        run_import(run_id=run.pk, by=run.by, at=timezone.now())
        lay_aside_files(drop_folder(run.channel.code))
        ended += 1
    return ended


@shared_task
def sweep_drops() -> int:
    """Put files that were dropped on record; how many there were. They are taken by `run_imports`."""
    return sweep_drop_folders(at=timezone.now())


@shared_task
def send_write_backs() -> int:
    """Tell other systems what has become of orders, until none waits or it is another worker's turn."""
    queue_due_releases(at=timezone.now())
    sent, until = 0, timezone.now() + LONGEST_ROUND
    while timezone.now() < until and (batch := send_due_write_backs(clock=timezone.now)):
        sent += batch
    return sent


@shared_task
def tell_channels_stock() -> int:
    """Tell channels what may be sold there, as far as it has changed."""
    return tell_stock(at=timezone.now())


@shared_task
def alert_write_backs() -> int:
    """Tell operations of what nobody has acknowledged in time."""
    return alert_overdue_write_backs(at=timezone.now())


@shared_task
def ask_gateways() -> int:
    """Open and close checkouts, send money back: whatever gateways are to be asked now."""
    return asking.ask_gateways(at=timezone.now())


@shared_task
def buy_labels() -> int:
    """Buy the labels that are wanted, and give back those that are not any more."""
    return buy_due_labels(at=timezone.now(), limit=AT_ONCE * 10)


@shared_task
def follow_parcels() -> int:
    """Ask carriers where parcels are."""
    return following.follow_parcels(at=timezone.now())


@shared_task
def confirm_new_orders() -> int:
    """Have confirmations mailed where the shop does not."""
    confirmed = 0
    while batch := confirm_orders(at=timezone.now()):
        confirmed += batch
    return confirmed


@shared_task
def adopt_time_zone() -> bool:
    """Let edit window rules follow the shop to another time zone."""
    return adopt_zone(by="system", at=timezone.now())


@shared_task
def purge_portal_codes() -> int:
    """Forget the codes of two days ago."""
    return purge_codes(at=timezone.now())
