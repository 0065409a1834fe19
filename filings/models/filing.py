"""The filing (备案): what an approval creates, its scope and sites, its receipts."""

import datetime

from django.db import models
from django.db.models import F, Q

from core.accounts.models import Organisation
from core.documents.models import OfficialDocument
from core.reference.models import Area, Occupation
from filings.enums import FilingState
from filings.models.application import Application


def in_force(on: datetime.date, filing: str = "") -> Q:
    """Filings in force on a day, by their dates: nothing waits for a job. filing: where they stand, "filing__"."""
    return Q(**{f"{filing}state": FilingState.ACTIVE, f"{filing}valid_from__lte": on, f"{filing}valid_until__gte": on})


class Filing(models.Model):
    """An agency's filing. Validity is answered from dates (`in_force`); the stored state says how it ended."""

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="filings")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="filing")
    code = models.CharField("备案编码", max_length=13, unique=True)
    name = models.CharField("机构名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name="所在县（市、区）")
    address = models.CharField("地址", max_length=200)
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至")
    state = models.CharField("状态", max_length=12, choices=FilingState, default=FilingState.ACTIVE)
    ended_on = models.DateField("终止日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案"
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state="active"),
                name="one_active_filing_per_agency",
                violation_error_message="这家机构已有有效备案。",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="filing_dates_in_order"),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="filing_expiry")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def in_force(self, on: datetime.date) -> bool:
        """Whether it is in force on a day, as the query `in_force` has it."""
        return self.state == FilingState.ACTIVE and self.valid_from <= on <= self.valid_until


class FilingScope(models.Model):
    """An occupation of a filing: levels, and the sites where it is evaluated."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="scope")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT)
    levels = models.JSONField("等级")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案职业"
        ordering = ["occupation_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "occupation"], condition=Q(until__isnull=True), name="occupation_once_per_filing"
            )
        ]


class FilingSite(models.Model):
    """A site of a filing."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField("场地名称", max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    address = models.CharField("地址", max_length=200)
    scope = models.ManyToManyField(FilingScope, related_name="sites")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案场地"
        ordering = ["id"]


class Receipt(models.Model):
    """A receipt (备案回执, M12) of a filing; a later one supersedes it."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="receipts")
    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, related_name="receipt")
    valid_from = models.DateField()
    valid_until = models.DateField()
    superseded_on = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案回执"
        ordering = ["id"]
