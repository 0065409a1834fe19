"""The technical assessment (M11): methods, experts, scores against criteria published beforehand, the site visit."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from core.accounts.models import Position
from core.documents.models import Upload
from filings.models.application import Application


class Criterion(models.Model):
    """A published criterion with its full marks, in force from a day on until replaced."""

    key = models.SlugField("代号", max_length=40)
    label = models.CharField("标准", max_length=120)
    full_marks = models.PositiveSmallIntegerField("满分")
    since = models.DateField("自")
    until = models.DateField("至（含）", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "评估标准"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["key", "since"], name="one_criterion_per_day")]

    def __str__(self) -> str:
        return self.label


class Assessment(models.Model):
    """How an application is assessed; the report is the handler's summing up."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="assessment")
    methods = models.JSONField("方式")
    plan = models.TextField("安排", blank=True)
    commissioned = models.CharField("受托评估机构", max_length=200, blank=True)
    qualification = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受托机构的资质证明"
    )
    started_on = models.DateField("开始日期")
    visit_on = models.DateField("现场考察日期", null=True, blank=True)
    visit_note = models.TextField("现场考察记录", blank=True)
    visit_upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    report = models.TextField("评估报告", blank=True)
    report_on = models.DateField("报告日期", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "技术评估"
        constraints = [
            models.CheckConstraint(
                condition=Q(commissioned="") | Q(qualification__isnull=False),
                name="commissioned_shows_qualification",
                violation_error_message="受托评估机构应有资质证明。",
            )
        ]


class ExpertTask(models.Model):
    """An expert's assignment: sees the matter from assignment until the sheet is in, and no longer."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="tasks")
    expert = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField("指派日期")
    opinion = models.TextField("意见", blank=True)
    positive = models.BooleanField("总体意见", null=True)
    done_on = models.DateField("提交日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "专家任务"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "expert"], name="expert_once_per_assessment")]


class Score(models.Model):
    """An expert's marks on one criterion, with the reason."""

    task = models.ForeignKey(ExpertTask, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT)
    full_marks = models.PositiveSmallIntegerField()
    marks = models.PositiveSmallIntegerField("得分")
    reason = models.TextField("理由")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="marks_have_reason", violation_error_message="每项打分都应有理由。"
            ),
            models.CheckConstraint(
                condition=Q(marks__lte=F("full_marks")),
                name="marks_within_full_marks",
                violation_error_message="得分不能超过满分。",
            ),
        ]
