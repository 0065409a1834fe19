"""Who gets announcements by e-mail, and the letters on their way. An address is kept only here, encrypted, and only as
long as the subscription stands."""

from django.db import models

from core.clock.clock import now
from core.crypto import EncryptedTextField
from core.notifications.models import Outgoing
from core.publications.models import Publication


class Often(models.TextChoices):
    """How often a subscriber is written to."""

    EACH = "each", "每发一条公告寄一封"
    DAILY = "daily", "每天早上寄一封，汇总前一天的公告"


class Subscription(models.Model):
    """An address, and what is sent there once its owner has confirmed it."""

    address = EncryptedTextField("邮箱")
    address_hash = models.CharField(max_length=64, unique=True)
    # Keys of kinds; empty: all of them.
    kinds = models.JSONField("公告类别", default=list)
    often = models.CharField("频率", max_length=5, choices=Often, default=Often.DAILY)
    asked_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告订阅"
        indexes = [models.Index(fields=["asked_at"], name="unconfirmed", condition=models.Q(confirmed_at__isnull=True))]


class Letter(Outgoing):
    """A letter to a subscriber. What it says is written when it goes out, so nothing withdrawn meanwhile is in it."""

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", "请确认"
        NEWS = "news", "公告"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind)
    # Of a daily letter: the day whose announcements it gathers.
    day = models.DateField(null=True)
    # Of a confirmation: what was asked for, {"kinds", "often"}.
    wish = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now)
    waits_as = "letters"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "day"], name="one_letter_a_day"),
            models.UniqueConstraint(
                fields=["subscription"],
                name="one_confirmation_on_its_way",
                condition=models.Q(kind="confirmation", state="pending"),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="letter_due", condition=models.Q(state="pending")),
            models.Index(fields=["-id"], name="letter_unsent", condition=~models.Q(state="sent")),
        ]


class Item(models.Model):
    """An announcement in a letter: each goes to each subscriber once."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="items")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "publication"], name="once_to_each_subscriber")]


class Told(models.Model):
    """An announcement for which the letters to all subscribers of that moment were made."""

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField(default=now)
