"""What is offered after the purchase: to whom, where, at what price, how often."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from oms.fields import AmountField, QuantityField
from upsell.choices import Buyers, DiscountKind, Placement, Source


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ").lower()) for word in words]  # type: ignore[attr-defined]


def _codes(help_text: str, *, longest: int = 60) -> ArrayField:
    return ArrayField(models.CharField(max_length=longest), default=list, blank=True, help_text=help_text)


class Campaign(models.Model):
    """One way of offering. An empty list of the audience means all; `margin_floor` and `holdout_share` are shares.

    `discount` is a percentage, an amount off one unit, or the price of all listed items together, by its kind.
    """

    name = models.CharField(max_length=120, unique=True)
    active = models.BooleanField(default=False, db_default=False)
    priority = models.PositiveSmallIntegerField(default=100, db_default=100, help_text="The lowest is asked first.")
    placements = ArrayField(models.CharField(max_length=20, choices=_choices(Placement)), default=list)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    channels = _codes("Codes of channels.", longest=40)
    countries = _codes("ISO 3166 codes of where orders go.", longest=2)
    tiers = _codes("Loyalty tiers of customers.", longest=40)
    order_tags = _codes("One of them must be on the order.")
    categories = _codes("Codes of categories: something of one of them, or below it, is in the order.")
    buyers = models.CharField(max_length=12, choices=_choices(Buyers), default=Buyers.ALL, db_default=Buyers.ALL)
    least_total = AmountField(null=True, blank=True, help_text="Of the order, in the currency above.")
    most_total = AmountField(null=True, blank=True)

    source = models.CharField(max_length=12, choices=_choices(Source), default=Source.RECOMMENDER)
    skus = _codes("What is offered, in this order, where the source is a fixed list.", longest=100)
    discount_kind = models.CharField(
        max_length=14, choices=_choices(DiscountKind), default=DiscountKind.NONE, db_default=DiscountKind.NONE
    )
    discount = AmountField(default=0, db_default=0)
    currency = models.CharField(
        max_length=3, blank=True, default="", db_default="", help_text="Of the amounts here; orders in others are left."
    )

    most_shown = models.PositiveSmallIntegerField(default=3, db_default=3, help_text="Side by side.")
    most_accepted = models.PositiveSmallIntegerField(default=3, db_default=3, help_text="An order, at most three.")
    margin_floor = models.DecimalField(
        max_digits=4, decimal_places=3, null=True, blank=True, help_text="Of the price after discount, without tax."
    )
    stock_floor = QuantityField(default=0, db_default=0, help_text="So many units must be left after it was taken.")
    orders_per_customer = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="With so many orders of a customer at most, within the days."
    )
    within_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    ignored_times = models.PositiveSmallIntegerField(
        default=5, db_default=5, help_text="Seen so often without a word, a product is not offered to that customer."
    )
    holdout_share = models.DecimalField(max_digits=4, decimal_places=3, default=0, db_default=0)
    salt = models.CharField(max_length=40, editable=False, help_text="Whoever is in the holdout follows from it.")

    mail_share = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default="0.50",
        db_default="0.50",
        help_text="Of the window, then mail goes out.",
    )
    mail_least_minutes = models.PositiveSmallIntegerField(
        default=15, db_default=15, help_text="No mail where less than that is left of the window."
    )
    words = models.JSONField(
        default=dict, blank=True, db_default={}, help_text='Above the offers: {"en": "…", "zh-hans": "…"}.'
    )
    version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["priority", "id"]
        permissions = [("view_figures", "Can see what offers bring")]
        constraints = [
            models.CheckConstraint(
                condition=Q(holdout_share__gte=0, holdout_share__lte="0.9"), name="campaign_holdout_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(margin_floor=None) | Q(margin_floor__gte=0, margin_floor__lt=1),
                name="campaign_margin_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(most_accepted__gte=1, most_accepted__lte=3), name="campaign_three_accepted_at_most"
            ),
            models.CheckConstraint(condition=Q(most_shown__gte=1, most_shown__lte=6), name="campaign_shows_a_few"),
            models.CheckConstraint(condition=Q(discount__gte=0), name="campaign_discount_not_negative"),
            models.CheckConstraint(
                condition=~Q(discount_kind="PERCENTAGE") | Q(discount__lte=100), name="campaign_percentage_to_a_hundred"
            ),
            models.CheckConstraint(
                condition=~Q(discount_kind__in=["AMOUNT", "BUNDLE_PRICE"]) & Q(least_total=None, most_total=None)
                | Q(currency__regex=r"^[A-Z]{3}$"),
                name="campaign_amounts_have_a_currency",
            ),
            models.CheckConstraint(
                condition=~Q(source="FIXED") & ~Q(discount_kind="BUNDLE_PRICE") | Q(skus__len__gt=0),
                name="campaign_list_has_items",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="offers_end_after_they_start",
            ),
            models.CheckConstraint(condition=~Q(salt=""), name="campaign_has_a_salt"),
            models.CheckConstraint(
                condition=Q(mail_share__gte=0, mail_share__lte=1), name="campaign_mail_within_the_window"
            ),
        ]

    def __str__(self) -> str:
        return self.name
