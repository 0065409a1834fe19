"""A registration claim: a self-registered agency says a credit code is its own; the county checks it."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMModelMixin, transition

from core.accounts.models import Organisation, Position
from core.clock.clock import now
from filings import permissions
from filings.enums import ClaimState
from filings.models.state import StateField

C = ClaimState


class Claim(FSMModelMixin, models.Model):
    """Licence and authorisation are uploads of this matter (slots "licence", "authorisation").

    Several claims on one code may stand side by side; a confirmed false one is ended when the real agency's claim is
    confirmed, so a false claim never locks anyone out.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    county = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = StateField("状态", max_length=10, choices=ClaimState, default=C.PENDING)
    runs = models.PositiveIntegerField(default=0)
    made_on = models.DateField("提交日期")
    made_at = models.DateTimeField(default=now, editable=False)
    decided_on = models.DateField("核实日期", null=True)
    decided_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机构身份核实"
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(state="pending"), name="one_pending_claim")
        ]
        indexes = [models.Index(fields=["county", "state", "id"], name="claim_queue")]

    def __str__(self) -> str:
        return f"{self.organisation.name} · 身份核实"

    @transition(state, source=C.PENDING, target=C.CONFIRMED, permission=permissions.check_claim)
    def confirm(self) -> None: ...

    @transition(state, source=C.PENDING, target=C.REJECTED, permission=permissions.check_claim)
    def reject(self) -> None: ...
