"""The stored day offset: how far demo and tests have moved the portal's day."""

from django.db import models


class DayOffset(models.Model):
    """One row: days added to the real date. Read only where settings.CLOCK_MOVABLE is true."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    days = models.PositiveIntegerField("偏移天数", default=0)
    moved_at = models.DateTimeField("最近一次拨动", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日期偏移"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_day_offset")]
