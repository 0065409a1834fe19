"""The decision (M11, M12, M37): approval in whole or in part with filing and receipt, refusal, a cap's override."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import F

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.documents.models import OfficialDocument
from core.refusals import Refused
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import contents, grants, quota, serials
from filings.enums import FilingState
from filings.models import Application, CapOverride, Filing, FilingScope, FilingSite, LeftOut, Receipt
from filings.workflow import steps
from regulation.codes import level_range_text
from regulation.periods import PERIODS
from regulation.remedies import Paper
from regulation.workdays import add_years


def approve(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    proposal: Proposal,
    granted: list[str],
    left_out: list[dict[str, Any]] | None = None,
    relaxed: Mapping[str, str] | None = None,
) -> Application:
    """Approve in whole or in part, decided by the centre's chief.

    granted: occupation codes; left_out: the parts left out, as filings.grants has them; relaxed: {code: reason}.
    Effects in order: the quota year's row locked and the places counted again under it; filing code, filing, scope and
    sites; clocks ended; receipt (and the decision on what was left out); publication; messages.
    """
    left_out, relaxed = left_out or [], relaxed or {}
    data = {"granted": granted, "left_out": left_out, "relaxed": relaxed}
    with transition(application, "approve", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: Application = step.matter
        quota.lock_year(on)
        # Counted again now that no other approval can come between.
        wanted = grants.of(matter, granted, left_out)
        if reasons := quota.against(matter, wanted, on):
            raise Refused(reasons)
        step.end_clock()
        matter.decided_on = on
        parts = _mark_scope(matter, granted, left_out)
        filing = _create_filing(matter, wanted, on)
        paper = _receipt(step, filing, partial=bool(left_out))
        if left_out:
            _partial(step, matter, paper, parts)
        step.payload.update(data, filing=filing.pk, code=filing.code, receipt=paper.number)
        step.publish("filing", key=f"filing:{filing.pk}", title=filing.name, content=publication(filing, paper))
        steps.tell_agency(
            step,
            "approved",
            "同意备案",
            f"备案编码 {filing.code}，有效期至 {in_words(filing.valid_until)}。回执已签发。",
        )
        steps.tell_office(step, "approved", matter.receiving, f"同意备案：{matter.name}", f"备案编码 {filing.code}。")
    return application


def _mark_scope(matter: Application, granted: list[str], left_out: list[dict[str, Any]]) -> list[LeftOut]:
    """Write down what was decided on each occupation; return the parts left out."""
    for item in matter.scope.all():
        item.granted = item.occupation_id in granted
        item.save()
    return LeftOut.objects.bulk_create(grants.rows(matter, left_out))


def _create_filing(matter: Application, wanted: list[grants.Grant], on: datetime.date) -> Filing:
    """Create the filing with its scope and sites; validity by the corresponding day (M14, 民法典 202)."""
    assert matter.area is not None
    years = PERIODS["validity"].amount
    assert years is not None
    # An earlier one that has run out makes room: what is in force is asked of the dates, its state follows here.
    matter.agency.filings.filter(state=FilingState.ACTIVE, valid_until__lt=on).update(
        state=FilingState.EXPIRED, ended_on=F("valid_until")
    )
    filing = Filing.objects.create(
        agency=matter.agency,
        application=matter,
        code=serials.take(),
        name=matter.name,
        credit_code=matter.credit_code,
        area=matter.area,
        address=matter.address,
        valid_from=on,
        valid_until=add_years(on, years).end,
    )
    sites: dict[int, FilingSite] = {}
    for one in wanted:
        entry = FilingScope.objects.create(filing=filing, occupation_id=one.occupation, levels=one.levels, since=on)
        for site in one.sites:
            if site.pk not in sites:
                sites[site.pk] = FilingSite.objects.create(
                    filing=filing, name=site.name, area_id=site.area_id, address=site.address, since=on
                )
            sites[site.pk].scope.add(entry)
    return filing


def _receipt(step: Step, filing: Filing, *, partial: bool) -> OfficialDocument:
    centre = steps.centre()
    assert centre is not None
    paper = steps.issue(step, "receipt", issuer=centre, **contents.receipt(filing), partial=partial)
    Receipt.objects.create(filing=filing, document=paper, valid_from=filing.valid_from, valid_until=filing.valid_until)
    return paper


def _partial(step: Step, matter: Application, receipt: OfficialDocument, parts: list[LeftOut]) -> None:
    centre = steps.centre()
    assert centre is not None
    steps.issue(
        step,
        "partial_refusal",
        issuer=centre,
        receipt_number=receipt.number,
        left_out=contents.left_out(parts),
        **contents.score(matter),
        remedies=contents.remedies(Paper.PARTIAL_APPROVAL, centre),
    )


def publication(filing: Filing, paper: OfficialDocument) -> dict[str, Any]:
    """Return what is published of a filing: the allow-listed public record (filings/matters.py declares the fields).

    Every later event of the filing publishes the whole record anew under its own key; the registry reads the newest.
    """
    return {
        "name": filing.name,
        "code": filing.code,
        "credit_code": filing.credit_code,
        "area": filing.area.name,
        "area_code": filing.area_id,
        "address": filing.address,
        "valid_from": filing.valid_from.isoformat(),
        "valid_until": filing.valid_until.isoformat(),
        "state": filing.state,
        "ended_on": filing.ended_on.isoformat() if filing.ended_on else None,
        "receipt": paper.number,
        "verification": paper.code,
        "scope": [
            {
                "code": row.occupation_id,
                "occupation": row.occupation.name,
                "levels": row.levels,
                "levels_text": level_range_text(row.levels),
                "sites": [site.name for site in row.sites.all()],
            }
            for row in filing.scope.filter(until__isnull=True).select_related("occupation").prefetch_related("sites")
        ],
        "sites": [
            {"name": site.name, "area": site.area.name, "area_code": site.area_id, "address": site.address}
            for site in filing.sites.filter(until__isnull=True).select_related("area")
        ],
    }


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
            **contents.score(matter),
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
