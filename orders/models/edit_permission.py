"""Who may change what."""

from django.db import models
from django.db.models import Q


class EditPermission(models.Model):
    """One row of the table "actor × operation × state × amount". The first that fits decides; none fits: refused.

    `limits` are amounts by currency ({"EUR": "200"}): the row fits only an edit that raises what is owed by at most
    so much; in a currency that is not named it fits only an edit that raises nothing.
    """

    class Verdict(models.TextChoices):
        ALLOW = "ALLOW", "do it at once"
        APPROVE = "APPROVE", "staff must approve"
        REFUSE = "REFUSE", "refuse"

    class Stage(models.TextChoices):
        ANY = "ANY", "any time"
        WINDOW_OPEN = "WINDOW_OPEN", "inside the edit window"
        HELD = "HELD", "window over, not released yet"
        RELEASED = "RELEASED", "released, no warehouse has accepted it"

    ACTORS = [("ANY", "anybody"), ("CUSTOMER", "customer"), ("STAFF", "staff"), ("API", "partner"), ("BOT", "bot")]
    OPERATIONS = [
        ("ANY", "any"),
        ("change_address", "change the address"),
        ("change_contact", "change the contact"),
        ("swap_variant", "swap the variant"),
        ("set_quantity", "change a quantity"),
        ("add_item", "add an item"),
        ("cancel_line", "cancel a line"),
        ("change_shipping", "change the shipping method"),
        ("set_unit_price", "set a price"),
        ("cancel_order", "cancel the whole order"),
    ]

    position = models.PositiveIntegerField(default=0)
    actor = models.CharField(max_length=10, choices=ACTORS, default="ANY")
    operation = models.CharField(max_length=20, choices=OPERATIONS, default="ANY")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.ANY)
    to_another_country = models.BooleanField(null=True, blank=True, help_text="Empty: whether it is or not.")
    limits = models.JSONField(null=True, blank=True, help_text='Fits up to these raises: {"EUR": "200"}.')
    verdict = models.CharField(max_length=10, choices=Verdict)
    sentence = models.CharField(
        max_length=255, blank=True, db_default="", help_text="Told with a refusal, or to the approver."
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_another_country=None) | Q(operation__in=["ANY", "change_address"]),
                name="permission_country_is_of_addresses",
                violation_error_message="Only an address can lead to another country.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_actor_display()}: {self.get_operation_display()}"
