"""Filings from the time of paper (M12): a register is uploaded and checked, proposed by a handler of the centre, and
loaded by its chief, whole or not at all; the agency takes its filing over when its identity is confirmed."""

import datetime
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Organisation, OrganisationKind, Recusal, Role
from core.audit import trail
from core.clock.words import in_words
from core.deadlines import clocks
from core.documents import papers, service, uploads
from core.documents.papers import issuing_body
from core.refusals import NotPossible, Reason, Refused
from core.workflow import proposals
from core.workflow.models import Proposal
from core.workflow.transitions import Step, transition
from filings import contents, permissions, quota, terms
from filings.enums import ImportState
from filings.freezing import freeze_filing
from filings.imports import checks
from filings.imports.reading import Entry, read
from filings.models import Filing, FilingImport, FilingScope, FilingSite, Receipt
from filings.workflow import assignments, life, records, steps

MATTER = "filings.filingimport"
FORMATS = ("xlsx",)
# How a receipt names what stands in the place of an application.
ON_PAPER = "纸质备案录入"


# -- the register ------------------------------------------------------------------------------------------------


@database.atomic
def upload(file: File, *, actor: Actor, on: datetime.date, source: str) -> FilingImport:
    """Take a register in, by a handler of the centre, and read it: kept with its faults, loaded only without any.

    Raises NotAllowed, Refused without a source, Invalid for a file that is no register.
    """
    steps.require(actor.kind == OrganisationKind.CENTRE and actor.role == Role.HANDLER, "录入历史备案")
    if not source.strip():
        raise Refused(Reason("source", "请写明依据：哪一份台账或文件。", "source", "M12"))
    register = FilingImport.objects.create(source=source.strip(), made_by=actor.seat, made_on=on)
    _take(register, file, actor=actor, on=on)
    return register


@database.atomic
def replace(register: FilingImport, file: File, *, actor: Actor, on: datetime.date) -> FilingImport:
    """Take a mended register in the place of the one before, which is kept as an earlier version.

    Raises NotAllowed, NotPossible once it is decided or proposed, Invalid for a file that is no register.
    """
    locked = FilingImport.objects.select_for_update(of=("self",)).get(pk=register.pk)
    steps.require(bool(permissions.is_centre_handler.test(actor, locked)), "更换文件")
    if locked.state != ImportState.OPEN:
        raise NotPossible(Reason("state", f"这次录入{locked.get_state_display()}，不能再更换文件。请刷新页面。"))
    if proposals.open_for(locked):
        raise NotPossible(Reason("proposal_open", "已经提交负责人决定，请先收回提议，再更换文件。"))
    _take(locked, file, actor=actor, on=on)
    register.refresh_from_db()
    return register


def _take(register: FilingImport, file: File, *, actor: Actor, on: datetime.date) -> None:
    register.upload = uploads.receive(
        file, matter=register, slot=FilingImport.SLOT, actor=actor, on=on, formats=FORMATS
    )
    found = read(cast("BinaryIO", register.upload.file))
    register.lines, register.entries = found.lines, found.entries
    register.faults = [fault.as_json() for fault in found.faults]
    register.save()
    trail.record(
        f"{MATTER}.upload",
        actor=actor,
        on=on,
        matter=register,
        payload={
            "sha256": register.upload.sha256,
            "version": register.upload.version,
            "lines": found.lines,
            "entries": len(found.entries),
            "faults": len(found.faults),
        },
    )


def against_load(register: FilingImport, *, actor: Actor, on: datetime.date, data: Any) -> list[Reason]:
    """Every reason against loading: each fault of each row, and codes that nobody has compared with the licences."""
    reasons = [fault.reason() for fault in checks.faults(register, on)]
    if not register.entries and not reasons:
        reasons.append(Reason("no_lines", "表里没有备案。", "file", "M12"))
    unsure = checks.check_digits(register.entries)
    if data is not None and unsure and not data.get("codes_confirmed"):
        text = f"信用代码校验位不符：{'、'.join(unsure)}。请对照证照逐位核对，确认无误的勾选“代码与证照一致”。"
        reasons.append(Reason("credit_code_check_digit", text, "codes_confirmed", "M7(1)"))
    return reasons


