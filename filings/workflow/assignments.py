"""Assigning an agency from elsewhere to an area that has none for an occupation (调配, M37).

Offered by the centre's handler, agreed to by the agency, made by the centre's chief; ended by a local filing, with the
agency's own filing or occupation, or by the centre.

Locks, in this order: the filing of an application, the application, the quota years, the assignment last.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction as database

from core.accounts.actors import Actor, system
from core.accounts.models import Organisation, OrganisationKind, Role
from core.audit import trail
from core.clock.words import in_words
from core.documents import service
from core.documents.models import OfficialDocument
from core.documents.papers import issuing_body
from core.notifications import outbox
from core.reference.models import Occupation
from core.refusals import Refused
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import assignments, changes, contents, permissions, quota
from filings.conditions import assigning
from filings.enums import AssignmentState, FilingState
from filings.freezing import freeze_assignment
from filings.models import Assignment, Filing, FilingSite
from filings.terms import ONE_DAY
from filings.workflow import steps
from regulation.codes import level_range_text
from regulation.remedies import Paper

MATTER = "filings.assignment"
NAME = "名额"
WAITING = (AssignmentState.OFFERED, AssignmentState.CONSENTED)
OPEN = (*WAITING, AssignmentState.IN_FORCE)


@database.atomic
def offer(
    filing: Filing,
    *,
    actor: Actor,
    on: datetime.date,
    occupation: Occupation,
    quota_area: str,
    levels: Sequence[int],
    reason: str,
    site: str = "",
    own_site: FilingSite | None = None,
) -> Assignment:
    """Offer an agency to be assigned to an area that has none for an occupation, by the centre's handler.

    site: where it would evaluate, in words; own_site: one of its sites instead. Effects in order: the row; the event; a
    message to the agency's admin, who answers. Raises NotAllowed, Refused with every reason.
    """
    quota.lock_year(on)
    _write_down(occupation.pk, quota_area, on)
    row = Assignment(
        filing=filing,
        occupation=occupation,
        quota_area=quota_area,
        levels=sorted(levels, reverse=True),
        site=_site_words(own_site) if own_site is not None else site.strip(),
        own_site=own_site,
        reason=reason.strip(),
        offered_on=on,
    )
    if reasons := assigning.offer(row, on, actor):
        raise Refused(reasons)
    row.save()
    # Asked of the row itself: who is recused follows from its agency.
    steps.require(bool(permissions.is_centre_handler.test(actor, row)), "提出调配")
    trail.record(f"{MATTER}.offer", actor=actor, on=on, matter=row, frozen=freeze_assignment(row))
    outbox.send(
        f"{MATTER}:{row.pk}:offer",
        "assignment_offered",
        organisation=row.agency,
        roles=(Role.ADMIN,),
        title=f"请答复是否同意调配到{quota_area}",
        body=f"{quota_area}没有{occupation.name}的备案机构，市中心拟请贵机构在那里评价（{row.site}）。{row.reason}",
        on=on,
        link=f"/assignments/{row.pk}/",
        matter=row,
    )
    return row


def _site_words(site: FilingSite) -> str:
    return f"{site.name}（{site.area.name}{site.address}）"


def consent(assignment: Assignment, *, actor: Actor, on: datetime.date, answer: str = "") -> Assignment:
    """Agree, by the agency's admin; the centre is told."""
    with transition(assignment, "consent", actor=actor, on=on) as step:
        _answered(step, answer, "同意调配")
    return assignment


def decline(assignment: Assignment, *, actor: Actor, on: datetime.date, answer: str = "") -> Assignment:
    """Decline, by the agency's admin; nobody can be assigned against its will. The centre is told."""
    with transition(assignment, "decline", actor=actor, on=on) as step:
        _answered(step, answer, "不同意调配")
    return assignment


def _answered(step: Step, answer: str, title: str) -> None:
    matter: Assignment = step.matter
    matter.answered_on, matter.answer = step.on, answer.strip()
    step.payload["answer"] = matter.answer
    steps.tell_office(step, "assignment_answered", steps.centre(), f"{title}：{matter.filing.name}", _what(matter))


def take_back(assignment: Assignment, *, actor: Actor, on: datetime.date, reason: str) -> Assignment:
    """Take the offer back before it is made, with its reason, by the centre's handler; the agency is told."""
    with transition(assignment, "take_back", actor=actor, on=on, data={"reason": reason}) as step:
        step.matter.ended_because = reason.strip()
        step.payload["reason"] = reason.strip()
        steps.tell_agency(step, "assignment_off", "不再调配", f"{_what(step.matter)}。{reason.strip()}")
    return assignment


