"""The outbox: messages to organisations or users, and their deliveries outside the portal."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from core.accounts.models import Organisation, Position
from core.clock.clock import now


class Message(models.Model):
    """A message in an inbox, exactly once by its key. The inbox is what counts; e-mail only points to it."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField("类别", max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="messages")
    # Which positions of the organisation it is for; empty: all of them.
    roles = models.JSONField(default=list)
    # The one position it is for, where it is no office's matter (an expert's assignment).
    position = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    link = models.CharField("去处理", max_length=200, blank=True)
    matter_type = models.CharField(max_length=60, blank=True)
    matter_id = models.CharField(max_length=40, blank=True)
    on = models.DateField("日期")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="message_inbox")]


class Reading(models.Model):
    """A user opened a message; recorded only, it starts nothing (送达 is on arrival)."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_reading_per_user")]


class Outgoing(models.Model):
    """What is on its way out of the portal, at least once, under a name that stays (core.notifications.delivery)."""

    class State(models.TextChoices):
        PENDING = "pending", "待发"
        SENT = "sent", "已发"
        FAILED = "failed", "失败"

    state = models.CharField(max_length=7, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    error = models.CharField(max_length=200, blank=True)

    # What metrics call those that wait.
    waits_as: ClassVar[str] = ""

    class Meta:
        abstract = True

    @property
    def personal(self) -> tuple[str, ...]:
        """What tells whom it goes to, and no log: numbers and addresses."""
        return ()


class Delivery(Outgoing):
    """A message on its way by e-mail or SMS: at least once, with a stable message id."""

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    waits_as = "messages"

    @property
    def personal(self) -> tuple[str, ...]:
        """The user's."""
        return tuple(filter(None, (self.user.phone, self.user.email)))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user", "channel"], name="one_delivery_per_channel")]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["-id"], name="delivery_unsent", condition=~models.Q(state="sent")),
        ]
