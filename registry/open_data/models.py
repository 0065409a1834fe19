"""The editions of the open data with their files, and the numbered list of what has changed."""

from django.db import models
from django.db.models import Q

from core.clock.clock import now
from core.publications.models import Publication


class Edition(models.Model):
    """The open data as of a day: all files of one reading, whole or not there at all.

    Whether it may still be handed out is never stored: `withdrawn` of the publications up to `last_publication` were
    withdrawn when it was read, withdrawals are never undone, so one more means that it holds something withdrawn since.
    """

    as_of = models.DateField("截至日期")
    made_at = models.DateTimeField("生成时间")
    last_publication = models.BigIntegerField("读到的最后一条公开信息")
    withdrawn = models.PositiveIntegerField("其中已撤下的条数")
    last_change = models.BigIntegerField("读到的最后一条变化", default=0)
    version = models.CharField("格式版本", max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "开放数据"

    def __str__(self) -> str:
        return f"{self.as_of} {self.pk}"


class EditionFile(models.Model):
    """A file of an edition. rows: without the heading; nothing for the description of the whole."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    dataset = models.CharField("数据集", max_length=20, blank=True)
    name = models.CharField("文件名", max_length=40)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("SHA-256", max_length=64)
    rows = models.PositiveIntegerField("行数", null=True)
    file = models.FileField("文件", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "开放数据文件"
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="edition_file_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        """csv"""
        return self.name.rpartition(".")[2]


class What(models.TextChoices):
    """What happened to something published."""

    PUBLISHED = "published", "公布"
    CHANGED = "changed", "变更"
    ENDED = "ended", "终止"
    WITHDRAWN = "withdrawn", "撤下"


class Change(models.Model):
    """One thing that happened to a publication, written in its transaction; it names it and holds nothing of it.

    `number` is its place in the list, given after the commit (registry/open_data/changes.py): in the order of numbers
    nothing ever comes in before what has been read.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=40)
    key = models.CharField("对象", max_length=80)
    what = models.CharField("变化", max_length=10, choices=What)
    at = models.DateTimeField("时间", default=now, editable=False)
    number = models.BigIntegerField("序号", null=True, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开信息的变化"
        constraints = [models.UniqueConstraint(fields=["publication", "what"], name="change_once")]
        indexes = [
            models.Index(fields=["id"], name="change_waiting", condition=Q(number__isnull=True)),
            models.Index(fields=["kind", "key"], name="change_key"),
            models.Index(fields=["at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.what}"