@database.atomic
def make(assignment: Assignment, *, actor: Actor, on: datetime.date, proposal: Proposal) -> Assignment:
    """Assign from today on, decided by the centre's chief (M37).

    Effects in order: the quota years locked, so that no local filing comes between; the entry's first day; the notice,
    served where the agency consents to the portal; publication; messages to the agency and the counties; whoever else
    was asked for the same place is told that it is settled. It takes no place.
    """
    quota.lock_year(on)
    _write_down(assignment.occupation_id, assignment.quota_area, on)
    with transition(assignment, "make", actor=actor, on=on, proposal=proposal) as step:
        matter: Assignment = step.matter
        matter.since = on
        paper = _paper(step, "assignment", consented_on=matter.answered_on, reason=matter.reason)
        _publish(step, paper)
        _tell(
            step, "assignment_made", "已调配", f"{_what(matter)}，自{in_words(on)}起。不占名额，当地有机构备案时结束。"
        )
    for other in _rows(assignment.occupation_id, assignment.quota_area, WAITING):
        _over(other, on, until=on, because=f"{assignment.quota_area}的这个职业已由其他机构调配。")
    return assignment


def end(assignment: Assignment, *, actor: Actor, on: datetime.date, proposal: Proposal, reason: str) -> Assignment:
    """End an assignment with a reason, decided by the centre's chief: from today on it no longer stands."""
    with transition(assignment, "end", actor=actor, on=on, data={"reason": reason}, proposal=proposal) as step:
        _end(step, until=on, because=reason.strip(), own=False)
    return assignment


# -- ending by itself: called in the transaction that brings it about ------------------------------------------------


def end_local(filings: Iterable[Filing], on: datetime.date) -> None:
    """Local agencies are filed (approved, changed, imported from paper, restored): end the assignments, and the offers,
    for every occupation and area in which they now take a place (M37).

    To be called once their scope stands as of that day, in the same transaction, under `quota.lock_year`.
    """
    waiting = list(Assignment.objects.filter(state__in=OPEN).select_related("filing__agency").order_by("id"))
    for filing in filings if waiting else ():
        taken = changes.takes(changes.of_filing(filing, on))
        for row in [row for row in waiting if (row.occupation_id, row.quota_area) in taken]:
            _over(row, on, until=on, because=f"{filing.name}在{row.quota_area}备案了这个职业。")
            waiting.remove(row)


def follow(filing: Filing, on: datetime.date) -> None:
    """A change or a renewal has left occupations out: end what rests on them, from the day they no longer stand."""
    for row in filing.assignments.filter(state__in=OPEN):
        if (lost := assignments.lost_on(filing, row.occupation_id)) is not None:
            _over(row, on, until=lost, because="机构的备案范围不再有这个职业。")


