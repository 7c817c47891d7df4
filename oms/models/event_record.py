"""What happened: the audit trail, the timeline and the outbox in one append-only table."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now


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

    objects = EventRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject", "sequence"], name="event_in_its_place"),
        ]
        indexes = [models.Index(fields=["type", "-id"], name="event_by_type")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
