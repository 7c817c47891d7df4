"""A login that failed: kept for a quarter of an hour, to slow down who guesses."""

from django.db import models


class FailedLogin(models.Model):
    """One attempt, by what was typed and from where; whether such a user exists does not matter."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["username", "address", "at"], name="failed_login_by_whom"),
            models.Index(fields=["at"], name="failed_login_age"),
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"
