"""A new application filled from an ended one: the agency's own words, rows and files, never the pledge or its day."""

import datetime
from typing import Any

from core.accounts.actors import Actor
from core.accounts.models import Organisation
from core.documents import uploads
from filings.enums import CLOSED_STATES
from filings.models import Application, Site
from filings.parts import OWN_FIELDS
from regulation.materials import MATERIALS

# What a new application always says anew: the code is the registered agency's, the pledge is signed for each.
_ANEW = frozenset({"credit_code", "pledge_signed_on"})


def reusable(agency: Organisation) -> Any:
    """Return the agency's ended applications that hold anything to fill a new one from, newest first."""
    ended = Application.objects.filter(agency=agency, state__in=CLOSED_STATES, scope__isnull=False)
    return ended.distinct().order_by("-id")


def fill(draft: Application, source: Application, *, actor: Actor, on: datetime.date) -> None:
    """Fill a new draft from an ended application of the same agency. To be called in the draft's own transaction.

    Copied are the agency's own fields, occupations that can still be applied for with their records and sites, people,
    and the files of the materials that may be carried over, under the same stored bytes. Personal numbers and names
    are encrypted anew in their new rows. Marks, notices and decisions stay behind.
    """
    for name in OWN_FIELDS:
        if name not in _ANEW:
            setattr(draft, name, getattr(source, name))
    draft.save()
    occupations = _scope(draft, source, _sites(draft, source))
    for record in source.records.filter(occupation__in=occupations):
        draft.records.create(
            occupation_id=record.occupation_id,
            since=record.since,
            until=record.until,
            person_times=record.person_times,
        )
    _staff(draft, source, occupations)
    _files(draft, source, actor=actor, on=on)


def _sites(draft: Application, source: Application) -> dict[int, Site]:
    """{the site there: the same site here}."""
    return {
        site.pk: draft.sites.create(**{name: getattr(site, name) for name in Site.OWN_FIELDS})
        for site in source.sites.select_related("area")
    }


def _scope(draft: Application, source: Application, sites: dict[int, Site]) -> set[str]:
    """Copy the occupations that can still be applied for; return their codes."""
    found = source.scope.filter(occupation__active=True).prefetch_related("sites")
    for item in found:
        own = draft.scope.create(occupation_id=item.occupation_id, levels=item.levels, question_bank=item.question_bank)
        own.sites.set(sites[site.pk] for site in item.sites.all())
    return {item.occupation_id for item in found}


def _staff(draft: Application, source: Application, occupations: set[str]) -> None:
    """Copy the people. Who was named for occupations that fell away alone stays behind: named for none is for all."""
    for person in source.staff.order_by("id").prefetch_related("occupations"):
        named = list(person.occupations.all())
        kept = [one for one in named if one.pk in occupations]
        if kept or not named:
            draft.staff.create(kind=person.kind, name=person.name, certificate=person.certificate).occupations.set(kept)


def _files(draft: Application, source: Application, *, actor: Actor, on: datetime.date) -> None:
    files = {m.key: m.upload for m in source.materials.select_related("upload") if m.upload}
    for material in draft.materials.filter(key__in=files):
        if MATERIALS[material.key].carry_over:
            material.upload = uploads.attach_again(files[material.key], matter=draft, actor=actor, on=on)
            material.save()
