"""The signed papers that are handed over the counter (窗口) after an application is begun there."""

from django.db import models
from django.db.models import F, Q

from core.documents.models import Upload
from filings.models.application import Application


class CounterPaper(models.Model):
    """A signed paper: which act it is for (a key of filings.counter.PAPERS), its scan, and the day it was handed over.

    used_on: the day on which the act was entered that rests on it, or that made it needless. Another act needs another.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="counter_papers")
    act = models.CharField("事项", max_length=20)
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="counter_paper")
    handed_on = models.DateField("窗口递交日期")
    used_on = models.DateField("录入日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "窗口收下的书面材料"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "act"], condition=Q(used_on__isnull=True), name="one_waiting_paper_per_act"
            ),
            models.CheckConstraint(
                condition=Q(used_on__isnull=True) | Q(used_on__gte=F("handed_on")), name="paper_used_after_it_came"
            ),
        ]
