"""Working days as announced, year by year; what is not announced is provisional."""

from django.db import models
from simple_history.models import HistoricalRecords


class YearStatus(models.TextChoices):
    """How sure a year's calendar is."""

    ANNOUNCED = "announced", "已按国务院办公厅通知载入"
    CONFIRMED = "confirmed", "管理员已确认按推算执行"


class CalendarYear(models.Model):
    """A year whose calendar is loaded or confirmed. A year without a row is provisional.

    `digest` is the hash of the year's days: by it every process sees, in one small query, whether its calendar holds.
    """

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    status = models.CharField("状态", max_length=10, choices=YearStatus)
    source = models.CharField("来源", max_length=200)
    digest = models.CharField("内容散列", max_length=64, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "日历年份"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_status_display()}"


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", "放假"
    MAKEUP = "makeup", "调休上班"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a named holiday or a make-up working day."""

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("类别", max_length=8, choices=DayKind)
    name = models.CharField("节日", max_length=40)
    note = models.CharField("说明", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "日历日"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.name}"
