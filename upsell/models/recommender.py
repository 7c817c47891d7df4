"""What was learned of what is bought with what."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Recommender(models.Model):
    """One training. One is ACTIVE; it is swapped for a newer in one transaction, and can be swapped back.

    `figures`: what an own test on the newest baskets said, by ranking (hit_rate is HR@10), and `memory` in MiB.
    `trained_…` and `noted_…` are places in the log of events: what was ordered up to the first was learned, what was
    ordered between them has been noted since (`upsell/actions/noting_pairs.py`).
    """

    class State(models.TextChoices):
        WANTED = "WANTED", "wanted"
        TRAINING = "TRAINING", "in training"
        READY = "READY", "ready"
        ACTIVE = "ACTIVE", "in use"
        RETIRED = "RETIRED", "retired"
        FAILED = "FAILED", "failed"

    state = models.CharField(max_length=10, choices=State)
    began_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    trained_until = models.DateTimeField(help_text="Orders placed from then on are counted as they come.")
    baskets = models.PositiveIntegerField(default=0, db_default=0)
    lines = models.PositiveIntegerField(default=0, db_default=0)
    items = models.PositiveIntegerField(default=0, db_default=0)
    pairs = models.PositiveIntegerField(default=0, db_default=0)
    step = models.CharField(max_length=20, blank=True, default="", db_default="", help_text="What is being done.")
    percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    touched_at = models.DateTimeField(db_default=Now(), editable=False)
    trained_turn = models.BigIntegerField(default=0, db_default=0, editable=False)
    trained_event = models.BigIntegerField(default=0, db_default=0, editable=False)
    noted_turn = models.BigIntegerField(default=0, db_default=0, editable=False)
    noted_event = models.BigIntegerField(default=0, db_default=0, editable=False)
    seconds = models.FloatField(null=True, blank=True)
    memory = models.FloatField(null=True, blank=True)
    figures = models.JSONField(default=dict, db_default={}, blank=True)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        permissions = [("train_recommender", "Can train and swap recommenders")]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="ACTIVE"), name="one_recommender_in_use"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="TRAINING"), name="one_training_at_a_time"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="WANTED"), name="one_training_wanted"),
        ]

    def __str__(self) -> str:
        return f"Recommender {self.pk}"
