"""Assignment from elsewhere in the city (调配, M37): what must hold when it is offered, agreed to, made and ended."""

import datetime

from core.accounts.actors import Actor
from core.refusals import Reason
from filings import assignments, quota
from filings.conditions.common import Data
from filings.models import Assignment, standing


def fits(assignment: Assignment, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """The filing is in force and holds what is assigned; the area still has none for it, and nobody else is assigned
    there. Asked when it is offered, agreed to, proposed and made."""
    reasons = _held(assignment, on)
    taken = quota.places(assignment.occupation_id, assignment.quota_area, on).taken
    if taken:
        text = f"{assignment.quota_area}已有 {taken} 家这个职业的备案机构，不能从别处调配。"
        reasons.append(Reason("area_has_some", text, "quota_area", "M37"))
    others = assignments.standing_on(on).filter(occupation=assignment.occupation_id, quota_area=assignment.quota_area)
    if other := others.exclude(pk=assignment.pk).first():
        text = f"{assignment.quota_area}的这个职业已由{other.filing.name}调配。"
        reasons.append(Reason("assigned_before", text, "quota_area", "M37"))
    return reasons


def _held(assignment: Assignment, on: datetime.date) -> list[Reason]:
    filing = assignment.filing
    if not filing.in_force(on):
        return [Reason("filing_ended", "这家机构的备案现在无效。", "filing", "M37")]
    row = filing.scope.filter(standing(on), occupation_id=assignment.occupation_id).first()
    if row is None:
        return [Reason("not_held", "这家机构的备案范围里没有这个职业。", "filing", "M37")]
    reasons = []
    if not assignment.levels or not set(assignment.levels) <= set(row.levels):
        reasons.append(Reason("levels", "等级至少选一个，而且都要在机构的备案范围内。", "levels", "M37"))
    site = assignment.own_site
    if site is not None and not row.sites.filter(standing(on), pk=site.pk).exists():
        reasons.append(Reason("own_site", "这处场地现在不是机构评价这个职业的备案场地。", "own_site", "M37"))
    return reasons


def offer(assignment: Assignment, on: datetime.date, actor: Actor) -> list[Reason]:
    """What an offer must say, before `fits` is asked."""
    reasons = []
    if not assignments.is_quota_area(assignment.quota_area):
        reasons.append(Reason("quota_area", "没有这个名额区域。", "quota_area", "M37"))
    if not assignment.occupation.active:
        reasons.append(Reason("occupation", "这个职业现在不能申报。", "occupation", "M37"))
    if not assignment.site.strip():
        reasons.append(Reason("site_missing", "请写明在哪里评价，或选机构的一处场地。", "site", "M37"))
    if not assignment.reason.strip():
        reasons.append(Reason("reason_missing", "请写明为什么需要调配。", "reason", "M37"))
    same = Assignment.objects.filter(
        filing=assignment.filing, occupation=assignment.occupation_id, quota_area=assignment.quota_area
    )
    if same.filter(state__in=("offered", "consented")).exists():
        reasons.append(Reason("offered_before", "已向这家机构提出同样的调配，请等它答复或先取消。", "filing", "M37"))
    return reasons + fits(assignment, actor=actor, on=on, data=None)


def with_reason(assignment: Assignment, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Taking an offer back, and ending an assignment, say why."""
    if data is not None and not str(data.get("reason") or "").strip():
        return [Reason("reason_missing", "请写明理由，机构会看到。", "reason", "M37")]
    return []


def end(assignment: Assignment, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """It stands, and the decision says why it ends."""
    reasons = with_reason(assignment, actor=actor, on=on, data=data)
    if not assignments.stands(assignment, on):
        reasons.append(Reason("not_standing", "这件调配已随机构的备案或职业结束。", "", "M37"))
    return reasons
