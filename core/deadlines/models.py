"""Statutory clocks as rows. The due date is stored; beat only sweeps what is due."""

from django.db import models
from django.db.models import F, Q

from core.clock.clock import now


class ClockState(models.TextChoices):
    RUNNING = "running", "计时中"
    DONE = "done", "已办结"
    LAPSED = "lapsed", "已期满"
    REPLACED = "replaced", "已重新计时"


class Clock(models.Model):
    """A period that runs in a matter: `kind` names it in regulation.periods, `lapse` the transition it performs.

    `due_on` is the last day; the period ends at its 24:00, swept or not. A clock without `lapse` turns red only.
    """

    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    kind = models.CharField("期限", max_length=40)
    starts_on = models.DateField("起算日")
    amount = models.PositiveSmallIntegerField("长度")
    unit = models.CharField("单位", max_length=8)
    due_on = models.DateField("最后一日")
    provisional = models.BooleanField("暂定", default=False)
    state = models.CharField("状态", max_length=8, choices=ClockState, default=ClockState.RUNNING)
    ended_on = models.DateField("结束日", null=True)
    lapse = models.CharField(max_length=60, blank=True)
    # A clock whose end deems nothing stays running and red; the day on which those concerned were told.
    told_on = models.DateField("逾期已提醒", null=True)
    started_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        constraints = [
            models.UniqueConstraint(
                fields=["matter_type", "matter_id", "kind"], condition=Q(state="running"), name="one_running_clock"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="clock_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="running", ended_on__isnull=True) | ~Q(state="running") & Q(ended_on__isnull=False),
                name="ended_clock_has_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state="running", provisional=False, told_on__isnull=True),
                name="clock_due",
            ),
            # The few that wait for a year: recomputed when it is loaded, reminded of meanwhile.
            models.Index(
                fields=["due_on", "id"], condition=Q(state="running", provisional=True), name="clock_provisional"
            ),
            models.Index(fields=["matter_type", "matter_id"], name="clock_matter"),
            # Queues walk what runs by its last day, told of or not.
            models.Index(fields=["due_on", "id"], condition=Q(state="running"), name="clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class ClockMove(models.Model):
    """A due date that moved: extended by a decision, or recomputed when a year's calendar was loaded."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="moves")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.CharField(max_length=200)
    on = models.DateField()
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "期限变动"


class Reminder(models.Model):
    """A reminder that went out: once per clock, working days before (0: it has lapsed) and due date."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="reminders")
    days_before = models.PositiveSmallIntegerField()
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "days_before", "due_on"], name="one_reminder_per_kind")]
