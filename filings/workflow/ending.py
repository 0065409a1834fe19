"""Deregistration (注销): asked for by the agency, or founded on proof that its legal person has ceased; decided by two
at the centre; in effect when it is served, or at once where nobody is left to be served."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.files import File

from core.accounts.actors import Actor, system
from core.clock.words import in_words
from core.deadlines import lapses
from core.documents import formats, uploads
from core.documents.models import OfficialDocument, Upload
from core.notifications import outbox
from core.refusals import NotPossible, Reason, Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import conditions, contents, permissions
from filings.enums import DeregistrationGround, FilingState
from filings.models import WAITING, Deregistration, Filing
from filings.workflow import life, records, steps
from filings.workflow.correcting import SERVICE_ACTOR
from regulation.remedies import Paper

PROOF = "ceased"  # the slot of the proof that a legal person has ceased


@steps.after_lapses
def ask_deregistration(filing: Filing, *, actor: Actor, on: datetime.date, reason: str) -> Deregistration:
    """Ask, as the agency's admin, for the filing to be deregistered; it can be taken back until it is decided.

    Effects in order: the request, the audit event, a message to the centre. Raises NotAllowed, NotPossible where the
    filing has ended, Refused without a reason or where it was asked for already.
    """
    steps.require(permissions.may_ask_end(actor, filing), "申请注销备案")
    locked = _in_force(filing, on, "申请注销")
    row = _found(locked, DeregistrationGround.ASKED, actor=actor, on=on, reason=reason)
    steps.note(locked, "ask_deregistration", actor=actor, on=on, deregistration=row.pk, reason=row.reason)
    _tell_centre(row, "asked", on, f"申请注销备案：{locked.name}", f"{row.reason} 请核实有无未结事项后提议。")
    return row


@uploads.scanned_first
@steps.after_lapses
def record_ceased(
    filing: Filing, *, actor: Actor, on: datetime.date, reason: str, ceased_on: datetime.date, proof: File
) -> Deregistration:
    """Record, as a handler of the centre, that the legal person has ceased, with its proof: the ground of deregistering
    ex officio. The agency is told. Raises as `ask_deregistration`, and Invalid for a file that cannot be taken."""
    steps.require(permissions.is_centre_handler.test(actor, filing), "登记法人终止")
    locked = _in_force(filing, on, "登记法人终止")
    if ceased_on > on:
        raise Refused(Reason("in_future", f"法人终止的日期不能晚于今天（{in_words(on)}）。", "ceased_on"))
    upload = uploads.receive(proof, matter=locked, slot=PROOF, actor=actor, on=on, formats=formats.SCANS)
    more: dict[str, Any] = {"ceased_on": ceased_on, "proof": upload}
    row = _found(locked, DeregistrationGround.CEASED, actor=actor, on=on, reason=reason, **more)
    steps.note(
        locked, "record_ceased", actor=actor, on=on, deregistration=row.pk, reason=row.reason, ceased_on=ceased_on,
        sha256=upload.sha256,
    )  # fmt: skip
    body = f"市中心登记了法人已于{in_words(ceased_on)}终止的证明，将据此决定是否注销备案。有异议的，请尽快联系。"
    _tell_agency(row, "ceased", on, "登记了法人终止的证明", body)
    return row


@steps.after_lapses
def take_back_deregistration(filing: Filing, row: Deregistration, *, actor: Actor, on: datetime.date) -> Deregistration:
    """Take a ground back before it is decided: the agency its request, the centre's handler what was recorded.

    Effects in order: the row, an open proposal that rests on it overtaken, the audit event, a message to the other
    side. Raises NotAllowed, NotPossible.
    """
    locked = life.lock(str(filing.pk))
    row = locked.deregistrations.get(pk=row.pk)
    steps.require(permissions.may_take_back_end(actor, locked, row), "收回这项注销")
    if not row.undecided:
        raise NotPossible(Reason("not_waiting", f"这项注销{row.standing}，不能再收回。请刷新页面。"))
    row.taken_back_on = on
    row.save(update_fields=["taken_back_on"])
    waiting = proposals.open_for(locked)
    if waiting is not None and waiting.payload.get("deregistration") == row.pk:
        proposals.overtake(locked, on=on, answer="注销的事由已经收回")
    steps.note(locked, "take_back_deregistration", actor=actor, on=on, deregistration=row.pk, ground=row.ground)
    if row.ground == DeregistrationGround.ASKED:
        _tell_centre(row, "taken_back", on, f"收回注销申请：{locked.name}", "机构已收回注销申请，备案继续有效。")
    else:
        _tell_agency(row, "taken_back", on, "收回了法人终止的登记", "市中心已收回这项登记，备案继续有效。")
    return row


def deregister(filing: Filing, *, actor: Actor, on: datetime.date, proposal: Proposal, deregistration: int) -> Filing:
    """Deregister, decided by the centre's chief.

    deregistration: the ground's id. Effects in order: the decision; where the agency consents to service in the portal,
    or where the legal person has ceased and its announcement is all there can be, the end as of today (`_take_effect`).
    Otherwise the filing stays as it is until the decision is served.
    """
    data = {"deregistration": deregistration}
    with transition(filing, "deregister", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: Filing = step.matter
        centre = steps.centre()
        assert centre is not None
        row = matter.deregistrations.get(pk=deregistration)
        takes_effect = at_once(row, on)
        row.document = steps.issue(
            step,
            "deregistration",
            issuer=centre,
            **contents.deregistration(row, on if takes_effect else None),
            remedies=contents.remedies(Paper.DEREGISTRATION, centre),
        )
        row.save(update_fields=["document"])
        step.payload.update(data, ground=row.ground, waits_for_service=not takes_effect)
        if takes_effect:
            _take_effect(step, row, on)
        else:
            step.hold()
            body = "注销备案决定书已作出，送达之日生效；生效之前备案继续有效。"
            steps.tell_agency(step, "deregistration_decided", "已决定注销备案", body)
    return filing


def at_once(row: Deregistration, on: datetime.date) -> bool:
    """Whether a decision on this ground takes effect on its own day: served on arrival with the agency's consent, or
    with nobody left to be served, so that publishing it is all there can be."""
    return row.ground == DeregistrationGround.CEASED or conditions.consents(row.filing, on)


def served(document: OfficialDocument, served_on: datetime.date, on: datetime.date) -> str:
    """The decision was served otherwise than in the portal: the filing ends on that day. Where it has ended already the
    decision takes no effect any more, and the reason is returned; what took effect at once has nothing to wait for."""
    # What lapsed before the day of service went first, swept or not.
    lapses.settle(document.matter_type, document.matter_id, served_on)
    row = Deregistration.objects.filter(document=document).first()
    if row is None:  # in the portal it is served while it is being issued
        return ""
    filing = life.lock(document.matter_id)
    row.refresh_from_db()
    if row.effective_on is not None:
        return ""
    if filing.state != FilingState.ACTIVE:
        assert filing.ended_on is not None
        return f"备案已先行终结（{in_words(filing.ended_on)}，{filing.get_state_display()}），注销决定不再生效。"
    actor = system(SERVICE_ACTOR, served_on)
    with transition(filing, "deregister", actor=actor, on=served_on, permitted=True) as step:
        _take_effect(step, row, served_on)
    return ""


def _take_effect(step: Step, row: Deregistration, on: datetime.date) -> None:
    """End the filing as of that day. Effects in order: its dates, its clocks, the ground's row, messages; then, by
    `ended`, what else waited, its public record, and what is open about it."""
    matter: Filing = step.matter
    matter.ended_on, matter.held_open = on, False
    step.end_clock()
    row.effective_on = on
    row.save(update_fields=["effective_on"])
    body = f"备案 {matter.code} 自{in_words(on)}起注销，不得再开展评价。此前取得的成绩和证书不受影响，档案照旧保管。"
    life.tell_all(step, "deregistered", "备案已注销", body)


def ended(filing: Filing, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """What follows once the filing has been deregistered, in the same transaction: nothing where the decision is made
    but not served."""
    if filing.state != FilingState.DEREGISTERED:
        return
    overtaken(filing, actor, on, payload)
    records.publish(filing, on)
    life.close_open(filing, actor=actor, on=on)


def overtaken(filing: Filing, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """The filing has ended: no ground of a deregistration waits any longer."""
    filing.deregistrations.filter(WAITING).update(overtaken_on=on)


def _in_force(filing: Filing, on: datetime.date, what: str) -> Filing:
    """Return the filing's row locked. Raises NotPossible where it is in force no longer."""
    locked = life.lock(str(filing.pk))
    steps.require_state(locked, FilingState.ACTIVE, what=what)
    if not locked.in_force(on):
        raise NotPossible(Reason("not_in_force", f"备案已经失效，不能{what}。"))
    return locked


