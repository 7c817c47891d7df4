"""Staff who log in to the admin. Customers have no user: they prove an order is theirs."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff."""

    @property
    def actor(self) -> str:
        """How this person signs what they do."""
        return f"staff:{self.username}"
