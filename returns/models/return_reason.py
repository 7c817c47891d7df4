"""Why things come back: the list that customers choose from."""

from django.db import models
from django.db.models import Q

from returns.choices import RootCause, as_choices


class ReturnReason(models.Model):
    """One reason. `labels` are what customers read, by language; `shopify` is Shopify's word for it."""

    code = models.SlugField(max_length=40, unique=True)
    labels = models.JSONField(default=dict, help_text='{"en": "Too small", "zh-hans": "偏小"}')
    root_cause = models.CharField(max_length=24, choices=as_choices(RootCause))
    shopify = models.CharField(max_length=24, default="OTHER", help_text="COLOR, DEFECTIVE, SIZE_TOO_SMALL, …")
    needs_photo = models.BooleanField(default=False, db_default=False)
    needs_comment = models.BooleanField(default=False, db_default=False)
    merchant_fault = models.BooleanField(
        default=False, db_default=False, help_text="We bear what it costs: damaged, wrong, not as described."
    )
    categories = models.ManyToManyField(
        "inventory.Category", blank=True, related_name="+", help_text="Offered for these alone; empty: for all."
    )
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="return_reason_has_a_code")]

    def __str__(self) -> str:
        return str(self.labels.get("en", self.code))
