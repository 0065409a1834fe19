"""What follows on a filing: a change (M13) and a renewal (M14), from their start to their first submission."""

import datetime
from typing import Any

from django.core.files import File

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.documents import formats, uploads
from core.notifications import outbox
from core.refusals import Reason, Refused
from filings import changes, lateness, permissions
from filings.enums import ApplicationKind, ApplicationState
from filings.models import Application, Filing, ScopeItem, Site, standing
from filings.workflow import reusing, steps


def handed_in(matter: Application, on: datetime.date, *, received: datetime.date) -> None:
    """Judge a change or renewal by its first submission: in time or late, by the day it was received; take down what a
    change asks for and what a renewal leaves out. What a renewal then does to its filing: life.taken_up."""
    if matter.filing is None or matter.kind == ApplicationKind.INITIAL:
        return
    changes.take_down(matter, on)
    matter.late = lateness.late(matter, received)


def handed_in_again(matter: Application, on: datetime.date) -> None:
    """Take down anew what a corrected change or renewal asks for; in time or late it is judged by its first
    submission."""
    if matter.kind != ApplicationKind.INITIAL:
        changes.take_down(matter, on)


@uploads.scanned_first
@steps.after_lapses
def record_found_day(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    found_on: datetime.date,
    note: str,
    file: File | None = None,
) -> Application:
    """Record, as a handler of the centre, on what day a reported change happened as far as was found, and by what
    evidence (M13). It is judged late or in time anew, by its first submission; the declared day is kept beside it.

    file: a scan of the evidence; without one the last one attached stands.
    Effects in order: the day and its evidence; late or not; an event; a message to the agency. An open proposal is
    overtaken: the content has changed. Raises NotAllowed, NotPossible, Refused with every reason.
    """
    what = "登记查明的变更之日"
    steps.require(permissions.is_centre_handler.test(actor, application), what)
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.ACCEPTED, ApplicationState.ASSESSING, what=what)
    reasons = []
    if not lateness.reports(locked):
        reasons.append(Reason("nothing_reported", "只有名称、法定代表人或地址的变更才有变更之日。", "found_on", "M13"))
    if found_on > on:
        reasons.append(Reason("future", "查明的变更之日不能晚于今天。", "found_on", "M13"))
    if not note.strip():
        reasons.append(Reason("note_missing", "请写明凭什么查明，如登记机关的核准文书。", "note", "M13"))
    if reasons:
        raise Refused(reasons)
    assert locked.first_submitted_on is not None
    locked.found_on, locked.found_note = found_on, note.strip()
    locked.late = lateness.late(locked, locked.counter_on or locked.first_submitted_on)
    locked.save()
    if file is not None:
        uploads.receive(file, matter=locked, slot=lateness.FOUND_BY, actor=actor, on=on, formats=formats.SCANS)
    scan = lateness.found_by(locked)
    said: dict[str, Any] = {
        "declared": locked.changed_on,
        "found_on": found_on,
        "note": locked.found_note,
        "late": locked.late,
    }
    said |= {"sha256": scan.sha256} if scan else {}
    steps.note(locked, "record_found_day", actor=actor, on=on, **said)
    outbox.send(
        f"filings.application:{locked.pk}:found_day:{found_on}:{locked.late}",
        "found_day",
        organisation=locked.agency,
        roles=steps.AGENCY,
        title="查明了变更之日",
        body=f"市中心查明变更之日为 {in_words(found_on)}（{locked.found_note}），"
        f"本件{'逾期报告' if locked.late else '按期报告'}。",
        on=on,
        link=f"/applications/{locked.pk}/",
        matter=locked,
    )
    application.refresh_from_db()
    return application


def begin(draft: Application, filing: Filing, *, actor: Actor, on: datetime.date) -> None:
    """Fill a new change or renewal with the filing as it stands: from the application that last shaped it, then held to
    the filing's own name, seat, scope and sites. To be called in the draft's own transaction."""
    approved = filing.applications.filter(state=ApplicationState.APPROVED).order_by("-id").first()
    if source := approved or filing.application:
        reusing.fill(draft, source, actor=actor, on=on)
    draft.filing = filing
    for name in ("name", "credit_code", "area", "address", "legal_representative", "person_in_charge"):
        setattr(draft, name, getattr(filing, name))
    draft.save()
    sites = _sites(draft, filing, on)
    _scope(draft, filing, sites, on)


def _sites(draft: Application, filing: Filing, on: datetime.date) -> dict[int, Site]:
    """Hold the draft's sites to the filing's: {the filing's site: the draft's}."""
    own = {(site.name, site.address): site for site in draft.sites.all()}
    found: dict[int, Site] = {}
    for site in filing.sites.filter(standing(on)):
        same = own.pop((site.name, site.address), None)
        if same is None:
            # A filing tells neither its measures nor its equipment: the agency fills them in before it hands in.
            same = Site(application=draft, name=site.name, address=site.address)
        same.area_id, same.filing_site = site.area_id, site
        same.save()
        found[site.pk] = same
    for gone in own.values():
        gone.scope.clear()
        gone.delete()
    return found


def _scope(draft: Application, filing: Filing, sites: dict[int, Site], on: datetime.date) -> None:
    own = {item.occupation_id: item for item in draft.scope.all()}
    for row in filing.scope_on(on):
        item = own.pop(row.occupation_id, None) or ScopeItem(application=draft, occupation_id=row.occupation_id)
        item.levels = row.levels
        item.save()
        item.sites.set(sites[site.pk] for site in row.sites.all() if site.pk in sites)
    for gone in own.values():
        draft.records.filter(occupation_id=gone.occupation_id).delete()
        gone.delete()
