"""What an approval does, by kind: creates a filing (M12), changes it (M13), or renews it (M14)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from core.accounts.actors import system
from core.deadlines import clocks
from core.deadlines.lapses import CLOCK_ACTOR
from core.refusals import Refused
from filings import changes, grants, quota, serials
from filings.enums import FilingState
from filings.models import Application, Filing, FilingScope, FilingSite, standing
from filings.terms import ONE_DAY, end_of
from filings.workflow import assignments, life

END_OF_VALIDITY = "end_of_validity"


def create(matter: Application, wanted: list[grants.Grant], on: datetime.date) -> Filing:
    """Create the filing with its scope and sites; validity by the corresponding day (M14, 民法典 202). Where it is the
    first in an area, an assignment from elsewhere ends (M37)."""
    assert matter.area is not None
    # An earlier one that has run out makes room: what is in force is asked of the dates, its state follows here where
    # no sweep has come by yet.
    for earlier in matter.agency.filings.filter(state=FilingState.ACTIVE, held_open=False, valid_until__lt=on):
        life.expire(earlier, actor=system(CLOCK_ACTOR, on), on=earlier.valid_until)
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
    clocks.start(filing, "validity", on=on, lapse=END_OF_VALIDITY)
    assignments.end_local(filing, on)
    return filing


def change(matter: Application, granted: list[str], left_out: Sequence[Mapping[str, Any]], on: datetime.date) -> Filing:
    """Apply the granted differences to the filing as it stands today; it keeps its code and its last day (M13).

    What moved meanwhile and was not confirmed is left out; quota is counted again on what comes out. Raises Refused.
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
    if reasons := quota.against_change(matter, [item.key for item in taken], on):
        raise Refused(reasons)
    changes.apply(filing, taken, on)
    assignments.follow(filing, on)
    assignments.end_local(filing, on)
    return filing


def renew(matter: Application, wanted: list[grants.Grant], on: datetime.date) -> Filing:
    """Renew: three years that follow on from the old end, whenever it is decided; what is left out ends with the old
    term (M14). Takes no new place (M37)."""
    filing = matter.filing
    assert filing is not None
    old_end = filing.valid_until
    filing.term_from = max(old_end + ONE_DAY, on)
    filing.valid_until = end_of(old_end)
    filing.held_open = False
    filing.save()
    kept = {one.occupation: one for one in wanted}
    for row in filing.scope.filter(standing(filing.term_from)).prefetch_related("sites"):
        one = kept.get(row.occupation_id)
        sites = {site.filing_site_id for site in one.sites} if one else set()
        staying = [site for site in row.sites.all() if site.pk in sites]
        if one is not None and sorted(one.levels) == sorted(row.levels) and len(staying) == row.sites.count():
            continue
        row.until = filing.term_from
        row.save(update_fields=["until"])
        if one is not None:
            new = FilingScope.objects.create(
                filing=filing, occupation_id=one.occupation, levels=one.levels, since=filing.term_from
            )
            for site in staying:
                site.scope.add(new)
    clocks.end(filing, "validity", on=on)
    clocks.start(filing, "validity", on=old_end, lapse=END_OF_VALIDITY)
    assignments.follow(filing, on)
    return filing
