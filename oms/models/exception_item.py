"""Something that is not clean and waits for a person."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.models.user import User


class ExceptionItemQuerySet(models.QuerySet["ExceptionItem"]):
    def open(self) -> "ExceptionItemQuerySet":
        return self.filter(closed_at=None)

    def waiting(self, at: datetime) -> "ExceptionItemQuerySet":
        """Open, and nobody has put it off."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))

    def overdue(self, at: datetime) -> "ExceptionItemQuerySet":
        return self.waiting(at).filter(deadline__lt=at)

    def standing(self) -> "ExceptionItemQuerySet":
        """What must not be opened a second time: it is open, or somebody has said that nothing need be done."""
        return self.filter(Q(closed_at=None) | Q(closed_because=ExceptionItem.Ending.DISMISSED))


class ExceptionItem(models.Model):
    """One trouble of one `type` (see `oms.exceptions`). `key` is the row in trouble: a hold, a message, a parcel.

    `subject` is what people call what it is about. An item closes itself once its cause is gone.
    """

    class Ending(models.TextChoices):
        GONE = "GONE", "the cause is gone"
        DISMISSED = "DISMISSED", "nothing need be done"

    type = models.CharField(max_length=40)
    key = models.BigIntegerField()
    subject_kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=100)
    cause = models.TextField(help_text="What is wrong, in a sentence.")
    facts = models.JSONField(default=dict, db_default={})
    since = models.DateTimeField(help_text="Since when it has been wrong.")
    opened_at = models.DateTimeField()
    deadline = models.DateTimeField(help_text="By then it should be solved: so many working hours after it began.")
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    closed_because = models.CharField(max_length=10, choices=Ending, blank=True, default="", db_default="")
    note = models.CharField(max_length=255, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ExceptionItemQuerySet.as_manager()

    class Meta:
        ordering = ["deadline", "id"]
        permissions = [("work_exception", "Can take over, assign, put off and dismiss exceptions")]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "key"], condition=Q(closed_at=None), name="one_open_exception_a_trouble"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by="", closed_because="")
                | Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(closed_because=""),
                name="exception_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(closed_because="DISMISSED") | ~Q(note=""), name="exception_dismissed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["deadline", "id"], condition=Q(closed_at=None), name="exception_open"),
            models.Index(fields=["owner", "deadline", "id"], condition=Q(closed_at=None), name="exception_of_owner"),
            models.Index(fields=["type", "key"], name="exception_of_trouble"),
            models.Index(fields=["subject", "subject_kind"], name="exception_about"),
            models.Index(
                fields=["subject_kind", "subject"], condition=Q(owner__isnull=False), name="exception_looked_after"
            ),
            models.Index(fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="exception_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.subject}"