def of_ended(filing: Filing, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """A reaction to a filing's end, whatever ended it: its assignments end with it. What expires holds through its last
    day, what a decision ends until the day before."""
    if filing.state == FilingState.ACTIVE:  # decided on, but not served yet
        return
    ended = filing.ended_on or on
    until = ended + ONE_DAY if filing.state == FilingState.EXPIRED else ended
    for row in filing.assignments.filter(state__in=OPEN):
        _over(row, on, until=until, because="机构的备案已经结束。")


def of_restored(filing: Filing, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """A reaction to a filing's restoring: where it is the local one again, the assignments to its places end."""
    if filing.in_force(on):
        end_local([filing], on)


def _rows(occupation: str, area: str, states: Sequence[str]) -> list[Assignment]:
    rows = Assignment.objects.filter(occupation=occupation, quota_area=area, state__in=states)
    return list(rows.select_related("filing__agency").order_by("id"))


def _write_down(occupation: str, area: str, on: datetime.date) -> None:
    """What the dates say already is written down, so that it does not stand in a new one's way."""
    standing = set(assignments.standing_on(on).values_list("pk", flat=True))
    for row in _rows(occupation, area, (AssignmentState.IN_FORCE,)):
        if row.pk not in standing:
            _over(row, on, until=on, because="机构的备案或这个职业已经结束。")


def give_way(
    assignment: Assignment, *, actor: Actor, on: datetime.date, until: datetime.date, because: str
) -> Assignment:
    """End an assignment that the dates or a local filing end, from `until` on."""
    with transition(assignment, "give_way", actor=actor, on=on) as step:
        _end(step, until=until, because=because, own=True)
    return assignment


def fall(assignment: Assignment, *, actor: Actor, on: datetime.date, because: str) -> Assignment:
    """Let an offer that was not made fall away; the agency and the centre are told."""
    with transition(assignment, "fall", actor=actor, on=on) as step:
        matter: Assignment = step.matter
        matter.ended_because = because
        step.payload["reason"] = because
        body = f"{_what(matter)}。{because}"
        steps.tell_agency(step, "assignment_off", "不再调配", body)
        steps.tell_office(step, "assignment_off", steps.centre(), f"不再调配：{matter.filing.name}", body)
    return assignment


def _over(row: Assignment, on: datetime.date, *, until: datetime.date, because: str) -> None:
    """End one that is in force, from `until` on but not before its first day; let one that is not made fall away."""
    actor = system(NAME, on)
    if row.since is not None:
        give_way(row, actor=actor, on=on, until=max(until, row.since), because=because)
    else:
        fall(row, actor=actor, on=on, because=because)


def _end(step: Step, *, until: datetime.date, because: str, own: bool) -> None:
    """Effects in order: the first day it no longer stands, why; the notice; publication; messages to both sides."""
    matter: Assignment = step.matter
    matter.until, matter.ended_because = until, because
    step.payload.update(reason=because, until=until)
    centre = steps.centre()
    assert centre is not None
    first = _papers(matter).filter(series="assignment").first()
    paper = _paper(
        step,
        "assignment_end",
        assignment_number=first.number if first else "",
        until=until,
        reason=because,
        own=own,
        remedies=contents.remedies(Paper.ASSIGNMENT_END, centre),
    )
    _publish(step, paper)
    _tell(step, "assignment_ended", "调配结束", f"{_what(matter)}，自{in_words(until)}起不再调配。{because}")


# -- papers, publication, messages -----------------------------------------------------------------------------------


def _paper(step: Step, series: str, **content: Any) -> OfficialDocument:
    centre = steps.centre()
    assert centre is not None
    matter: Assignment = step.matter
    paper = step.document(
        series,
        issuer=issuing_body(centre),
        addressee=matter.agency,
        content={**contents.assignment(matter), **content},
    )
    service.serve_in_portal(paper, max(step.on, step.actor.on))
    return paper


def _papers(matter: Assignment) -> Any:
    return OfficialDocument.objects.filter(matter_type=MATTER, matter_id=str(matter.pk)).order_by("id")


def _publish(step: Step, paper: OfficialDocument) -> None:
    """Publish the entry as it now stands, with its dates; the registry reads the newest of each number."""
    matter: Assignment = step.matter
    number = _papers(matter).values_list("number", flat=True).first() or paper.number
    what = "结束" if matter.until else ""
    step.publish(
        "assignment",
        title=f"关于{what}调配{matter.filing.name}到{matter.quota_area}评价{matter.occupation.name}的公告",
        content={
            "number": number,
            "paper": paper.number,
            "name": matter.filing.name,
            "filing_code": matter.filing.code,
            "occupation": matter.occupation_id,
            "occupation_name": matter.occupation.name,
            "levels": matter.levels,
            "levels_text": level_range_text(matter.levels),
            "quota_area": matter.quota_area,
            "site": matter.site,
            "since": matter.since,
            "until": matter.until,
            "reason": matter.ended_because if matter.until else matter.reason,
        },
    )


def _what(matter: Assignment) -> str:
    levels = level_range_text(matter.levels)
    return f"{matter.filing.name}调配到{matter.quota_area}评价{matter.occupation.name}（{levels}）"


def _tell(step: Step, kind: str, title: str, body: str) -> None:
    """Tell the agency, the centre, the counties of the area and the county of its seat."""
    matter: Assignment = step.matter
    steps.tell_agency(step, kind, title, body)
    for office in (steps.centre(), *counties(matter)):
        steps.tell_office(step, kind, office, f"{title}：{matter.quota_area}{matter.occupation.name}", body)


def counties(matter: Assignment) -> list[Organisation]:
    """Return the county offices concerned: of the area assigned to, and of the agency's seat."""
    here = Organisation.objects.filter(kind=OrganisationKind.COUNTY, active=True)
    found = here.filter(area__quota_area=matter.quota_area) | here.filter(area_id=matter.filing.area_id)
    return list(found.distinct().order_by("id"))
