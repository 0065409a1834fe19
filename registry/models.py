"""What the public is answered from: the published records of filings, laid out to be found, filtered and counted.

Kept from the publications alone (registry/entries.py), and can be made anew from them at any time.
"""

from collections.abc import Iterable

from django.db import models

from core.publications.models import Publication


def level_bits(levels: Iterable[int]) -> int:
    """Return levels (5 to 1) as one number, a bit each, so that a database can ask for one of them."""
    return sum(1 << (level - 1) for level in set(levels))


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
    filed_since = models.DateField("用这个编码备案的第一日")
    # When anything of this filing was last published or withdrawn: the real moment, on no moved clock.
    changed_at = models.DateTimeField()
    # The last day in force by what is known of the filing now; from then on it has expired, or ended as it says.
    last_day = models.DateField("有效的最后一日")
    ended_as = models.CharField("终止的种类", max_length=12, blank=True)
    ended_on = models.DateField("终止日期", null=True)
    # The record as it was published: its occupations and sites as JSON that the public API passes on unread, since a
    # page of it has hundreds (registry/records.py), and all else. And what is known by now of its end and suspensions.
    summary = models.JSONField("公布的内容")
    detail = models.TextField("公布的职业和场地")
    known = models.JSONField("已知的终止和暂停")
    # Its name, laid out with its sounds; its codes and addresses, laid out (registry/folding.py).
    called = models.TextField()
    words = models.TextField()
    # The levels of any occupation, a bit each (`level_bits`).
    levels = models.SmallIntegerField("等级")
    areas = models.JSONField("注册地和场地所在区域", default=list)
    # {occupation: [codes of the areas where it takes a place]} (M37).
    places = models.JSONField("占用的名额", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "机构目录"
        constraints = [models.UniqueConstraint(fields=["publication", "since"], name="entry_once")]
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


class Offer(models.Model):
    """An occupation that an entry names, and its levels, a bit each."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="offers", db_index=False)
    occupation = models.CharField("职业代码", max_length=20)
    levels = models.SmallIntegerField("等级")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "occupation"], name="offer_once")]
        indexes = [models.Index(fields=["occupation", "entry"], name="offer_occupation")]


class Locality(models.Model):
    """An area where an entry has its seat or a site: its code, or its name where a record has no code."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="localities", db_index=False)
    area = models.CharField("区域", max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "area"], name="locality_once")]
        indexes = [models.Index(fields=["area", "entry"], name="locality_area")]
