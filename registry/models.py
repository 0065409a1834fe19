"""What the look-up asks: the published records of filings, laid out to be filtered, counted and sorted by index.

Kept from the publications alone (registry/entries.py), and can be made anew from them at any time.
"""

from django.db import models

from core.publications.models import Publication


class Entry(models.Model):
    """One published record of a filing: from when to when it is the one in effect, and how the filing stands by it.

    Of a filing code, one row at most is in effect on a day.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("备案编码", max_length=20)
    verification = models.CharField("回执核验码", max_length=24)
    published_on = models.DateField("公布日期")
    since = models.DateField("自")
    until = models.DateField("不再是现行记录的第一日", null=True)
    # The last day in force by what is known of the filing now; from then on it has expired, or ended as it says.
    last_day = models.DateField("有效的最后一日")
    ended_as = models.CharField("终止的种类", max_length=12, blank=True)
    ended_on = models.DateField("终止日期", null=True)
    # All that a search looks through, folded.
    words = models.TextField()
    # |area|area|occupation:level|…: codes and names of areas, what is evaluated there.
    marks = models.TextField()
    areas = models.JSONField("注册地和场地所在区域", default=list)
    # {occupation: [codes of the areas where it takes a place]} (M37).
    places = models.JSONField("占用的名额", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "机构目录"
        indexes = [
            models.Index(fields=["code", "published_on"], name="entry_code"),
            models.Index(fields=["last_day", "code"], name="entry_last_day"),
            models.Index(fields=["verification"], name="entry_verification"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.since}"


class Pause(models.Model):
    """A suspension of what an entry tells of. until: the first day it no longer holds."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="pauses")
    since = models.DateField()
    until = models.DateField(null=True)
