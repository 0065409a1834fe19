"""Places (M37): the year's number, urgent occupations, overrides of a cap; and the serials granted by the province."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from core.accounts.models import Position
from core.reference.models import Occupation
from filings import permissions
from filings.enums import QuotaDecisionState
from filings.models.application import Application
from filings.models.state import StateField


class QuotaYear(models.Model):
    """The number of agencies set for a year, holding until replaced. Approval locks the newest row (HOUSE.md)."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    places = models.PositiveSmallIntegerField("全市预设数量")
    source = models.CharField("依据", max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "年度名额"
        ordering = ["year"]


class QuotaDecision(FSMModelMixin, models.Model):
    """A number of agencies proposed for a year by one person of the bureau and set by another (M37)."""

    year = models.PositiveSmallIntegerField("年度")
    places = models.PositiveSmallIntegerField("全市预设数量")
    source = models.CharField("依据", max_length=200)
    state = StateField("状态", max_length=8, choices=QuotaDecisionState, default=QuotaDecisionState.PROPOSED)
    runs = models.PositiveIntegerField(default=0)
    drafted_on = models.DateField("提议日期")
    decided_on = models.DateField("决定日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度名额决定"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.year} 年度名额 {self.places} 家"

    @transition(
        state, source=QuotaDecisionState.PROPOSED, target=QuotaDecisionState.SET, permission=permissions.bureau_chief
    )
    def set_quota(self) -> None: ...


class UrgentOccupation(models.Model):
    """An occupation on the bureau's published urgent list (急需紧缺), dated."""

    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    since = models.DateField("自")
    until = models.DateField("至（含）", null=True, blank=True)
    source = models.CharField("公布文件", max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "急需紧缺目录"
        ordering = ["occupation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occupation"],
                condition=Q(until__isnull=True),
                name="urgent_once",
                violation_error_message="这个职业已在目录里。",
            )
        ]


class CapOverride(models.Model):
    """Going over a full cap for one application: the centre's request, then the bureau's answer with its reason.

    granted: None while the bureau has not answered.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="overrides")
    cap = models.CharField("名额", max_length=40)
    request = models.TextField("请求的理由")
    asked_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("请求日期")
    granted = models.BooleanField("同意", null=True)
    reason = models.TextField("决定的理由", blank=True)
    decided_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("决定日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "超名额请求和决定"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "cap"],
                name="one_override_per_cap",
                violation_error_message="这一名额已经请求过。",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True, decided_on__isnull=True, reason="")
                | (Q(granted__isnull=False, decided_by__isnull=False, decided_on__isnull=False) & ~Q(reason="")),
                name="override_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["asked_on", "id"], condition=Q(granted__isnull=True), name="override_open")]


class SerialBlock(models.Model):
    """A block of filing-code serials that the province has granted; entered by the administrator."""

    first = models.PositiveIntegerField("起始号")
    last = models.PositiveIntegerField("截止号")
    next = models.PositiveIntegerField("下一个号")
    source = models.CharField("批准文件", max_length=200)
    granted_on = models.DateField("批准日期")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "备案编码号段"
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1, last__lte=999_999, first__lte=F("last")),
                name="serial_block_in_range",
                violation_error_message="号段应在 1 至 999999 之间，起始号不大于截止号。",
            ),
            models.CheckConstraint(
                condition=Q(next__gte=F("first"), next__lte=F("last") + 1), name="serial_next_in_block"
            ),
        ]

    @property
    def total(self) -> int:
        return self.last - self.first + 1

    @property
    def used(self) -> int:
        return self.next - self.first

    @property
    def left(self) -> int:
        return self.last - self.next + 1
