"""What is set down beforehand: the bureau's number of the year (M37, two people) and urgent list, the centre's criteria
(M11), the administrator's serials."""

import datetime
from typing import Any

from django.db import transaction as database
from django.db.models import Q

from core.accounts import permissions as account_permissions
from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.audit import trail
from core.publications import register as publications
from core.reference.models import Occupation
from core.refusals import Reason, Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.transitions import transition
from filings import permissions, quota, serials
from filings.models import Assessment, Criterion, QuotaDecision, QuotaYear, SerialBlock, UrgentOccupation
from filings.workflow import steps

YEARS_AHEAD = 1
MOST_PLACES = 500
MOST_MARKS = 100
LARGEST_SERIAL = 999_999


def is_bureau(actor: Actor) -> bool:
    """A handler or chief of the municipal bureau."""
    return actor.kind == OrganisationKind.BUREAU and actor.role in (Role.HANDLER, Role.CHIEF)


@database.atomic
def propose_quota(
    *, actor: Actor, on: datetime.date, year: int, places: int, source: str, reason: str = ""
) -> Proposal:
    """Propose the number of agencies for a year, by a handler of the bureau; its chief decides (M37)."""
    steps.require(actor.kind == OrganisationKind.BUREAU and actor.role == Role.HANDLER, "提议年度名额")
    decision = QuotaDecision.objects.create(year=year, places=places, source=source.strip(), drafted_on=on)
    return proposals.propose(decision, "set_quota", actor=actor, on=on, payload={}, reason=reason)


def against_quota(decision: QuotaDecision, *, actor: Actor, on: datetime.date, data: Any) -> list[Reason]:
    """Every reason against setting this number: a year gone by, no number, no source."""
    reasons = []
    if not on.year <= decision.year <= on.year + YEARS_AHEAD:
        reasons.append(Reason("year", f"年度应为 {on.year} 或 {on.year + YEARS_AHEAD}。", "year", "M37"))
    if not 1 <= decision.places <= MOST_PLACES:
        reasons.append(Reason("places", f"数量应在 1 至 {MOST_PLACES} 之间。", "places", "M37"))
    if not decision.source.strip():
        reasons.append(Reason("source", "请写明依据。", "source", "M37"))
    return reasons


def set_quota(decision: QuotaDecision, *, actor: Actor, on: datetime.date, proposal: Proposal) -> QuotaDecision:
    """Set the year's number, decided by the bureau's chief: its row with history; published; the centre is told.

    A lowered number ends nothing; it stops new places until numbers fall (M37).
    """
    with transition(decision, "set_quota", actor=actor, on=on, proposal=proposal) as step:
        matter: QuotaDecision = step.matter
        # An approval under way counts by the number that it found; whatever comes after counts by this one.
        quota.lock_year(on)
        row = QuotaYear.objects.filter(year=matter.year).first() or QuotaYear(year=matter.year)
        step.payload.update(year=matter.year, before=row.places, places=matter.places, source=matter.source)
        row.places, row.source = matter.places, matter.source
        row.save()
        matter.decided_on = on
        step.publish(
            "quota",
            title=f"{matter.year}年度社评机构预设数量",
            content={"year": matter.year, "places": matter.places, "source": matter.source},
        )
        steps.tell_office(
            step, "quota", steps.centre(), f"{matter.year} 年度名额：{matter.places} 家", f"依据：{matter.source}"
        )
    return decision


def freeze_quota(decision: QuotaDecision) -> dict[str, Any]:
    """Return the content of a proposed number."""
    return {
        "year": decision.year,
        "places": decision.places,
        "source": decision.source,
        "state": decision.state,
    }


def may_view_quota(actor: Actor, decision: Any) -> bool:
    """The bureau and the centre."""
    return actor.kind in (OrganisationKind.BUREAU, OrganisationKind.CENTRE)


