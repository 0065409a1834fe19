"""What an application holds: its materials and parts with their marks, sites, scope, records, staff (M7, M8)."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from core.accounts.models import Position
from core.crypto import EncryptedTextField
from core.documents.models import Upload
from core.reference.models import Area, Occupation
from filings.enums import LEVELS, StaffKind
from filings.models.application import Application
from filings.parts import PART_CHOICES, PARTS, Part
from regulation.materials import MATERIALS


class Marked(models.Model):
    """What the reviewer looks at and marks: the receiving handler, and in assessment the centre's. `touched`: handed in
    anew at the last resubmission, and so what a second correction notice may name (M10)."""

    remark = models.TextField("意见", blank=True)
    marked_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    marked_on = models.DateField(null=True)
    touched = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Material(Marked):
    """One of the six materials (M8): the upload in force, and the reviewer's mark on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="materials")
    key = models.CharField("材料", max_length=12, choices=[(m.key, m.label) for m in MATERIALS.values()])
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    complete = models.BooleanField("齐全", null=True)
    compliant = models.BooleanField("符合要求", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请材料"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_material_per_key")]

    @property
    def rule(self) -> Any:
        """The regulation's entry: label, hint, formats, citation."""
        return MATERIALS[self.key]

    @property
    def good(self) -> bool:
        """Marked complete and compliant."""
        return bool(self.complete and self.compliant)

    @property
    def bad(self) -> bool:
        """Marked incomplete or not compliant."""
        return self.complete is False or self.compliant is False

    def clear(self) -> None:
        """Not looked at, as it stands now."""
        self.complete = self.compliant = None


class PartMark(Marked):
    """The reviewer's mark on a part of the form. There is none where nobody has said anything of the part."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="part_marks")
    key = models.CharField("申请内容", max_length=12, choices=PART_CHOICES)
    correct = models.BooleanField("无误", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请内容的审核"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_mark_per_part")]

    @property
    def rule(self) -> Part:
        """The part: label, fields, citation."""
        return PARTS[self.key]

    @property
    def good(self) -> bool:
        """Marked as in order."""
        return self.correct is True

    @property
    def bad(self) -> bool:
        """Marked as to be corrected."""
        return self.correct is False

    def clear(self) -> None:
        """Not looked at, as it stands now."""
        self.correct = None


class Site(models.Model):
    """An examination site (考评场地)."""

    OWN_FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "area",
        "address",
        "square_metres",
        "places",
        "equipment",
        "surveillance",
        "environment_ok",
        "safety_ok",
        "fire_ok",
        "other_area_reason",
    )

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sites")
    # The site of the filing that a change or renewal means with this one; none: it is new.
    filing_site = models.ForeignKey("filings.FilingSite", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField("场地名称", max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name="所在县（市、区）")
    address = models.CharField("地址", max_length=200)
    # None in the draft about a filing from paper, which tells neither: to be filled in before it is handed in.
    square_metres = models.PositiveIntegerField("面积（平方米）", null=True, validators=[MinValueValidator(1)])
    places = models.PositiveIntegerField("工位数", null=True, validators=[MinValueValidator(1)])
    equipment = models.TextField("主要设备", blank=True)
    surveillance = models.BooleanField("有视频监控", default=False)
    environment_ok = models.BooleanField("符合环保要求", default=False)
    safety_ok = models.BooleanField("符合安全要求", default=False)
    fire_ok = models.BooleanField("符合消防要求", default=False)
    other_area_reason = models.CharField("不在注册地的理由", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "考评场地"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ScopeItem(models.Model):
    """An occupation applied for, with its levels, sites and question bank; at the end what was decided on it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scope")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    levels = models.JSONField("等级", default=list, help_text=str(LEVELS))
    sites = models.ManyToManyField(Site, blank=True, related_name="scope", verbose_name="考评场地")
    question_bank = models.CharField("题库来源", max_length=200, blank=True)
    granted = models.BooleanField("同意", null=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "申请职业"
        ordering = ["occupation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "occupation"],
                name="occupation_once_per_application",
                violation_error_message="这个职业已经在申请里。",
            )
        ]


class LeftOut(models.Model):
    """What an approval in part leaves out of an occupation (M11): a level, a site, or, naming neither, all of it."""

    item = models.ForeignKey(ScopeItem, on_delete=models.PROTECT, related_name="left_out")
    level = models.PositiveSmallIntegerField("等级", choices=LEVELS, null=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="考评场地")
    reason = models.CharField("理由", max_length=300)
    basis = models.CharField("依据", max_length=8)

    class Meta:
        verbose_name = verbose_name_plural = "不予备案的部分"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(site__isnull=True), name="left_out_one_part"),
            models.UniqueConstraint(
                fields=["item", "level"], condition=Q(level__isnull=False), name="level_left_out_once"
            ),
            models.UniqueConstraint(
                fields=["item", "site"], condition=Q(site__isnull=False), name="site_left_out_once"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(level__isnull=True, site__isnull=True),
                name="occupation_left_out_once",
            ),
        ]

    @property
    def part(self) -> str:
        """The part within its occupation: "三级（高级工）", "考评场地“二分校”"; empty for all of it."""
        return f"考评场地“{self.site.name}”" if self.site else self.get_level_display() or ""

    @property
    def what(self) -> str:
        """The part as papers name it: "焊工（6-18-02-04）三级（高级工）"."""
        return f"{self.item.occupation.name}（{self.item.occupation_id}）{self.part}"


class TrainingRecord(models.Model):
    """Person-times trained and evaluated in one occupation within a span of days, for M7(7)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="records")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    since = models.DateField("自")
    until = models.DateField("至")
    person_times = models.PositiveIntegerField("人次")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "培训评价记录"
        ordering = ["occupation_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")),
                name="record_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]


class StaffMember(models.Model):
    """A person of M7(3); the name is kept encrypted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="staff")
    kind = models.CharField("类别", max_length=12, choices=StaffKind)
    name = EncryptedTextField("姓名")
    certificate = models.CharField("证卡编号", max_length=60, blank=True)
    occupations = models.ManyToManyField(Occupation, blank=True, verbose_name="适用职业（工种）")

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["kind", "id"]
