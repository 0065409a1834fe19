"""An agency from elsewhere in the city, assigned to an area that has none for an occupation (调配, M37)."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin, transition

from core.accounts.models import Organisation
from core.reference.models import Occupation
from filings import permissions
from filings.enums import AssignmentState
from filings.models.filing import Filing, FilingSite
from filings.models.state import StateField

S = AssignmentState


class Assignment(FSMModelMixin, models.Model):
    """A dated entry of a filing's scope for one occupation in an area where it has neither seat nor site. It takes no
    place, and stands as long as its filing and occupation do (`filings.assignments.standing_on`).

    since: the day of decision; until: the first day on which it no longer stands. site: where it evaluates, in words;
    own_site: where that is a site of the filing elsewhere.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="assignments")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, verbose_name="职业（工种）")
    quota_area = models.CharField("调配到", max_length=20)
    levels = models.JSONField("等级")
    site = models.CharField("评价地点", max_length=200)
    own_site = models.ForeignKey(FilingSite, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("调配的理由", max_length=500)
    state = StateField("状态", max_length=10, choices=S, default=S.OFFERED)
    runs = models.PositiveIntegerField(default=0)
    offered_on = models.DateField("提出日期")
    answered_on = models.DateField("机构答复日期", null=True)
    answer = models.CharField("机构的说明", max_length=500, blank=True)
    since = models.DateField("自", null=True)
    until = models.DateField("不再有效之日", null=True)
    ended_because = models.CharField("结束的原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "市内调配"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "occupation", "quota_area"],
                condition=Q(state__in=["offered", "consented", "in_force"]),
                name="one_open_assignment_per_filing",
                violation_error_message="这家机构已有一件办理中或有效的同样的调配。",
            ),
            models.UniqueConstraint(
                fields=["occupation", "quota_area"],
                condition=Q(state="in_force"),
                name="one_assignment_per_area",
                violation_error_message="这一区域的这个职业已有调配来的机构。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_force", "ended"], since__isnull=False)
                | (~Q(state__in=["in_force", "ended"]) & Q(since__isnull=True)),
                name="assignment_made_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", until__gte=F("since")) | (~Q(state="ended") & Q(until__isnull=True)),
                name="assignment_ended_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing.name} · 调配到{self.quota_area}"

    @property
    def name(self) -> str:
        """As its filing is called."""
        return self.filing.name

    @property
    def agency(self) -> Organisation:
        """Whose filing it is."""
        return self.filing.agency

    @property
    def agency_id(self) -> int:
        """Whose filing it is (`filings.permissions.MATTER_AGENCY`)."""
        return self.filing.agency_id

    @transition(state, source=S.OFFERED, target=S.CONSENTED, permission=permissions.own_admin)
    def consent(self) -> None: ...

    @transition(state, source=S.OFFERED, target=S.DECLINED, permission=permissions.own_admin)
    def decline(self) -> None: ...

    @transition(state, source=[S.OFFERED, S.CONSENTED], target=S.WITHDRAWN, permission=permissions.centre_handler)
    def take_back(self) -> None: ...

    @transition(state, source=S.CONSENTED, target=S.IN_FORCE, permission=permissions.centre_chief)
    def make(self) -> None: ...

    @transition(state, source=S.IN_FORCE, target=S.ENDED, permission=permissions.centre_chief)
    def end(self) -> None: ...

    @transition(state, source=[S.OFFERED, S.CONSENTED], target=S.WITHDRAWN, permission=permissions.clock)
    def fall(self) -> None: ...

    @transition(state, source=S.IN_FORCE, target=S.ENDED, permission=permissions.clock)
    def give_way(self) -> None: ...
