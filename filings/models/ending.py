"""What ends or stays a filing: why its deregistration is to be decided, and its suspensions."""

import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.accounts.models import Position
from core.documents.models import OfficialDocument, Upload
from filings.enums import DeregistrationGround
from filings.models.filing import Filing

# Of a deregistration nothing has come yet.
WAITING = Q(taken_back_on__isnull=True, effective_on__isnull=True, overtaken_on__isnull=True)


class Deregistration(models.Model):
    """Why a filing is to be deregistered: its agency asks for it, or its legal person has ceased (with proof).

    It waits until it is taken back, decided and in effect, or until the filing has ended otherwise. Decided on but not
    in effect: the decision has not been served yet.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="deregistrations")
    ground = models.CharField("事由", max_length=10, choices=DeregistrationGround)
    reason = models.CharField("原因", max_length=500)
    asked_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("提出日期")
    ceased_on = models.DateField("法人终止日期", null=True)
    proof = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="终止证明")
    taken_back_on = models.DateField("收回日期", null=True)
    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField("注销日期", null=True)
    overtaken_on = models.DateField("备案先行终结日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "注销事由"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "ground"],
                condition=WAITING,
                name="one_waiting_deregistration",
                violation_error_message="这件备案已有一项等待办理的注销。",
            ),
            models.CheckConstraint(condition=Q(reason__gt=""), name="deregistration_has_reason"),
            models.CheckConstraint(
                condition=~Q(ground="ceased") | Q(ceased_on__isnull=False, proof__isnull=False),
                name="ceased_legal_person_has_proof",
                violation_error_message="依职权注销须附法人终止的证明。",
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True) | Q(document__isnull=False), name="deregistered_by_a_paper"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True) | Q(document__isnull=True), name="no_taking_back_once_decided"
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether nothing has come of it yet."""
        return self.taken_back_on is None and self.effective_on is None and self.overtaken_on is None

    @property
    def undecided(self) -> bool:
        """Whether it waits for its decision."""
        return self.waits and self.document_id is None

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.taken_back_on:
            return "已收回"
        if self.effective_on:
            return "已注销"
        if self.overtaken_on:
            return "备案已先行终结"
        return "等待决定" if self.document_id is None else "已决定，等待送达"


def holding(on: datetime.date) -> Q:
    """Suspensions that hold on a day: `until` is the first day on which they no longer do."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def suspended(on: datetime.date) -> Exists:
    """Filings with a suspension that holds on a day, from the rows alone. Whether one is in force is another question:
    validity runs on, and an end goes before (DOMAIN.md)."""
    return Exists(Suspension.objects.filter(holding(on), filing=OuterRef("pk")))


class Suspension(models.Model):
    """A suspension of evaluating (暂停评价), imposed by something else (`matter_type`, `matter_id`).

    Several may overlap: a filing is suspended while any of them holds. source: what imposed it, in words that are
    published, so it names no person.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="suspensions")
    since = models.DateField("暂停自")
    until = models.DateField("恢复自", null=True)
    source = models.CharField("依据", max_length=200)
    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    lifted_reason = models.CharField("恢复的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂停评价"
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="suspension_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(source__gt="", matter_type__gt="", matter_id__gt=""),
                name="suspension_has_source",
                violation_error_message="暂停评价须写明依据。",
            ),
            models.UniqueConstraint(
                fields=["filing", "matter_type", "matter_id"],
                condition=Q(until__isnull=True),
                name="one_open_suspension_per_matter",
            ),
        ]

    def holds(self, on: datetime.date) -> bool:
        """Whether it holds on a day, as the query `holding` has it."""
        return self.since <= on and (self.until is None or on < self.until)
