"""Set aside by 行政复议 or a court: the decision undone with history, the matter back in its earlier state."""

import datetime
from typing import Any

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.audit.models import Event, Outcome
from core.clock.words import in_words
from core.deadlines import clocks
from core.deadlines.models import Clock
from core.documents import formats, uploads
from core.documents.models import OfficialDocument, Upload
from core.documents.verification import successor_of
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import conditions, contents, corrections, permissions, undoing
from filings.enums import REINSTATED_FROM, STATE_BEFORE, ApplicationKind, ApplicationState, Requester
from filings.models import Application, LeftOut, SettingAside
from filings.workflow import granting, life, records, steps
from regulation.periods import PERIODS

# The transition by which each state came about: its papers are the ones set aside.
DECIDED_BY = {
    ApplicationState.DECLINED: "decline",
    ApplicationState.ABANDONED: "abandon",
    ApplicationState.REFUSED: "refuse",
    ApplicationState.APPROVED: "approve",
    ApplicationState.CLOSED: "close",
}


@uploads.scanned_first
@steps.after_lapses
def upload_ruling(application: Application, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take the scan of a ruling, by a handler of the office whose decision it sets aside. Raises Invalid."""
    locked = steps.lock(application)
    steps.require(permissions.is_undoing_handler.test(actor, locked), "上传裁决文书")
    revoked = REINSTATED_FROM if locked.settings_aside.revoking().exists() else ()
    steps.require_state(locked, *STATE_BEFORE, ApplicationState.CLOSED, *revoked, what="上传裁决文书")
    upload = uploads.receive(file, matter=locked, slot=conditions.RULING, actor=actor, on=on, formats=formats.SCANS)
    steps.note(locked, "upload_ruling", actor=actor, on=on, sha256=upload.sha256, version=upload.version)
    return upload


@database.atomic
def set_aside(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    proposal: Proposal,
    authority: str,
    number: str,
    ruled_on: str,
    orders: str,
    certificates_stand: bool = True,
) -> Application:
    """Take the matter up again as a ruling orders, decided by the chief of the office whose decision it was.

    authority: filings.enums.RulingAuthority; number, ruled_on (ISO), orders: the ruling's; certificates_stand: of a
    revoked filing. Effects in order: the row that keeps ruling and decision; a fresh clock of the state before, from
    today; of an approval the filing revoked, changed back or shortened to its old term, with a new receipt, and what
    was decided part by part cleared; the papers; messages; then (life.taken_up) what a renewal undecided again holds
    open or goes on as.
    """
    data = {
        "authority": authority,
        "number": number.strip(),
        "ruled_on": ruled_on,
        "orders": orders.strip(),
        "certificates_stand": certificates_stand,
    }
    with transition(application, "set_aside", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: Application = step.matter
        decided = undoing.decision(matter)
        papers = papers_of(matter)
        row = _keep(step, data, papers)
        clock = _start(step)
        office = permissions.office_of_decision(matter)
        assert office is not None
        said: list[str] = []
        if matter.state == ApplicationState.APPROVED:
            said = undoing.effects(matter, on, certificates_stand=certificates_stand)
            _take_back(step, row, decided)
            _clear(matter)
            content = contents.revocation(matter, data, decided, papers, said, office)
            steps.issue(step, "revocation", issuer=office, **content)
        content = contents.resumption(matter, data, decided, papers, row.to_state, on, clock.kind, clock.due_on)
        steps.issue(step, "resumption", issuer=office, **content)
        step.payload.update(data, decision=decided, decided_on=matter.decided_on, kept=row.kept)
        matter.decided_on = None
        _tell(step, decided, office, clock)
    return application


@database.atomic
def reinstate(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    proposal: Proposal,
    authority: str,
    number: str,
    ruled_on: str,
    orders: str,
) -> Application:
    """Let a grant stand again whose setting aside a later ruling has undone (second instance, retrial, a suit against
    the 行政复议决定), decided by the centre's chief. The latest revocation is the one that it undoes.

    Effects in order: the row that names the earlier one; what was decided part by part, as it was; no clock; the filing
    in force again with its old dates, even above a cap (life.restore); the notice; messages. The papers of the
    revocation, and of a refusal since, are set aside; those of the grant hold again.
    """
    data = {"authority": authority, "number": number.strip(), "ruled_on": ruled_on, "orders": orders.strip()}
    with transition(application, "reinstate", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: Application = step.matter
        earlier, papers = revoking(matter)
        assert earlier.filing is not None
        since = papers_of(matter) if matter.state == ApplicationState.REFUSED else []
        _keep(step, data, [*papers, *since], to_state=ApplicationState.APPROVED, undoes=earlier)
        matter.decided_on = earlier.decided_on
        _decide_again(matter, undoing.granted(earlier))
        step.end_clock()
        life.restore(earlier.filing, actor=actor, on=on, grant=matter)
        centre = steps.centre()
        assert centre is not None
        steps.issue(step, "reinstatement", issuer=centre, **contents.reinstatement(matter, data, earlier, papers, on))
        step.payload.update(data, decision=undoing.REVOKED, decided_on=earlier.on)
        text = f"“{undoing.REVOKED}”的处理已依裁决撤销，原同意备案的决定恢复效力，见《恢复备案通知书》。"
        steps.tell_agency(step, "reinstated", "依裁决恢复备案", text)
        for office in dict.fromkeys((centre, matter.receiving)):
            steps.tell_office(step, "reinstated", office, f"依裁决恢复备案：{matter.name}", text)
    return application


def revoking(matter: Application) -> tuple[SettingAside, list[OfficialDocument]]:
    """Return the setting aside by which the application's filing stands revoked, and the papers that came of it."""
    papers = _papers(matter, "set_aside", payload__from=ApplicationState.APPROVED)
    return matter.settings_aside.revoking().latest("id"), papers


def papers_of(matter: Application) -> list[OfficialDocument]:
    """Return the papers of the decision that the state rests on."""
    return _papers(matter, DECIDED_BY[ApplicationState(matter.state)])


def _papers(matter: Application, transition_name: str, **more: str) -> list[OfficialDocument]:
    """Return the papers of the last time that a transition was done."""
    verb = f"filings.application.{transition_name}"
    events = Event.objects.filter(matter_type="filings.application", matter_id=str(matter.pk), verb=verb, **more)
    last = events.exclude(outcome=Outcome.REFUSED).order_by("-id").first()
    numbers = (last.payload.get("documents") or []) if last else []
    return list(OfficialDocument.objects.filter(number__in=numbers).order_by("id"))


def _keep(
    step: Step,
    data: dict[str, Any],
    papers: list[OfficialDocument],
    *,
    to_state: str = "",
    undoes: SettingAside | None = None,
) -> SettingAside:
    matter: Application = step.matter
    granted = getattr(matter, "granted_filing", None) if undoing.revokes(matter) else None
    scan = conditions.ruling(matter)
    assert scan is not None  # the conditions saw to it
    row = SettingAside.objects.create(
        application=matter,
        ruling=scan,
        from_state=matter.state,
        to_state=to_state or undoing.state_before(matter),
        decided_on=undoes.on if undoes else matter.decided_on,
        on=step.on,
        decided_by=step.actor.seat,
        filing=undoes.filing if undoes else granted or matter.filing,
        undoes=undoes,
        **{**data, "ruled_on": datetime.date.fromisoformat(data["ruled_on"])},
    )
    row.papers.set({paper.pk for one in papers for paper in (one, successor_of(one) or one)})
    return row


def _start(step: Step) -> Clock:
    """The clock of the state before, afresh: it starts today, never in the past. A correction has the notice's days,
    and the extension that had been granted."""
    kind, amount, lapse = undoing.period(step.matter)
    clock = step.start_clock(kind, amount=amount, lapse=lapse)
    if kind == "correction":
        notice = step.matter.requests.filter(kind=Requester.CORRECTION).latest("id")
        if notice.extended_to:
            clock = clocks.extend(
                step.matter, kind, amount=notice.extended_to, on=step.on, reason=notice.extension_reason
            )
    return clock


def _take_back(step: Step, row: SettingAside, decided: str) -> None:
    """Undo what an approval did to the filing."""
    matter: Application = step.matter
    ruling = undoing.ruling(row, decided)
    if matter.kind == ApplicationKind.INITIAL:
        life.revoke(matter.granted_filing, actor=step.actor, on=step.on, ruling=ruling)
        return
    assert matter.filing is not None
    if matter.kind == ApplicationKind.CHANGE:
        row.kept = granting.take_back_change(matter, step.on)
        row.save(update_fields=["kept"])
        goes_on = True
    else:
        goes_on = granting.take_back_renewal(matter, step.actor, step.on)
    if goes_on:
        records.issue_receipts(step, matter.filing, step.on, ruling=ruling)


def _clear(matter: Application) -> None:
    """What was decided part by part, and the marks it rested on; the events' frozen copies keep both."""
    for item in matter.scope.all():
        item.granted = None
        item.save()
    LeftOut.objects.filter(item__application=matter).delete()
    matter.change_items.update(granted=None, reason="", basis="", made=None)
    for mark in corrections.marks(matter):
        mark.clear()
        mark.save()


def _decide_again(matter: Application, decided: dict[str, Any]) -> None:
    """What the approval had granted and left out, of what the application still holds."""
    for item in matter.scope.all():
        if (one := decided.get(item.occupation_id)) is None:
            continue
        item.granted = one["granted"]
        item.save()
        held = {None, *item.sites.values_list("pk", flat=True)}
        LeftOut.objects.bulk_create(
            LeftOut(item=item, level=part["level"], site_id=part["site"], reason=part["reason"], basis=part["basis"])
            for part in one["left_out"]
            if part["site"] in held
        )


def _tell(step: Step, decided: str, office: Organisation, clock: Clock) -> None:
    matter: Application = step.matter
    label = PERIODS[clock.kind].label
    text = (
        f"“{decided}”的决定已依裁决撤销，申请恢复办理。{label}自 {in_words(step.on)} 起重新计算，"
        f"最后一日 {in_words(clock.due_on)}。"
    )
    steps.tell_agency(step, "set_aside", "申请恢复办理", text)
    for one in dict.fromkeys((office, matter.receiving, steps.centre() if matter.accepted_on else None)):
        steps.tell_office(step, "set_aside", one, f"依裁决恢复办理：{matter.name}", text)
