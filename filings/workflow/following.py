"""What follows on a filing: a change (M13) and a renewal (M14), from their start to their first submission."""

import datetime

from core.accounts.actors import Actor
from core.calendars.calendar import current as current_calendar
from filings import changes, terms
from filings.enums import ApplicationKind, ApplicationState
from filings.models import Application, Filing, ScopeItem, Site, standing
from filings.workflow import records, reusing
from regulation.periods import PERIODS
from regulation.workdays import compute


def handed_in(matter: Application, on: datetime.date, *, received: datetime.date) -> None:
    """Judge a change or renewal by its first submission: in time or late, by the day it was received; take down what a
    change asks for; a timely renewal holds the filing open past its last day (M14)."""
    if matter.filing is None or matter.kind == ApplicationKind.INITIAL:
        return
    if matter.kind == ApplicationKind.RENEWAL:
        matter.late = late(matter, received)
        if not matter.late:
            matter.filing.held_open = True
            matter.filing.save(update_fields=["held_open"])
            records.publish(matter.filing, on)
        return
    changes.take_down(matter, on)
    matter.late = late(matter, received)


def late(matter: Application, received: datetime.date) -> bool:
    """Whether a change or renewal that was received on that day is late (M13, M14); a change as it was taken down."""
    if matter.filing is None or matter.kind == ApplicationKind.INITIAL:
        return False
    if matter.kind == ApplicationKind.RENEWAL:
        return received > terms.timely_until(matter.filing)
    reported = matter.change_items.filter(key__in=changes.REPORTED).exists()
    return bool(matter.changed_on and reported and received > report_until(matter.changed_on))


def handed_in_again(matter: Application, on: datetime.date) -> None:
    """Take down anew what a corrected change asks for; in time or late it is judged by its first submission."""
    if matter.kind == ApplicationKind.CHANGE:
        changes.take_down(matter, on)


def report_until(changed_on: datetime.date) -> datetime.date:
    """Return the last day on which a change of name, legal representative or address is reported in time (M13)."""
    spec = PERIODS["change_report"]
    assert spec.amount is not None
    return compute(changed_on, spec.amount, spec.unit, current_calendar(), roll=spec.rolls).end


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
            same = Site(application=draft, name=site.name, address=site.address, square_metres=1, places=1)
        same.area_id, same.filing_site = site.area_id, site
        same.save()
        found[site.pk] = same
    for gone in own.values():
        gone.scope.clear()
        gone.delete()
    return found


def _scope(draft: Application, filing: Filing, sites: dict[int, Site], on: datetime.date) -> None:
    own = {item.occupation_id: item for item in draft.scope.all()}
    for row in filing.scope.filter(standing(on)).prefetch_related("sites"):
        item = own.pop(row.occupation_id, None) or ScopeItem(application=draft, occupation_id=row.occupation_id)
        item.levels = row.levels
        item.save()
        item.sites.set(sites[site.pk] for site in row.sites.all() if site.pk in sites)
    for gone in own.values():
        draft.records.filter(occupation_id=gone.occupation_id).delete()
        gone.delete()
