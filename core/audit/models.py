"""Audit events and the chain of checkpoints over them. Append-only; a trigger guards it on PostgreSQL."""

from django.db import models

from core.clock.clock import now


class Outcome(models.TextChoices):
    """How an attempt ended."""

    DONE = "done", "完成"
    REFUSED = "refused", "被拒"
    LAPSED = "lapsed", "期满"
    VIEWED = "viewed", "查看"


class Event(models.Model):
    """One thing that happened: verb, subject, actor, legal date, payload, and the frozen copy of what it was about.

    No personal number in clear, ever: payload and frozen hold masked values only.
    """

    at = models.DateTimeField("时间", default=now, editable=False)
    on = models.DateField("法定日期", null=True)
    verb = models.CharField("动作", max_length=80)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.DONE)
    # Loose references: the layers above have the tables, and an event outlives what it names.
    actor_user_id = models.BigIntegerField(null=True)
    actor_position_id = models.BigIntegerField(null=True)
    actor_organisation_id = models.BigIntegerField(null=True)
    actor_label = models.CharField("谁", max_length=200)
    matter_type = models.CharField(max_length=60, blank=True)
    matter_id = models.CharField(max_length=40, blank=True)
    payload = models.JSONField("内容", default=dict)
    frozen = models.JSONField("当时的副本", default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计事件"
        indexes = [
            models.Index(fields=["matter_type", "matter_id", "id"], name="event_matter"),
            models.Index(fields=["verb", "at"], name="event_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb}"


class Checkpoint(models.Model):
    """The head of the chain after all events known at a moment."""

    at = models.DateTimeField(default=now, editable=False)
    first_number = models.BigIntegerField()
    last_number = models.BigIntegerField(unique=True)
    head = models.CharField("链首", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计检查点"
        ordering = ["id"]

    @property
    def count(self) -> int:
        """How many events it covers."""
        return self.last_number - self.first_number + 1


class Link(models.Model):
    """An event's place in the chain: numbered without gaps, each hash over the one before and the event."""

    number = models.BigIntegerField(primary_key=True)
    # No foreign key: a removed event must show in the verification, not block it.
    event_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="links")

    class Meta:
        verbose_name = verbose_name_plural = "审计链环"
