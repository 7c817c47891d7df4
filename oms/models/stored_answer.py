"""The answer to a write, kept so that asking twice does it once (IETF draft Idempotency-Key 07)."""

from django.db import models
from django.db.models.functions import Now

from oms.models.api_key import ApiKey


class StoredAnswer(models.Model):
    """What one key was answered to one Idempotency-Key; `fingerprint` is the SHA-256 of method, path and body."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", db_index=False)  # one_answer_a_key
    idempotency_key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    content_type = models.CharField(max_length=60, default="application/json")
    location = models.CharField(max_length=200, db_default="")
    version = models.PositiveIntegerField(null=True, help_text="Its ETag.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "idempotency_key"], name="one_answer_a_key"),
        ]
        indexes = [models.Index(fields=["created_at"], name="answer_age")]

    def __str__(self) -> str:
        return f"{self.idempotency_key} → {self.status}"
