"""All terms as they stood between two moments. Written once, never changed."""

import pgtrigger
from django.db import models


class TermsEdition(models.Model):
    """The whole set of active terms, in force from `in_force_from` until the next edition begins.

    `digest` is the SHA-256 of `document` as canonical JSON (RFC 8785): the same terms have the same name.
    """

    digest = models.CharField(max_length=64)
    document = models.JSONField()
    in_force_from = models.DateTimeField(unique=True)
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-in_force_from"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.digest[:12]} from {self.in_force_from:%Y-%m-%d %H:%M}"
