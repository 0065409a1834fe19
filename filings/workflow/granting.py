"""What an approval does, by kind: creates a filing (M12), changes it (M13), renews it (M14); and how it is undone."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from core.accounts.actors import Actor, system
from core.deadlines import clocks
from core.deadlines.lapses import CLOCK_ACTOR
from filings import changes, grants, serials, undoing
from filings.enums import LEVELS
from filings.models import Application, Filing, FilingScope, FilingSite, standing
from filings.terms import ONE_DAY, end_of
from filings.workflow import assignments, life

ALL_LEVELS = frozenset(level for level, _ in LEVELS)


def create(matter: Application, wanted: list[grants.Grant], on: datetime.date) -> Filing:
    """Create the filing with its scope and sites; validity by the corresponding day (M14, 民法典 202). Where it is the
    first in an area, an assignment from elsewhere ends (M37). An earlier one that has run out has made room: the
    approval began with what had lapsed of its agency's."""
    assert matter.area is not None
    filing = Filing.objects.create(
        agency=matter.agency,
        application=matter,
        code=serials.take(),
        name=matter.name,
        credit_code=matter.credit_code,
        area=matter.area,
        address=matter.address,
        legal_representative=matter.legal_representative,
        person_in_charge=matter.person_in_charge,
        valid_from=on,
        valid_until=end_of(on),
        term_from=on,
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
    clocks.start(filing, "validity", on=on, lapse=life.END_OF_VALIDITY)
    assignments.end_local([filing], on)
    return filing


def change(matter: Application, granted: list[str], left_out: Sequence[Mapping[str, Any]], on: datetime.date) -> Filing:
    """Apply the granted differences to the filing as it stands today; it keeps its code and its last day (M13).

    What moved meanwhile and was not confirmed is left out.
    """
    filing = matter.filing
    assert filing is not None
    why = {part["item"]: part for part in left_out}
    now = changes.of_filing(filing, on)
    taken = []
    for item in matter.change_items.all():
        item.granted = item.key in granted and changes.settled(item, now)
        if item.granted:
            taken.append(item)
        elif item.key in granted:
            item.reason, item.basis = "备案内容在申请之后另有变动，机构没有确认。", "M13"
        else:
            item.reason, item.basis = why[item.key]["reason"], why[item.key]["basis"]
        item.save()
    changes.apply(filing, taken, on)
    assignments.follow(filing, on)
    assignments.end_local([filing], on)
    return filing


def renew(matter: Application, wanted: list[grants.Grant], on: datetime.date) -> Filing:
    """Renew: three years that follow on from the old end, whenever it is decided; what is left out, by the agency or by
    the decision, ends with the old term, and nothing else does: what a change has brought since stays (M14). Takes no
    new place (M37)."""
    filing = matter.filing
    assert filing is not None
    old_end = filing.valid_until
    filing.term_from = max(old_end + ONE_DAY, on)
    filing.valid_until = end_of(old_end)
    filing.held_open = False
    filing.save()
    gone = _left_out(matter, wanted)
    for row in filing.scope_on(filing.term_from).filter(occupation__in=gone):
        levels, sites = gone[row.occupation_id]
        staying = [level for level in row.levels if level not in levels]
        held_at = [site for site in row.sites.all() if site.pk not in sites]
        if len(staying) == len(row.levels) and len(held_at) == len(row.sites.all()):
            continue
        row.until = filing.term_from
        row.save(update_fields=["until"])
        if staying:
            new = FilingScope.objects.create(
                filing=filing, occupation_id=row.occupation_id, levels=staying, since=filing.term_from
            )
            new.sites.set(held_at)
    closed = filing.sites.filter(standing(filing.term_from), pk__in=_closed_sites(matter))
    closed.update(until=filing.term_from)
    clocks.end(filing, "validity", on=on)
    clocks.start(filing, "validity", on=old_end, lapse=life.END_OF_VALIDITY)
    assignments.follow(filing, on)
    return filing


def _closed_sites(matter: Application) -> list[int]:
    """Return the filing's sites that a renewal gives up."""
    return [changes.site_number(item.key) for item in matter.change_items.filter(key__startswith=changes.SITE)]


def _left_out(matter: Application, wanted: list[grants.Grant]) -> dict[str, tuple[set[int], set[int]]]:
    """Return {occupation: (levels, sites of the filing)} that a renewal leaves out: what the agency asked for less of
    when it handed it in, and what is not granted of the rest."""
    gone: dict[str, tuple[set[int], set[int]]] = {}
    for item in matter.change_items.filter(key__startswith=changes.OCCUPATION):
        before, after = ({"levels": [], "sites": [], **(said or {})} for said in (item.before, item.after))
        levels, sites = (set(before[part]) - set(after[part]) for part in ("levels", "sites"))
        gone[item.key.removeprefix(changes.OCCUPATION)] = levels, {changes.site_number(site) for site in sites}
    granted = {one.occupation: one for one in wanted}
    for row in matter.scope.prefetch_related("sites"):
        levels, sites = gone.setdefault(row.occupation_id, (set(), set()))
        one = granted.get(row.occupation_id)
        levels.update(ALL_LEVELS if one is None else set(row.levels) - set(one.levels))
        sites.update(site.filing_site_id or 0 for site in row.sites.all() if one is None or site not in one.sites)
    return gone


def take_back_change(matter: Application, on: datetime.date) -> list[str]:
    """Take the granted items of a change back from the filing as it stands; return those that have moved since and
    stay. The places of what comes back are not asked for: they are the filing's own."""
    filing = matter.filing
    assert filing is not None
    found = undoing.reversal(matter, on)
    for row in found.ended:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
    for row, until in found.reopened:
        row.until = until
        row.save(update_fields=["until"])
    for key, value in found.fields.items():
        if key == changes.SEAT:
            filing.area_id, filing.address = value["area"], value["address"]
        else:
            setattr(filing, key, value or "")
    filing.save()
    assignments.follow(filing, on)
    assignments.end_local([filing], on)
    return found.kept


def take_back_renewal(matter: Application, actor: Actor, on: datetime.date) -> bool:
    """Put the term before a renewal back, with the entries that it let end and nothing followed. A timely renewal,
    undecided again, holds the filing open; where a late one's old end has passed the filing expires on this day.

    Returns whether the filing is still in force, and so gets a receipt.
    """
    filing = matter.filing
    assert filing is not None
    term = undoing.before(matter)
    ended, narrowed = undoing.left_out(filing, on)
    for row in narrowed:
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
    for row in ended:
        row.until = None
        row.save(update_fields=["until"])
    filing.sites.filter(until=filing.term_from, pk__in=_closed_sites(matter)).update(until=None)
    filing.receipts.filter(valid_from=filing.term_from).filter(
        Q(superseded_on__isnull=True) | Q(superseded_on__gt=on)
    ).update(superseded_on=on)
    filing.term_from, filing.valid_until = term.term_from, term.valid_until
    filing.held_open = not matter.late
    filing.save()
    clocks.end(filing, "validity", on=on)
    if term.ends_now(matter, on):
        life.expire(filing, actor=system(CLOCK_ACTOR, actor.on), on=on)
        return False
    if term.valid_until >= on:
        life.start_validity(filing)
    return True
