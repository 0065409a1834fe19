"""The decision (M11, M12, M37): approval in whole or in part with filing and receipt, refusal, a cap's override."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.documents.models import OfficialDocument
from core.refusals import Refused
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import conditions, contents, grants, merit, permissions, quota
from filings.enums import ApplicationKind
from filings.models import Application, CapOverride, Filing, LeftOut
from filings.workflow import granting, records, steps
from regulation.remedies import Paper


def approve(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    proposal: Proposal,
    granted: list[str],
    left_out: list[dict[str, Any]] | None = None,
    relaxed: Mapping[str, str] | None = None,
    passed_over: merit.Said | None = None,
) -> Application:
    """Approve in whole or in part, decided by the centre's chief.

    granted: occupation codes, of a change its items; left_out: the parts left out, as filings.grants has them, of a
    change {item, reason, basis}; relaxed: {code: reason}; passed_over: why better ones are, as filings.merit has it.
    Effects in order: the quota years' rows locked, the places counted and those who stand beside it for them compared
    under it, as no other approval can come between; clocks ended; the filing created, changed or renewed; the places
    given and who was passed over for them written down; receipts (and the decision on what was left out); publication;
    messages.
    """
    left_out, relaxed, passed_over = left_out or [], relaxed or {}, passed_over or {}
    data = {"granted": granted, "left_out": left_out, "relaxed": relaxed, "passed_over": passed_over}
    with transition(application, "approve", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: Application = step.matter
        quota.lock_year(on)
        places = merit.taken_by(matter, granted, left_out, on)
        compared = merit.choices(matter, places, granted, on)
        if reasons := conditions.against_places(matter, places, compared, passed_over):
            raise Refused(reasons)
        step.end_clock()
        matter.decided_on = on
        filing, not_granted = _grant(matter, granted, left_out, on)
        merit.record(compared, passed_over, run=matter.runs, on=on)
        papers = records.issue_receipts(step, filing, on, partial=bool(not_granted))
        if not_granted:
            _partial(step, matter, papers[-1], not_granted)
        step.payload.update(data, filing=filing.pk, code=filing.code, receipt=papers[-1].number)
        first = matter.kind == ApplicationKind.INITIAL
        label = "同意备案" if first else f"同意{matter.get_kind_display()}"
        body = f"备案编码 {filing.code}，有效期至 {in_words(filing.valid_until)}。回执已签发。"
        steps.tell_agency(step, "approved", label, body)
        for office in dict.fromkeys((matter.receiving, permissions.county_of(filing.area_id))):
            steps.tell_office(step, "approved", office, f"{label}：{matter.name}", f"备案编码 {filing.code}。")
    return application


def _grant(
    matter: Application, granted: list[str], left_out: list[dict[str, Any]], on: datetime.date
) -> tuple[Filing, list[dict[str, str]]]:
    """Do what the kind of application asks for; return the filing, and what was left out as its papers name it."""
    if matter.kind == ApplicationKind.CHANGE:
        filing = granting.change(matter, granted, left_out, on)
        return filing, contents.left_out_of_change(matter)
    wanted = grants.of(matter, granted, left_out)
    parts = _mark_scope(matter, granted, left_out)
    grant = granting.renew if matter.kind == ApplicationKind.RENEWAL else granting.create
    return grant(matter, wanted, on), contents.left_out(parts)


def _mark_scope(matter: Application, granted: list[str], left_out: list[dict[str, Any]]) -> list[LeftOut]:
    """Write down what was decided on each occupation; return the parts left out."""
    for item in matter.scope.all():
        item.granted = item.occupation_id in granted
        item.save(update_fields=["granted"])
    return LeftOut.objects.bulk_create(grants.rows(matter, left_out))


def _partial(step: Step, matter: Application, receipt: OfficialDocument, parts: list[dict[str, str]]) -> None:
    centre = steps.centre()
    assert centre is not None
    steps.issue(
        step,
        "partial_refusal",
        issuer=centre,
        receipt_number=receipt.number,
        left_out=parts,
        **contents.selection(matter, [part["basis"] for part in parts], step.on),
        remedies=contents.remedies(Paper.PARTIAL_APPROVAL, centre),
    )


def refuse(
    application: Application, *, actor: Actor, on: datetime.date, proposal: Proposal, grounds: list[dict[str, Any]]
) -> Application:
    """Refuse in writing, with reasons and basis (M11), decided by the centre's chief; the agency sees its own score."""
    with transition(application, "refuse", actor=actor, on=on, data={"grounds": grounds}, proposal=proposal) as step:
        matter: Application = step.matter
        centre = steps.centre()
        assert centre is not None
        step.end_clock()
        matter.decided_on = on
        step.payload["grounds"] = grounds
        steps.issue(
            step,
            "refusal",
            issuer=centre,
            accepted_on=matter.accepted_on,
            deemed=matter.deemed_accepted,
            reasons=contents.reasons(grounds),
            **contents.selection(matter, [ground["basis"] for ground in grounds], on),
            remedies=contents.remedies(Paper.REFUSAL, centre),
        )
        steps.tell_agency(step, "refused", "不予备案", "不予备案的理由、依据和救济途径见决定书。")
        steps.tell_office(step, "refused", matter.receiving, f"不予备案：{matter.name}", "市中心已作出不予备案决定。")
    return application


def request_override(
    application: Application, *, actor: Actor, on: datetime.date, cap: str, reason: str
) -> Application:
    """Ask the bureau to let this application go over a full cap (M37); the decision clock runs on.

    Effects in order: the request; a message to the bureau's handlers and chief, with the figures.
    """
    data = {"cap": cap, "reason": reason}
    with transition(application, "request_override", actor=actor, on=on, data=data) as step:
        matter: Application = step.matter
        full = next(one for one in quota.to_request(matter, on) if one.key == cap)
        CapOverride.objects.create(
            application=matter, cap=cap, request=reason.strip(), asked_by=actor.seat, asked_on=on
        )
        step.payload.update(data, taken=full.taken, places=full.cap)
        steps.tell_office(
            step,
            "override_request",
            steps.bureau(),
            f"请求超名额：{matter.name}",
            f"{full.label}名额已满（{full.taken}/{full.cap}）。请求理由：{reason.strip()}",
        )
    return application


def override_cap(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    proposal: Proposal,
    cap: str,
    granted: bool,
    reason: str,
) -> Application:
    """Answer the centre's request: let this application go over a cap, or not, with the bureau's recorded reason
    (M37). Decided by the bureau's chief; the centre is told either way; the decision clock runs on."""
    data = {"cap": cap, "granted": granted, "reason": reason}
    with transition(application, "override_cap", actor=actor, on=on, data=data, proposal=proposal) as step:
        row = step.matter.overrides.get(cap=cap)
        row.granted, row.reason = granted, reason.strip()
        row.decided_by, row.decided_on = actor.seat, on
        row.save()
        step.payload.update(data)
        word = "同意" if granted else "不同意"
        steps.tell_office(step, "override", steps.centre(), f"{word}超名额：{step.matter.name}", row.reason)
    return application
