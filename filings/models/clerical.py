"""A clerical error in an issued paper, mended by a new one (更正): one person proposes, another decides."""

from django.db import models
from django_fsm import FSMModelMixin, transition

from core.documents.models import OfficialDocument
from filings import permissions
from filings.enums import CorrectionState
from filings.models.application import Application
from filings.models.state import StateField


class ClericalCorrection(FSMModelMixin, models.Model):
    """What is corrected in a paper of an application: [{path, label, before, after}] of its frozen content, and why.

    issued: the paper that supersedes it, once decided.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="clerical_corrections")
    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, related_name="clerical_corrections")
    changes = models.JSONField("更正内容")
    reason = models.CharField("更正原因", max_length=300)
    state = StateField("状态", max_length=8, choices=CorrectionState, default=CorrectionState.PROPOSED)
    runs = models.PositiveIntegerField(default=0)
    drafted_on = models.DateField("提议日期")
    decided_on = models.DateField("决定日期", null=True)
    issued = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, null=True, related_name="corrects")

    class Meta:
        verbose_name = verbose_name_plural = "文书更正"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"更正《{self.document.title}》（{self.document.number}）"

    @transition(
        state,
        source=CorrectionState.PROPOSED,
        target=CorrectionState.ISSUED,
        permission=permissions.correct_paper,
    )
    def correct_paper(self) -> None: ...
