"""What 行政复议 or a court has set aside: the ruling, what it undid, and what became of it."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.accounts.models import Position
from core.documents.models import OfficialDocument, Upload
from filings.enums import ApplicationState, RulingAuthority
from filings.models.application import Application
from filings.models.filing import Filing


class SettingsAside(models.QuerySet["SettingAside"]):
    """Asked of an application's own rows too."""

    def revoking(self) -> Self:
        """Return those that revoked a filing, and that no later ruling has undone: the grant is the application's own,
        while a change or a renewal shaped the filing that it is about."""
        own = Q(application__filing=None) | ~Q(filing=F("application__filing"))
        return self.filter(own, from_state=ApplicationState.APPROVED, filing__isnull=False, undone_by=None)


class SettingAside(models.Model):
    """A decision on an application that a ruling has undone; never changed afterwards.

    decided_on: the day of what was undone, which the application itself no longer bears. papers: those of that
    decision, which verify as set aside. filing: what the decision had granted or shaped. kept: of an undone change,
    what has moved since and so stayed (keys as in filings.changes). undoes: the earlier setting aside that this ruling
    undid itself, so that the grant stands again; the decision set aside is then the revocation.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="settings_aside")
    authority = models.CharField("作出裁决的机关", max_length=6, choices=RulingAuthority)
    number = models.CharField("裁决文书号", max_length=80)
    ruled_on = models.DateField("裁决日期")
    ruling = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="+", verbose_name="裁决文书")
    orders = models.TextField("裁决内容")
    certificates_stand = models.BooleanField("此前的证书仍然有效", default=True)
    from_state = models.CharField("被撤销的决定", max_length=12, choices=ApplicationState)
    to_state = models.CharField("恢复到", max_length=12, choices=ApplicationState)
    decided_on = models.DateField("原决定日期", null=True)
    on = models.DateField("恢复办理日期")
    decided_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, null=True, related_name="settings_aside")
    kept = models.JSONField("不再恢复的事项", default=list)
    papers = models.ManyToManyField(OfficialDocument, related_name="settings_aside")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    objects = SettingsAside.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "依裁决撤销"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruled_on__lte=F("on")),
                name="ruled_before_it_takes_effect",
                violation_error_message="裁决日期不能晚于恢复办理的日期。",
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(orders=""), name="ruling_is_named"),
        ]

    def holds(self, on: datetime.date) -> bool:
        """Whether it has taken effect by a day, and no later ruling has undone it."""
        later = getattr(self, "undone_by", None)
        return self.on <= on and (later is None or later.on > on)
