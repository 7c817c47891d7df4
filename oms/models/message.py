"""Mails, each a row before anybody sends it: the row is what makes sure that none goes out twice."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> "MessageQuerySet":
        """Waiting, its moment has come, and nobody holds it on a lease."""
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.filter(free, state=Message.State.WAITING, run_after__lte=at)

    def about(self, kind: str, subject: str) -> "MessageQuerySet":
        """Those of one order, the newest first."""
        return self.filter(about_kind=kind, about=subject).order_by("-id")

    def unsent(self) -> "MessageQuerySet":
        """What should have reached somebody and did not."""
        return self.filter(state__in=[Message.State.FAILED, Message.State.BOUNCED])


class Message(models.Model):
    """One mail to one address. `key` says what it tells, for good: what was told once is never told again.

    What somebody was deliberately not told stands here too, without words and with its reason.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "waiting"
        SENT = "SENT", "sent"
        KEPT = "KEPT", "kept here"
        SUPPRESSED = "SUPPRESSED", "not to be sent"
        FAILED = "FAILED", "failed"
        BOUNCED = "BOUNCED", "came back"

    class Why(models.TextChoices):
        NO_SERVER = "no_server", "No mail server is set, so it is kept here."
        DEMO = "demo", "The demo writes mails and sends none."
        TEST = "test", "It is a test order."
        NO_ADDRESS = "no_address", "The order has no e-mail address."
        HISTORY = "history", "It happened before the order came here."
        SHOP_TELLS = "shop_tells", "The shop where it was bought tells its customers itself."
        TOLD = "told", "Another mail had just said so."
        REFUSED = "refused", "The mail server refused it for good."
        GIVEN_UP = "given_up", "The mail server was tried too often in vain."
        BOUNCED = "bounced", "The address does not take mail."

    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=30, help_text="What it is for: confirmation, shipped, …")
    about_kind = models.CharField(max_length=30)
    about = models.CharField(max_length=100, help_text="An order's number, for instance.")
    to = models.CharField(max_length=254, blank=True, db_default="")
    language = models.CharField(max_length=20, blank=True, db_default="")
    subject = models.CharField(max_length=255, blank=True, db_default="")
    text = models.TextField(blank=True, db_default="")
    html = models.TextField(blank=True, db_default="")
    secret = models.BooleanField(
        db_default=False, default=False, help_text="Its words open something: they are forgotten once it is sent."
    )
    unsubscribe = models.CharField(
        max_length=500, blank=True, db_default="", default="", help_text="Where its reader can ask for no more like it."
    )
    state = models.CharField(max_length=10, choices=State, db_default=State.WAITING)
    why = models.CharField(max_length=20, choices=Why, blank=True, db_default="", default="")
    attempts = models.PositiveIntegerField(db_default=0, default=0)
    lease = models.PositiveIntegerField(db_default=0, default=0)
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, db_default="", default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="Since when its words are not kept any more.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("send_message", "Can send mails again")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["SENT", "BOUNCED"], sent_at__isnull=False)
                | ~Q(state__in=["SENT", "BOUNCED"]) & Q(sent_at=None),
                name="message_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "SENT"], why="") | ~Q(state__in=["WAITING", "SENT"]) & ~Q(why=""),
                name="message_not_sent_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after", "id"], condition=Q(state="WAITING"), name="message_due"),
            models.Index(fields=["about_kind", "about", "-id"], name="message_about"),
            models.Index(fields=["to", "-id"], name="message_to"),
            models.Index(fields=["state", "-id"], name="message_by_state"),
            models.Index(fields=["kind", "-id"], name="message_by_kind"),
            models.Index(fields=["-made_at"], name="message_newest"),
            models.Index(fields=["made_at"], condition=Q(forgotten_at=None) & ~Q(text=""), name="message_with_words"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def what(self) -> str:
        """What it is for, as people say it."""
        return self.kind.replace("_", " ").capitalize()

    @property
    def may_be_sent(self) -> bool:
        """True where there are words to send, and an address to send them to."""
        return bool(self.text and self.to) and self.state != self.State.WAITING and self.why != self.Why.DEMO
