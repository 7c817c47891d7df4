"""What Celery wakes in orders."""

from celery import shared_task
from django.utils import timezone

from orders.actions.dropping import lay_aside_files, sweep_drop_folders
from orders.actions.importing import find_due_run, run_import
from orders.actions.releasing import release_due_orders
from orders.queries.drop_folder import drop_folder

AT_ONCE = 500
LONGEST_IMPORT = 6 * 3600


@shared_task
def release_due() -> int:
    """Release every order whose window has run out, in batches."""
    ended = 0
    while batch := release_due_orders(by="system", at=timezone.now(), limit=AT_ONCE):
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
