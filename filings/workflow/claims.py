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
from core.workflow.transitions import transition
from filings.enums import ClaimState
from filings.models import Claim, Filing
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
    claim = Claim.objects.create(organisation=organisation, county=county, made_on=on)
    trail.record("filings.claim.make", actor=actor, on=on, matter=claim)
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


@database.atomic
def hand_in_paper(organisation: Organisation, slot: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take the licence or the authorisation into the claim that waits, making one where none does.

    Raises Invalid for a file that cannot be taken, and as `make_claim` does; then no claim is made either.
    """
    if slot not in SLOTS:
        raise Invalid(Reason("unknown_paper", "没有这一项证件。"))
    claim = make_claim(organisation, actor=actor, on=on)
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
    """Confirm that the code is this agency's. An earlier confirmed organisation of the same code was a false claim:
    it loses its confirmation, so that it never locks out the real agency. Filings from paper go over to the agency."""
    with transition(claim, "confirm", actor=actor, on=on) as step:
        matter: Claim = step.matter
        matter.decided_on, matter.decided_by = on, actor.position
        others = Organisation.objects.select_for_update(of=("self",)).filter(
            kind=OrganisationKind.AGENCY, credit_code=matter.organisation.credit_code, confirmed_on__isnull=False
        )
        ended = list(others.exclude(pk=matter.organisation_id))
        for other in ended:
            if other.filings.exists():
                raise Refused(
                    Reason(
                        "filed_under_code", "这个信用代码下已有备案，请先由市中心查明，再核实这一账号。", "organisation"
                    )
                )
            registration.unconfirm(other, on, actor=actor, reason=f"{matter} 核实通过，这一账号不是该信用代码的机构")
        registration.confirm(matter.organisation, on, actor=actor)
        step.payload["ended"] = [other.pk for other in ended]
        # What was filed on paper under this code is the agency's from now on.
        taken = importing.hand_over(matter.organisation, actor=actor, on=on)
        if taken:
            step.payload["filings"] = [filing.pk for filing in taken]
        step.message(
            "claim_confirmed",
            organisation=matter.organisation,
            title="机构身份已核实",
            body=_what_now(taken, on),
            link="/desk/",
        )
    return claim


def _what_now(taken: list[Filing], on: datetime.date) -> str:
    """What the agency can do now: apply, or go on with the filing it had on paper."""
    for filing in taken:
        if filing.in_force(on):
            until = in_words(filing.valid_until)
            return f"现有备案 {filing.code} 已转到你机构名下，有效期至 {until}。变更、延续都在工作台办理。"
    return "现在可以提交备案申请。"


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