def discard(register: FilingImport, *, actor: Actor, on: datetime.date) -> FilingImport:
    """Give a register up, by a handler of the centre; the file and what was wrong with it stay on record."""
    with transition(register, "discard", actor=actor, on=on) as step:
        step.matter.decided_on = on
    return register


def freeze_import(register: FilingImport) -> dict[str, Any]:
    """Return the content of a register: the file's hash, and every filing it holds."""
    return {
        "source": register.source,
        "state": register.state,
        "sha256": register.upload.sha256 if register.upload else "",
        "lines": register.lines,
        "entries": register.entries,
        "faults": register.faults,
    }


# -- loading -----------------------------------------------------------------------------------------------------


def load(
    register: FilingImport, *, actor: Actor, on: datetime.date, proposal: Proposal, codes_confirmed: bool = False
) -> FilingImport:
    """Load a register whole, decided by the centre's chief.

    Effects in order: the quota year's row locked and everything checked again under it; for each entry the agency
    where none bears the code, the filing with scope, sites and its clock, the receipt, the public record, the end of
    an assignment to its places, the audit event; messages to the agencies that have an account, to the counties, to the
    bureau. A cap stops nothing: what exists is above it lawfully (M37).
    """
    data = {"codes_confirmed": codes_confirmed}
    with transition(register, "load", actor=actor, on=on, data=data, proposal=proposal) as step:
        matter: FilingImport = step.matter
        quota.lock_year(on)
        # Checked again now that nothing can come between.
        if reasons := against_load(matter, actor=actor, on=on, data=data):
            raise Refused(reasons)
        agencies = _agencies(matter.entries)
        made = [_create(step, entry, agencies.get(entry["credit_code"])) for entry in matter.entries]
        matter.filings.set(made)
        matter.decided_on = on
        step.payload.update(data, filings=[filing.pk for filing in made], codes=[filing.code for filing in made])
        _tell(step, made)
    return register


def _create(step: Step, entry: Entry, agency: Organisation | None) -> Filing:
    """Create one filing that exists on paper; the words are the register's. agency: who bears its code already."""
    on, since = step.on, checks.began(entry)
    if agency is None:
        agency = Organisation.objects.create(
            kind=OrganisationKind.AGENCY, name=entry["name"], credit_code=entry["credit_code"], area_id=entry["area"]
        )
    else:
        life.settle_agency(agency, on)
    filing = Filing.objects.create(
        agency=agency,
        code=entry["code"],
        name=entry["name"],
        credit_code=entry["credit_code"],
        area_id=entry["area"],
        address=entry["address"],
        legal_representative=entry["legal_representative"],
        person_in_charge=entry["person_in_charge"],
        valid_from=since,
        valid_until=datetime.date.fromisoformat(entry["valid_until"]),
        term_from=since,
    )
    _cover(filing, entry)
    _start_validity(filing, on)
    _issue_receipt(filing, on)
    assignments.end_local(filing, on)
    trail.record(
        "filings.filing.load",
        actor=step.actor,
        on=on,
        matter=filing,
        payload={"register": step.matter.pk, "rows": entry["rows"]},
        frozen=freeze_filing(filing),
    )
    return filing


def _cover(filing: Filing, entry: Entry) -> None:
    """Give a new filing its sites and occupations."""
    sites = FilingSite.objects.bulk_create(
        FilingSite(
            filing=filing, name=site["name"], area_id=site["area"], address=site["address"], since=filing.valid_from
        )
        for site in entry["sites"]
    )
    rows = FilingScope.objects.bulk_create(
        FilingScope(filing=filing, occupation_id=item["occupation"], levels=item["levels"], since=filing.valid_from)
        for item in entry["scope"]
    )
    by_name = {site.name: site for site in sites}
    held_at = FilingSite.scope.through
    held_at.objects.bulk_create(
        held_at(filingsite=by_name[name], filingscope=row)
        for row, item in zip(rows, entry["scope"], strict=True)
        for name in item["sites"]
    )


