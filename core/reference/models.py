"""Areas, occupations, dated settings, counters."""

from django.db import models
from simple_history.models import HistoricalRecords

from core.clock.words import in_words
from regulation.settings import SETTINGS


class AreaKind(models.TextChoices):
    """What kind of division an area is: which government reviews its office's acts follows from it."""

    DISTRICT = "市辖区", "市辖区"
    COUNTY = "县", "县"
    CITY = "县级市", "县级市"
    ZONE = "功能区", "功能区"


class Area(models.Model):
    """A district, county or zone of Anyang; `quota_area` says where its places count (M37)."""

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=AreaKind)
    quota_area = models.CharField("名额区域", max_length=20)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "区域"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """An occupation (职业) of the national classification; a 工种 counts under its occupation's code."""

    code = models.CharField("代码", max_length=10, primary_key=True)
    name = models.CharField("名称", max_length=60)
    active = models.BooleanField("可申报", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "职业"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class Setting(models.Model):
    """A figure that the authority may choose, from a day on. The default stands in regulation/settings.py."""

    key = models.CharField("设置", max_length=60)
    value = models.IntegerField("值")
    effective_from = models.DateField("自何日起")
    note = models.CharField("依据或说明", max_length=200)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "设置"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="one_setting_per_day",
                violation_error_message="这项设置在这一天已经有一个值，请改那一条。",
            )
        ]

    @property
    def label(self) -> str:
        """The setting's name in words."""
        return SETTINGS[self.key].label if self.key in SETTINGS else self.key

    @property
    def said(self) -> str:
        """The figure in words, with its unit."""
        return SETTINGS[self.key].say(self.value) if self.key in SETTINGS else str(self.value)

    def __str__(self) -> str:
        return f"{self.label} {self.said}，{in_words(self.effective_from)}起"


class Counter(models.Model):
    """The last number given in a series; locked for update, so numbers have no gaps."""

    series = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号计数"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_series")]
