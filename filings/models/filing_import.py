"""Filings in force from the time of paper: a spreadsheet of them, checked whole and loaded by two people (M12)."""

from django.db import models
from django_fsm import FSMModelMixin, transition

from core.accounts.models import Organisation, OrganisationKind, Position
from core.documents.models import Upload
from filings import permissions
from filings.enums import ImportState
from filings.models.filing import Filing
from filings.models.state import StateField


class FilingImport(FSMModelMixin, models.Model):
    """One register handed over by a handler of the centre. Every version of the file is an upload of this matter.

    entries: what the newest version says, one agency each; faults: what in it could not be read. Both are JSON as
    `filings.imports.reading` writes it, so that the decision rests on the words that were proposed.
    """

    SLOT = "register"

    source = models.CharField("依据", max_length=200)
    state = StateField("状态", max_length=9, choices=ImportState, default=ImportState.OPEN)
    runs = models.PositiveIntegerField(default=0)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="文件")
    lines = models.PositiveIntegerField("行数", default=0)
    entries = models.JSONField("备案", default=list)
    faults = models.JSONField("读不通的地方", default=list)
    made_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", verbose_name="上传人")
    made_on = models.DateField("上传日期")
    decided_on = models.DateField("决定日期", null=True)
    filings = models.ManyToManyField(Filing, related_name="imports", verbose_name="录入的备案")

    class Meta:
        verbose_name = verbose_name_plural = "历史备案录入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"历史备案录入 {self.pk}"

    @property
    def agency_ids(self) -> set[int]:
        """The agencies of the portal that bear a credit code of the file: whoever keeps out of one keeps out here."""
        codes = {entry["credit_code"] for entry in self.entries if entry["credit_code"]}
        rows = Organisation.objects.filter(kind=OrganisationKind.AGENCY, credit_code__in=codes)
        return set(rows.values_list("pk", flat=True))

    @transition(state, source=ImportState.OPEN, target=ImportState.LOADED, permission=permissions.centre_chief)
    def load(self) -> None: ...

    @transition(state, source=ImportState.OPEN, target=ImportState.DISCARDED, permission=permissions.centre_handler)
    def discard(self) -> None: ...