def _agencies(entries: list[Entry]) -> dict[str, Organisation]:
    """Return {credit code: its confirmed agency, else the one that an earlier register made}. An account that only
    claims the code is neither: it gets nothing before its county has confirmed it."""
    codes = [entry["credit_code"] for entry in entries]
    bearing = Organisation.objects.filter(kind=OrganisationKind.AGENCY, credit_code__in=codes)
    found = {one.credit_code: one for one in _without_people(bearing)}
    return found | {one.credit_code: one for one in bearing.filter(confirmed_on__isnull=False)}


def _without_people(agencies: Any) -> Any:
    """Those that a register made: unconfirmed, filed, and nobody ever held a position there."""
    return agencies.filter(confirmed_on__isnull=True, positions__isnull=True, filings__isnull=False).distinct()


def _start_validity(filing: Filing, on: datetime.date) -> None:
    """Start the clock of the validity (M14) so that it ends on the day that the paper says."""
    clock = clocks.start(filing, "validity", on=checks.counted_from(filing.valid_until), lapse=life.END_OF_VALIDITY)
    if clock.due_on != filing.valid_until:
        reason = "有效期以纸质备案载明的为准"
        clocks.move(clock, clocks.period_of(clock), on=on, reason=reason, due_on=filing.valid_until)


def _issue_receipt(filing: Filing, on: datetime.date) -> None:
    """Issue the portal's receipt (M12) of what was filed on paper, and publish the record."""
    centre = steps.centre()
    assert centre is not None
    (term,) = terms.terms(filing, on)
    paper = papers.create(
        "receipt",
        matter=filing,
        key=f"filings.filing:{filing.pk}:load:receipt",
        issuer=issuing_body(centre),
        addressee=filing.agency,
        content={
            "kind": ON_PAPER,
            "application": "",
            **contents.receipt(filing, term, contents.entries(filing, term.since)),
            "on_paper": True,
        },
        on=on,
    )
    service.serve_in_portal(paper, on)
    Receipt.objects.create(filing=filing, document=paper, valid_from=term.valid_from, valid_until=term.valid_until)
    records.publish(filing, on)


def _tell(step: Step, made: list[Filing]) -> None:
    counties: dict[str, list[Filing]] = {}
    for filing in made:
        counties.setdefault(filing.area_id, []).append(filing)
        if filing.agency.confirmed_on is not None:
            text = f"备案编码 {filing.code}，有效期至 {in_words(filing.valid_until)}。门户回执已签发。"
            step.message(
                "loaded",
                organisation=filing.agency,
                roles=steps.AGENCY,
                title="纸质备案已录入门户",
                body=text,
                link=f"/filings/{filing.pk}/",
            )
    for area, filings in counties.items():
        names = "、".join(filing.name for filing in filings[:5]) + ("等" if len(filings) > 5 else "")
        county = permissions.county_of(area)
        if county is not None:
            step.message(
                "loaded",
                organisation=county,
                roles=steps.OFFICERS,
                title=f"历史备案已录入：{len(filings)} 家",
                body=f"{names}。机构注册账号后，请核实身份，备案随即转到它名下。",
                link=f"/filings/{filings[0].pk}/",
            )
    steps.tell_office(
        step, "loaded", steps.bureau(), f"历史备案已录入：{len(made)} 家", f"依据：{step.matter.source}。"
    )


# -- taking over -------------------------------------------------------------------------------------------------


def hand_over(organisation: Organisation, *, actor: Actor, on: datetime.date) -> list[Filing]:
    """Give an agency whose code has just been confirmed the filings that a register made under that code.

    To be called in the confirming transaction. Effects in order: who keeps out of the agency a register made keeps
    out of this one; each filing with its event; the empty organisation put out of use.
    """
    bearing = Organisation.objects.filter(kind=OrganisationKind.AGENCY, credit_code=organisation.credit_code)
    made = list(_without_people(bearing.exclude(pk=organisation.pk)))
    found = []
    for empty in made:
        for recusal in Recusal.objects.filter(agency=empty):
            recusal.agency = organisation
            recusal.save()
        for filing in Filing.objects.select_for_update(of=("self",)).filter(agency=empty).order_by("id"):
            filing.agency = organisation
            filing.save(update_fields=["agency"])
            payload = {"from": empty.pk, "to": organisation.pk}
            trail.record("filings.filing.hand_over", actor=actor, on=on, matter=filing, payload=payload)
            found.append(filing)
        empty.active = False
        empty.save()
    return found
