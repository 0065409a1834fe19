"""The loops with the agency (corrections, supplements) and the county's opinion."""

from django.db import models
from django.db.models import Q

from core.accounts.models import Position
from core.documents.models import OfficialDocument, Upload
from filings import parts
from filings.enums import OpinionKind, Requester
from filings.models.application import Application


class Request(models.Model):
    """A notice that names what is asked of the agency: everything to correct at once (M10), or supplements."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField("类别", max_length=10, choices=Requester)
    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("发出日期")
    days = models.PositiveSmallIntegerField("期限（日）", null=True)
    served_on = models.DateField("送达日期", null=True)
    extension_asked_on = models.DateField("申请延长日期", null=True)
    extension_request = models.CharField("申请延长理由", max_length=300, blank=True)
    extended_to = models.PositiveSmallIntegerField("延长后期限（日）", null=True)
    extension_reason = models.CharField("准予延长理由", max_length=300, blank=True)
    answered_on = models.DateField("答复日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "补正或补充通知"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(answered_on__isnull=True), name="one_unanswered_request"
            )
        ]

    @property
    def overtaken(self) -> bool:
        """A correction notice that came to nothing: the period to ask ended before its service was recorded (M10)."""
        return self.kind == Requester.CORRECTION and self.answered_on is not None and self.served_on is None


class RequestItem(models.Model):
    """One thing asked for: which material or part of the form, what is wrong, what to do; and the agency's answer.

    was, became: what a part said when it was asked for, and when it was handed in (filings.part_contents; None where
    nothing was); no number of a person in clear. edited: it says something else now than then.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="items")
    material = models.CharField("材料", max_length=12, blank=True)
    part = models.CharField("申请内容", max_length=12, blank=True)
    what = models.TextField("问题和要求")
    answer = models.TextField("答复", blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    was = models.JSONField("原来的内容", default=dict)
    became = models.JSONField("提交时的内容", null=True)
    edited = models.BooleanField("已修改", default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "material", "part"], name="one_item_per_material_or_part"),
            models.CheckConstraint(
                condition=Q(material="", part__gt="") | Q(material__gt="", part=""),
                name="item_names_material_or_part",
            ),
        ]

    @property
    def key(self) -> str:
        """The key of the material or part; they are distinct."""
        return self.part or self.material

    @property
    def label(self) -> str:
        """The material or part in words."""
        return parts.label(self.key)

    @property
    def citation(self) -> str:
        """Its article, as a code."""
        return parts.citation(self.key)

    @property
    def answered(self) -> bool:
        return bool(self.upload_id or self.edited or self.answer.strip())


class Opinion(models.Model):
    """The county's recommendation (M6), or its opinion that came after the period."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField("类别", max_length=14, choices=OpinionKind)
    positive = models.BooleanField("推荐")
    text = models.TextField("意见")
    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "县区意见"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="one_opinion_per_kind")]