def _found(
    filing: Filing, ground: str, *, actor: Actor, on: datetime.date, reason: str, **more: datetime.date | Upload
) -> Deregistration:
    """Write down why the filing is to be deregistered. Raises Refused without a reason, or where it waits already."""
    if not reason.strip():
        raise Refused(Reason("reason_missing", "请写明注销的原因。", "reason", "M23"))
    if filing.deregistrations.filter(WAITING, ground=ground).exists():
        raise Refused(Reason("asked_before", "这件备案已有一项等待办理的注销，不能重复提出。", citation="M23"))
    return Deregistration.objects.create(
        filing=filing, ground=ground, reason=reason.strip(), asked_by=actor.seat, asked_on=on, **more
    )


def _tell_centre(row: Deregistration, what: str, on: datetime.date, title: str, body: str) -> None:
    centre = steps.centre()
    if centre is not None:
        _send(row, what, on, title, body, organisation=centre, roles=steps.OFFICERS)


def _tell_agency(row: Deregistration, what: str, on: datetime.date, title: str, body: str) -> None:
    _send(row, what, on, title, body, organisation=row.filing.agency, roles=steps.AGENCY)


def _send(row: Deregistration, what: str, on: datetime.date, title: str, body: str, **to: Any) -> None:
    link = f"/filings/{row.filing_id}/"
    outbox.send(
        f"deregistration:{row.pk}:{what}", f"deregistration_{what}", title=title, body=body, on=on, link=link,
        matter=row.filing, **to,
    )  # fmt: skip
