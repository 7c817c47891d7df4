"""What was learned of what is bought with what."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Recommender(models.Model):
    """One training. Exactly one is ACTIVE; it is swapped for a newer in one statement, and can be swapped back.

    `figures`: what an own test on its last days said (HR@10, MRR, coverage), and where `memory` (MiB) and time went.
    """

    class State(models.TextChoices):
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
        ]

    def __str__(self) -> str:
        return f"Recommender {self.pk}"
