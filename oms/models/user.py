"""Staff who log in to the admin. Customers have no user: they prove an order is theirs."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models


class User(AbstractUser):
    """A member of staff, or of a partner's: those see what their warehouses have to do, and nothing else."""

    warehouses = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        db_default=[],
        help_text="Codes, with commas between them. Empty: all warehouses.",
    )

    @property
    def actor(self) -> str:
        """How this person signs what they do."""
        return f"staff:{self.username}"

    def sees_warehouse(self, code: str) -> bool:
        return not self.warehouses or code in self.warehouses
