"""Registration claims: a credit code is an agency's own only once a county handler has checked the papers."""

import datetime
from typing import Any

from django.core.files import File
from django.db import transaction as database

from core.accounts import registration
from core.accounts.actors import Actor
from core.accounts.models import Organisation, OrganisationKind, Role
from core.audit import trail
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.documents import formats, uploads
from core.documents.models import Upload
from core.notifications import outbox
from core.refusals import Invalid, Reason, Refused
from core.workflow.transitions import Step, transition
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState, ClaimState
from filings.models import Claim, Filing, in_force
from filings.permissions import county_of
from filings.workflow import importing, steps

SLOTS = {"licence": "登记证照", "authorisation": "授权委托书"}


@database.atomic
def make_claim(organisation: Organisation, *, actor: Actor, on: datetime.date) -> Claim:
    """Ask the county of the seat to check that the credit code is this agency's. Its uploads follow into the claim.

    Raises Refused where it is confirmed or waits already, or no county serves the area.
    """
    steps.require(actor.organisation_id == organisation.pk and actor.role == Role.ADMIN, "申请核实机构身份")
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.confirmed_on:
        raise Refused(Reason("confirmed_before", "机构身份已经核实。"))
    existing = organisation.claims.filter(state=ClaimState.PENDING).first()
    if existing:
        return existing
    county = county_of(organisation.area_id)
    if county is None:
        raise Refused(Reason("no_county", "所在县（市、区）还没有开通，请联系市职业技能鉴定指导中心。", "area"))
    claim = open_claim(organisation, county, actor=actor, on=on)
    outbox.send(
        f"claim:{claim.pk}:made",
        "claim_made",
        organisation=county,
        roles=(Role.HANDLER,),
        title=f"请核实机构身份：{organisation.name}",
        body="请对照登记证照和授权委托书核实。",
        on=on,
        link=f"/claims/{claim.pk}/",
        matter=claim,
    )
    return claim


def open_claim(organisation: Organisation, county: Organisation, *, actor: Actor, on: datetime.date) -> Claim:
    """Write a claim down, with its event."""
    claim = Claim.objects.create(organisation=organisation, county=county, made_on=on)
    trail.record("filings.claim.make", actor=actor, on=on, matter=claim)
    return claim


