"""Celery only wakes: tasks carry no work, the database is the queue and the truth."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready
from django.conf import settings

from config.freezing import freeze_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("oms")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL or "memory://",
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,  # the default waits 100 s before it gives back a lost task
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": True,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_time_limit=600,
    task_publish_retry=False,  # the sweep sends again; a request must not hang on a dead broker
    timezone="UTC",
    beat_schedule={
        "deliver": {"task": "oms.tasks.deliver_due", "schedule": 5.0},
        "mails": {"task": "oms.tasks.send_messages", "schedule": 5.0, "options": {"expires": 5}},
        "forget-mails": {"task": "oms.tasks.forget_mails", "schedule": 3600.0},
        "release": {"task": "orders.tasks.release_due", "schedule": 15.0},
        "route": {
            "task": "orders.tasks.route_released",
            "schedule": settings.ROUTING_WAVE_SECONDS,
            "options": {"expires": settings.ROUTING_WAVE_SECONDS},
        },
        "scheduled": {"task": "orders.tasks.open_scheduled", "schedule": 15.0, "options": {"expires": 15}},
        "overdue-parcels": {
            "task": "orders.tasks.note_overdue_parcels",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "late-edits": {"task": "orders.tasks.end_late_edits", "schedule": 15.0, "options": {"expires": 15}},
        "import": {"task": "orders.tasks.run_imports", "schedule": 5.0, "options": {"expires": 5}},
        "drop": {"task": "orders.tasks.sweep_drops", "schedule": 30.0, "options": {"expires": 30}},
        "write-backs": {"task": "orders.tasks.send_write_backs", "schedule": 5.0, "options": {"expires": 5}},
        "stock-out": {"task": "orders.tasks.tell_channels_stock", "schedule": 5.0, "options": {"expires": 5}},
        "late-write-backs": {"task": "orders.tasks.alert_write_backs", "schedule": 60.0, "options": {"expires": 60}},
        "gateways": {"task": "orders.tasks.ask_gateways", "schedule": 5.0, "options": {"expires": 5}},
        "labels": {"task": "orders.tasks.buy_labels", "schedule": 5.0, "options": {"expires": 5}},
        "follow-parcels": {"task": "orders.tasks.follow_parcels", "schedule": 120.0, "options": {"expires": 120}},
        "confirm": {"task": "orders.tasks.confirm_new_orders", "schedule": 10.0, "options": {"expires": 10}},
        "exceptions": {"task": "oms.tasks.review_troubles", "schedule": 60.0, "options": {"expires": 60}},
        "adopt-zone": {"task": "orders.tasks.adopt_time_zone", "schedule": 600.0},
        "purge-codes": {"task": "orders.tasks.purge_portal_codes", "schedule": 3600.0},
        "webhooks": {"task": "oms.tasks.send_fast_webhooks", "schedule": 1.0, "options": {"expires": 1}},
        "slow-webhooks": {"task": "oms.tasks.send_slow_webhooks", "schedule": 2.0, "options": {"expires": 2}},
        "purge-webhooks": {"task": "oms.tasks.purge_old_webhooks", "schedule": 3600.0},
        "follow-returns": {
            "task": "returns.tasks.follow_announced_parcels",
            "schedule": 120.0,
            "options": {"expires": 120},
        },
        "late-advances": {"task": "returns.tasks.mark_late_advances", "schedule": 3600.0},
        "expire-credit": {"task": "returns.tasks.expire_credit", "schedule": 600.0},
        "warn-of-credit-ends": {"task": "returns.tasks.warn_of_credit_ends", "schedule": 3600.0},
        "expire-offers": {"task": "upsell.tasks.end_late_offers", "schedule": 60.0, "options": {"expires": 60}},
        "room-mails": {"task": "upsell.tasks.send_room_mails", "schedule": 60.0, "options": {"expires": 60}},
        "count-offers": {"task": "upsell.tasks.count_offers_behind", "schedule": 24 * 3600.0},
        "roll-up-offers": {"task": "upsell.tasks.roll_up_offers", "schedule": 60.0, "options": {"expires": 60}},
        "count-peers": {"task": "returns.tasks.count_peer_shares", "schedule": 24 * 3600.0},
        "purge-photos": {"task": "returns.tasks.purge_photo_drafts", "schedule": 3600.0},
        "unsent-returns": {
            "task": "returns.tasks.end_unsent_returns",
            "schedule": 900.0,
            "options": {"expires": 900},
        },
        "lost-returns": {"task": "returns.tasks.give_up_lost_parcels", "schedule": 3600.0},
        "note-pairs": {"task": "upsell.tasks.note_pairs", "schedule": 60.0, "options": {"expires": 60}},
        "train-wanted": {"task": "upsell.tasks.train_wanted", "schedule": 60.0, "options": {"expires": 60}},
        "train-nightly": {"task": "upsell.tasks.train_nightly", "schedule": crontab(hour=3, minute=10)},
        "purge-answers": {"task": "oms.tasks.purge_answers", "schedule": 3600.0},
    },
)
app.autodiscover_tasks(["oms", "inventory", "orders", "returns", "upsell"])


@worker_ready.connect
def settle_memory(**_: object) -> None:
    freeze_loaded()
