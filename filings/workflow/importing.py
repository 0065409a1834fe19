"""Filings from the time of paper (M12): a register is uploaded and checked, proposed by a handler of the centre, and
loaded by its chief, whole or not at all; the agency takes its filing over when its identity is confirmed."""

import datetime
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import transaction as database
from django.db.models import prefetch_related_objects
from simple_history.utils import bulk_create_with_history

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
from filings.freezing import freeze_filings
from filings.imports import checks
from filings.imports.reading import Entry, read
from filings.models import Filing, FilingImport, FilingScope, FilingSite, Receipt, unchanging
from filings.workflow import assignments, life, records, steps

MATTER = "filings.filingimport"
FORMATS = ("xlsx",)
# How a receipt names what stands in the place of an application.
ON_PAPER = "纸质备案录入"


# -- the register ------------------------------------------------------------------------------------------------


@uploads.scanned_first
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


@uploads.scanned_first
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
        made = _create(step, matter.entries)
        matter.filings.set(made)
        matter.decided_on = on
        step.payload.update(data, filings=[filing.pk for filing in made], codes=[filing.code for filing in made])
        _tell(step, made)
    return register


def _create(step: Step, entries: list[Entry]) -> list[Filing]:
    """Create the filings that exist on paper, the words are the register's; with the same queries for one as for all,
    save for those of agencies that the portal knows."""
    on, agencies = step.on, _agencies(entries)
    for agency in agencies.values():
        life.settle_agency(agency, on)
    unknown = [
        Organisation(
            kind=OrganisationKind.AGENCY, name=entry["name"], credit_code=entry["credit_code"], area_id=entry["area"]
        )
        for entry in entries
        if entry["credit_code"] not in agencies
    ]
    agencies |= {one.credit_code: one for one in bulk_create_with_history(unknown, Organisation)}
    made = Filing.objects.bulk_create(_filing(entry, agencies[entry["credit_code"]]) for entry in entries)
    _cover(made, entries)
    # Read as they stand now, with what they name.
    filings = list(Filing.objects.filter(pk__in=[one.pk for one in made]).select_related("agency", "area"))
    filings.sort(key=lambda one: one.pk)
    prefetch_related_objects(filings, "suspensions")
    _start_validity(filings, on)
    with unchanging(filings, on):
        _issue_receipts(filings, on)
    assignments.end_local(filings, on)
    copies = zip(filings, entries, freeze_filings(filings), strict=True)
    done = [(one, {"register": step.matter.pk, "rows": entry["rows"]}, copy) for one, entry, copy in copies]
    trail.record_all("filings.filing.load", done, actor=step.actor, on=on)
    return filings


def _filing(entry: Entry, agency: Organisation) -> Filing:
    since = checks.began(entry)
    own = ("code", "name", "credit_code", "address", "legal_representative", "person_in_charge")
    return Filing(
        **{name: entry[name] for name in own},
        agency=agency,
        area_id=entry["area"],
        valid_from=since,
        valid_until=datetime.date.fromisoformat(entry["valid_until"]),
        term_from=since,
        published=1,  # with its receipt, below
    )


def _cover(made: list[Filing], entries: list[Entry]) -> None:
    """Give new filings their sites and occupations."""
    both = list(zip(made, entries, strict=True))
    sites = FilingSite.objects.bulk_create(
        FilingSite(
            filing=filing, name=site["name"], area_id=site["area"], address=site["address"], since=filing.valid_from
        )
        for filing, entry in both
        for site in entry["sites"]
    )
    rows = FilingScope.objects.bulk_create(
        FilingScope(filing=filing, occupation_id=item["occupation"], levels=item["levels"], since=filing.valid_from)
        for filing, entry in both
        for item in entry["scope"]
    )
    by_name = {(site.filing_id, site.name): site for site in sites}
    where = [item["sites"] for entry in entries for item in entry["scope"]]
    held_at = FilingSite.scope.through
    held_at.objects.bulk_create(
        held_at(filingsite=by_name[row.filing_id, name], filingscope=row)
        for row, names in zip(rows, where, strict=True)
        for name in names
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


def _start_validity(filings: list[Filing], on: datetime.date) -> None:
    """Start the clocks of their validity (M14) so that each ends on the day that the paper says."""
    counted = [(filing, checks.counted_from(filing.valid_until)) for filing in filings]
    started = clocks.start_all(counted, "validity", lapse=life.END_OF_VALIDITY)
    for filing, clock in zip(filings, started, strict=True):
        if clock.due_on != filing.valid_until:
            reason = "有效期以纸质备案载明的为准"
            clocks.move(clock, clocks.period_of(clock), on=on, reason=reason, due_on=filing.valid_until)


def _issue_receipts(filings: list[Filing], on: datetime.date) -> None:
    """Issue the portal's receipts (M12) of what was filed on paper, and publish the records."""
    centre = steps.centre()
    assert centre is not None
    only = [(filing, terms.terms(filing, on)[0]) for filing in filings]  # one that is in force has begun its term
    wanted = [
        papers.New(
            filing,
            f"filings.filing:{filing.pk}:load:receipt",
            filing.agency,
            {"kind": ON_PAPER, "application": "", **contents.receipt(filing, term), "on_paper": True},
        )
        for filing, term in only
    ]
    issued = papers.create_all("receipt", wanted, issuer=issuing_body(centre), on=on)
    service.serve_all_in_portal(issued, on)
    Receipt.objects.bulk_create(
        Receipt(filing=filing, document=paper, valid_from=term.valid_from, valid_until=term.valid_until)
        for (filing, term), paper in zip(only, issued, strict=True)
    )
    records.publish_first([(filing, paper, term) for (filing, term), paper in zip(only, issued, strict=True)], on)


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