@uploads.scanned_first
@database.atomic
def hand_in_paper(organisation: Organisation, slot: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take the licence or the authorisation into the claim that waits, making one where none does.

    Raises Invalid for a file that cannot be taken, and as `make_claim` does; then no claim is made either.
    """
    if slot not in SLOTS:
        raise Invalid(Reason("unknown_paper", "没有这一项证件。"))
    return take_paper(make_claim(organisation, actor=actor, on=on), slot, file, actor=actor, on=on)


def take_paper(claim: Claim, slot: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take a paper into a claim, with its event. Raises Invalid for a file that cannot be taken."""
    upload = uploads.receive(file, matter=claim, slot=slot, actor=actor, on=on, formats=formats.SCANS)
    trail.record(
        "filings.claim.upload", actor=actor, on=on, matter=claim, payload={"slot": slot, "sha256": upload.sha256}
    )
    return upload


def papers(claim: Claim) -> dict[str, Upload | None]:
    """Return the newest licence and authorisation of a claim."""
    matter_type, matter_id = matter_key(claim)
    rows = Upload.objects.filter(matter_type=matter_type, matter_id=matter_id).order_by("version")
    newest = {upload.slot: upload for upload in rows}
    return {slot: newest.get(slot) for slot in SLOTS}


def has_papers(claim: Any, *, actor: Actor, on: datetime.date, data: Any) -> list[Reason]:
    """Both papers are there (the condition of confirming)."""
    return [
        Reason("paper_missing", f"还没有{SLOTS[slot]}。", slot)
        for slot, upload in papers(claim).items()
        if upload is None
    ]


def has_reason(claim: Any, *, actor: Actor, on: datetime.date, data: Any) -> list[Reason]:
    """A rejection says why."""
    if data is not None and not str(data.get("reason", "")).strip():
        return [Reason("reason_missing", "请写明未通过的原因，申请机构会看到。", "reason")]
    return []


def confirm_claim(claim: Claim, *, actor: Actor, on: datetime.date) -> Claim:
    """Confirm that the code is this agency's. An earlier confirmed organisation of the same code that nobody has an
    account in was entered at the counter: the claim's people act for it from now on. Any other was a false claim: it
    loses its confirmation, so that it never locks out the real agency. Filings from paper go over to the agency."""
    with transition(claim, "confirm", actor=actor, on=on) as step:
        matter: Claim = step.matter
        matter.decided_on, matter.decided_by = on, actor.position
        agency = matter.organisation
        others = Organisation.objects.select_for_update(of=("self",)).filter(
            kind=OrganisationKind.AGENCY, credit_code=agency.credit_code, confirmed_on__isnull=False
        )
        other = others.exclude(pk=agency.pk).first()
        entered = other is not None and not other.positions.exists()
        if other is not None and entered:
            _take_over(step, other)
            agency = other
        else:
            if other is not None:
                _end_false(other, matter, actor=actor, on=on)
            registration.confirm(agency, on, actor=actor)
        step.payload["ended"] = [other.pk] if other is not None and not entered else []
        # What was filed on paper under this code is the agency's from now on.
        taken = importing.hand_over(agency, actor=actor, on=on)
        if taken:
            step.payload["filings"] = [filing.pk for filing in taken]
        step.message(
            "claim_confirmed",
            organisation=agency,
            title="机构身份已核实",
            body=_what_now(taken, on) + ("此前在窗口办理的申请和备案，已可在工作台查看。" if entered else ""),
            link="/desk/",
        )
    return claim


def _what_now(taken: list[Filing], on: datetime.date) -> str:
    """What the agency can do now: apply, or go on with the filing it had on paper."""
    for filing in taken:
        if filing.in_force(on):
            last = in_words(filing.valid_until)
            return f"现有备案 {filing.code} 已转到你机构名下，有效期至 {last}。变更、延续都在工作台办理。"
    return "现在可以提交备案申请。"


def _end_false(other: Organisation, claim: Claim, *, actor: Actor, on: datetime.date) -> None:
    """End the confirmation of an account that proves not to be its code's agency."""
    if other.filings.exists():
        raise Refused(
            Reason("filed_under_code", "这个信用代码下已有备案，请先由市中心查明，再核实这一账号。", "organisation")
        )
    registration.unconfirm(other, on, actor=actor, reason=f"{claim} 核实通过，这一账号不是该信用代码的机构")


def entered_before(claim: Claim) -> Organisation | None:
    """Return the confirmed agency of the claim's code that nobody has an account in: what confirming hands over."""
    rows = Organisation.objects.filter(
        kind=OrganisationKind.AGENCY, credit_code=claim.organisation.credit_code, confirmed_on__isnull=False
    )
    return rows.exclude(pk=claim.organisation_id).filter(positions__isnull=True).first()


def _take_over(step: Step, agency: Organisation) -> None:
    """Hand an agency that was entered at the counter to the claim's people, with the drafts that they have begun.

    Only the county that has the agency's seat does so, whatever area the account named: it has seen the papers. Raises
    Refused elsewhere.
    """
    claim: Claim = step.matter
    if county_of(agency.area_id) != claim.county:
        text = f"这个信用代码的机构已在{agency.area}的窗口办理，请它按{agency.area}注册后申请核实。"
        raise Refused(Reason("entered_elsewhere", text, "organisation", "M9"))
    account = claim.organisation
    registration.take_over(account, agency, step.on, actor=step.actor)
    busy = set(agency.applications.filter(state__in=OPEN_STATES).values_list("kind", flat=True))
    if agency.filings.filter(in_force(step.on)).exists():
        busy.add(ApplicationKind.INITIAL)
    for draft in account.applications.filter(state=ApplicationState.DRAFT).exclude(kind__in=busy):
        draft.agency = agency
        draft.save()
    step.payload["taken_over"] = agency.pk


def reject_claim(claim: Claim, *, actor: Actor, on: datetime.date, reason: str) -> Claim:
    """Reject a claim with its reason; the agency may hand in better papers and claim again."""
    with transition(claim, "reject", actor=actor, on=on, data={"reason": reason}) as step:
        matter: Claim = step.matter
        matter.decided_on, matter.decided_by, matter.reason = on, actor.position, reason.strip()
        step.message(
            "claim_rejected",
            organisation=matter.organisation,
            title="机构身份未通过核实",
            body=reason.strip(),
            link="/desk/",
        )
    return claim
