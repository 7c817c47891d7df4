"""A file of orders on its way in: how far it is, and what became of each member."""

from django.db import models
from django.db.models.functions import Now

from oms.models import Channel


class ImportRun(models.Model):
    """One run of `import_orders`, from the command line, the drop folder or the admin."""

    class State(models.TextChoices):
        WAITING = "WAITING", "waiting"
        RUNNING = "RUNNING", "running"
        DONE = "DONE", "done"
        FAILED = "FAILED", "failed"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20)
    file = models.FileField(upload_to="imports/", blank=True, max_length=255)
    name = models.CharField(max_length=255, help_text="The file's own name.")
    columns = models.JSONField(default=dict, blank=True, help_text="Which CSV column is what.")
    create_skus = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, db_default=State.WAITING)
    bytes_total = models.BigIntegerField(db_default=0)
    bytes_read = models.BigIntegerField(db_default=0)
    report = models.JSONField(db_default={}, default=dict, blank=True)
    problem = models.TextField(blank=True, db_default="")
    by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then somebody works on it; after it somebody else may take it up."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