def is_quota_proposer(actor: Actor, decision: Any) -> bool:
    """A handler of the bureau."""
    return bool(permissions.is_bureau_handler.test(actor, decision))


@database.atomic
def list_urgent(
    occupation: Occupation, *, actor: Actor, on: datetime.date, since: datetime.date, source: str
) -> UrgentOccupation:
    """Put an occupation on the published urgent list from a day on (M7(7), M37). Raises Refused with every reason."""
    steps.require(is_bureau(actor), "维护急需紧缺目录")
    reasons = []
    listed = UrgentOccupation.objects.filter(occupation=occupation).filter(Q(until__isnull=True) | Q(until__gte=since))
    if listed.exists():
        reasons.append(Reason("listed", "这个职业在那一天已经在目录里。", "occupation", "M7(7)"))
    if not source.strip():
        reasons.append(Reason("source", "请写明公布文件。", "source", "M7(7)"))
    if reasons:
        raise Refused(reasons)
    row = UrgentOccupation.objects.create(occupation=occupation, since=since, source=source.strip())
    trail.record("filings.urgent.list", actor=actor, on=on, matter=row, payload=_urgent(row))
    _publish_urgent(row, "list", on)
    return row


@database.atomic
def unlist_urgent(row: UrgentOccupation, *, actor: Actor, on: datetime.date) -> UrgentOccupation:
    """Take an occupation off the list: today is its last day. What was decided while it stood there stays."""
    steps.require(is_bureau(actor), "维护急需紧缺目录")
    locked = UrgentOccupation.objects.select_for_update().get(pk=row.pk)
    if locked.until is not None:
        raise Refused(Reason("ended", "这个职业已经移出目录。"))
    locked.until = max(on, locked.since)
    locked.save()
    trail.record("filings.urgent.unlist", actor=actor, on=on, matter=locked, payload=_urgent(locked))
    _publish_urgent(locked, "unlist", on)
    return locked


def _urgent(row: UrgentOccupation) -> dict[str, Any]:
    return {"occupation": row.occupation_id, "since": row.since, "until": row.until, "source": row.source}


def _publish_urgent(row: UrgentOccupation, verb: str, on: datetime.date) -> None:
    rows = _holding(UrgentOccupation, on).select_related("occupation")
    items = [{**_urgent(one), "name": one.occupation.name} for one in rows]
    publish_whole("urgent", "急需紧缺职业（工种）目录", items, about=row, verb=verb, on=on)


def _holding(model: Any, on: datetime.date) -> Any:
    """The rows that hold on a day or from a later one on."""
    return model.objects.filter(Q(until__isnull=True) | Q(until__gte=on))


def publish_whole(
    kind: str, title: str, items: list[dict[str, Any]], *, about: Any, verb: str, on: datetime.date
) -> None:
    """Publish a list as it now stands; of several changes of one day the last alone stays."""
    for earlier in publications.published(kind, on=on).filter(published_on=on):
        publications.withdraw(earlier.key, on=on, reason="同日已公布更新的一版。")
    key = f"filings.{kind}:{about.pk}:{verb}"
    publications.publish(kind, key=key, title=title, content={"items": items}, matter=about, on=on)


