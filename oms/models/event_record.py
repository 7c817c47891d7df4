"""What happened: the audit trail, the timeline and the outbox in one append-only table.

Who reads the log from where they stopped must not read past a row that is written, but not committed yet. So each row
bears its `turn`: the number of the transaction that wrote it, or that of the subject's event before, if that is higher.
Nothing is ever added below the lowest transaction that still runs (`oms/queries/event_log.py`), and a subject's events
stand in their order.
"""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Cast, Now


class EventRecordQuerySet(models.QuerySet["EventRecord"]):
    def about(self, kind: str, subject: str) -> "EventRecordQuerySet":
        """One subject's timeline, oldest first."""
        return self.filter(subject_kind=kind, subject=subject).order_by("sequence")


class EventRecord(models.Model):
    """One event. `sequence` counts the events of its subject from 1 without a gap."""

    type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    by = models.CharField(max_length=150, help_text="staff:…, key:…, channel:…, customer, or system.")
    at = models.DateTimeField(help_text="When it happened.")
    facts = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())
    turn = models.BigIntegerField(
        db_default=Cast(Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())
    )

    objects = EventRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject", "sequence"], name="event_in_its_place"),
        ]
        indexes = [
            models.Index(fields=["type", "-id"], name="event_by_type"),
            models.Index(fields=["turn", "id"], name="event_by_turn"),
            BrinIndex(fields=["recorded_at"], autosummarize=True, name="event_by_moment"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
