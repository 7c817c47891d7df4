"""How we reach a carrier."""

from django.db import models

from oms.encryption import EncryptedTextField


class CarrierAccount(models.Model):
    """The house carrier, which works alone, or an account with a carrier's API."""

    class Kind(models.TextChoices):
        HOUSE = "HOUSE", "house carrier"
        EASYPOST = "EASYPOST", "EasyPost"

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    url = models.URLField(max_length=500, blank=True, default="", help_text="Only where it is not the usual one.")
    key = EncryptedTextField(blank=True, default="", help_text="API key. Stored encrypted.")
    secret = EncryptedTextField(blank=True, default="", help_text="Webhook secret. Stored encrypted.")
    active = models.BooleanField(default=True)
    paused_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="It could not be reached, or asked us to slow down."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