@database.atomic
def enter_serials(
    *, actor: Actor, on: datetime.date, first: int, last: int, source: str, granted_on: datetime.date
) -> SerialBlock:
    """Enter a block of filing-code serials that the province has granted (M12), by the administrator.

    Raises Refused with every reason: out of range, overlapping an earlier block, holding a code that is in use (from
    paper), granted in the future, no source.
    """
    steps.require(account_permissions.is_administrator(actor), "录入备案编码号段")
    # No register of paper filings is loaded meanwhile: its codes and this block must not meet.
    quota.lock_year(on)
    reasons = []
    if not 1 <= first <= last <= LARGEST_SERIAL:
        reasons.append(Reason("range", "号段应在 1 至 999999 之间，起始号不大于截止号。", "first", "M12"))
    elif SerialBlock.objects.select_for_update().filter(first__lte=last, last__gte=first).exists():
        reasons.append(Reason("overlap", "与已录入的号段有重叠，请核对批复。", "first", "M12"))
    elif in_use := serials.in_use(first, last):
        text = f"号段里已有 {len(in_use)} 个编码在用，最大的是 {in_use[-1]}：请把用过的号除去，分段录入。"
        reasons.append(Reason("serials_in_use", text, "first", "M12"))
    if granted_on > on:
        reasons.append(Reason("granted_on", "批准日期不能晚于今天。", "granted_on", "M12"))
    if not source.strip():
        reasons.append(Reason("source", "请写明批准文件。", "source", "M12"))
    if reasons:
        raise Refused(reasons)
    block = SerialBlock.objects.create(first=first, last=last, next=first, source=source.strip(), granted_on=granted_on)
    trail.record(
        "filings.serials.enter",
        actor=actor,
        on=on,
        matter=block,
        payload={"first": first, "last": last, "source": block.source, "granted_on": granted_on},
    )
    return block


@database.atomic
def publish_criterion(
    *, actor: Actor, on: datetime.date, key: str, label: str, full_marks: int, since: datetime.date
) -> Criterion:
    """Publish a criterion of assessment from a day on; one of the same key that holds then ends the day before.

    By the centre's chief; a day not in the past: criteria stand before the assessments that use them (M11).
    Raises Refused.
    """
    steps.require(permissions.heads_centre(actor), "公布评估标准")
    reasons = []
    if since < on:
        reasons.append(Reason("since", "标准应事先公布：生效日期不能早于今天。", "since", "M11"))
    elif Assessment.objects.filter(started_on__gte=since).exists():
        text = "今天已有申请开始评估，标准应事先公布：生效日期请选择今天之后。"
        reasons.append(Reason("since", text, "since", "M11"))
    if not 1 <= full_marks <= MOST_MARKS:
        reasons.append(Reason("full_marks", f"满分应在 1 至 {MOST_MARKS} 之间。", "full_marks", "M11"))
    if Criterion.objects.filter(key=key, since__gte=since).exists():
        reasons.append(Reason("later", "这项标准已有同日或更晚生效的一版。", "since", "M11"))
    if reasons:
        raise Refused(reasons)
    for earlier in Criterion.objects.select_for_update().filter(key=key, since__lt=since):
        if earlier.until is None or earlier.until >= since:
            earlier.until = since - datetime.timedelta(days=1)
            earlier.save()
    row = Criterion.objects.create(key=key, label=label.strip(), full_marks=full_marks, since=since)
    trail.record("filings.criterion.publish", actor=actor, on=on, matter=row, payload=_criterion(row))
    _publish_criteria(row, "publish", on)
    return row


@database.atomic
def end_criterion(row: Criterion, *, actor: Actor, on: datetime.date) -> Criterion:
    """End a criterion, by the centre's chief: today is its last day. Assessments that have begun go on with it."""
    steps.require(permissions.heads_centre(actor), "停用评估标准")
    locked = Criterion.objects.select_for_update().get(pk=row.pk)
    if locked.until is not None:
        raise Refused(Reason("ended", "这项标准已有截止日期。"))
    locked.until = max(on, locked.since)
    locked.save()
    trail.record("filings.criterion.end", actor=actor, on=on, matter=locked, payload=_criterion(locked))
    _publish_criteria(locked, "end", on)
    return locked


def _criterion(row: Criterion) -> dict[str, Any]:
    return {"key": row.key, "label": row.label, "full_marks": row.full_marks, "since": row.since, "until": row.until}


def _publish_criteria(row: Criterion, verb: str, on: datetime.date) -> None:
    items = [_criterion(one) for one in _holding(Criterion, on)]
    publish_whole("criteria", "备案技术评估标准", items, about=row, verb=verb, on=on)
