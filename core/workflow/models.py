"""Proposals, which one person makes and another decides; and idempotency keys of the API."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.accounts.models import Position
from core.clock.clock import now


class ProposalState(models.TextChoices):
    OPEN = "open", "待决定"
    DECIDED = "decided", "已决定"
    RETURNED = "returned", "已退回"
    TAKEN_BACK = "taken_back", "已收回"
    OVERTAKEN = "overtaken", "已失效"


class Proposal(models.Model):
    """A transition proposed by one person, to be decided by another (two people for what binds someone)."""

    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    transition = models.CharField("事项", max_length=60)
    payload = models.JSONField("内容")
    content_hash = models.CharField(max_length=64)
    reason = models.TextField("提议理由", blank=True)
    state = models.CharField("状态", max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    proposed_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    proposed_at = models.DateTimeField(default=now, editable=False)
    decided_by = models.ForeignKey(Position, on_delete=models.PROTECT, null=True, related_name="+")
    decided_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提议"
        constraints = [
            models.UniqueConstraint(
                fields=["matter_type", "matter_id"],
                condition=Q(state="open"),
                name="one_open_proposal",
                violation_error_message="这件事已有一项提议等待决定。",
            ),
            models.CheckConstraint(
                condition=Q(decided_user__isnull=True)
                | ~Q(state__in=["decided", "returned"])
                | ~Q(decided_user=F("proposed_user")),
                name="decided_by_another",
                violation_error_message="提议人不能自己决定。",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(decided_user__isnull=False), name="decision_has_decider"
            ),
        ]
        indexes = [models.Index(fields=["matter_type", "matter_id"], name="proposal_matter")]


class IdempotencyKey(models.Model):
    """An answer already given: the same key on the same route by the same user gets it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="one_idempotency_key")]
