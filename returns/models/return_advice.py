"""What may save a return: a hint that is shown to whoever is about to ask for one."""

from django.db import models
from django.db.models import Q

from inventory.models import Category, Product
from returns.models.return_reason import ReturnReason


class ReturnAdvice(models.Model):
    """Shown where all of it fits that is named: the reason, the kind of goods, the product.

    `texts` are what customers read, by language, as the labels of reasons; `link` leads to a guide.
    """

    name = models.CharField(max_length=120, unique=True)
    reason = models.ForeignKey(ReturnReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    texts = models.JSONField(default=dict, help_text='{"en": "Hold the button for ten seconds …", "zh-hans": "…"}')
    link = models.URLField(max_length=500, blank=True, db_default="", default="")
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        verbose_name_plural = "return advice"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=None, category=None, product=None), name="return_advice_is_about_something"
            )
        ]

    def __str__(self) -> str:
        return self.name
