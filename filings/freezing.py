"""The frozen copy of an application: its whole content as JSON, personal numbers masked. What decisions rest on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Model, Prefetch, prefetch_related_objects

from core.crypto import keyed_hash, mask
from filings.conditions.setting_aside import ruling
from filings.lateness import found_by
from filings.models import (
    Application,
    Assignment,
    Deregistration,
    Filing,
    FilingScope,
    FilingSite,
    Material,
    ScopeItem,
    Site,
    Suspension,
)
from filings.part_contents import SHORT_HASH
from filings.parts import named


def freeze_filing(filing: Filing) -> dict[str, Any]:
    """Return a filing as it stands: its own words, dates, and every entry with its days."""
    return freeze_filings([filing])[0]


def freeze_filings(filings: Sequence[Filing]) -> list[dict[str, Any]]:
    """Return several, with the same few queries for any number of them."""
    scope: dict[int, list[dict[str, Any]]] = {}
    for row in FilingScope.objects.filter(filing__in=filings).prefetch_related("sites"):
        entry = {"occupation": row.occupation_id, "levels": row.levels, "sites": [site.pk for site in row.sites.all()]}
        scope.setdefault(row.filing_id, []).append({**entry, "since": row.since, "until": row.until})
    sites = _rows(FilingSite, filings, "id", "name", "area", "address", "since", "until")
    suspensions = _rows(Suspension, filings, "since", "until", "source", "lifted_reason")
    ends = ("id", "reason", "ground", "ceased_on", "proof", "taken_back_on", "document__number", "effective_on")
    deregistrations = _rows(Deregistration, filings, *ends)
    return [
        _own_words(filing)
        | {
            "scope": scope.get(filing.pk, []),
            "sites": sites.get(filing.pk, []),
            "suspensions": suspensions.get(filing.pk, []),
            "deregistrations": deregistrations.get(filing.pk, []),
        }
        for filing in filings
    ]


def _rows(model: Any, filings: Sequence[Filing], *fields: str) -> dict[int, list[dict[str, Any]]]:
    """{filing id: its rows of a model, each as these fields}."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in model.objects.filter(filing__in=filings).values("filing", *fields):
        found.setdefault(row.pop("filing"), []).append(row)
    return found


def _own_words(filing: Filing) -> dict[str, Any]:
    return {
        "code": filing.code,
        "agency": filing.agency_id,
        "name": filing.name,
        "credit_code": filing.credit_code,
        "area": filing.area_id,
        "address": filing.address,
        "legal_representative": filing.legal_representative,
        "person_in_charge": filing.person_in_charge,
        "valid_from": filing.valid_from,
        "valid_until": filing.valid_until,
        "term_from": filing.term_from,
        "held_open": filing.held_open,
        "state": filing.state,
        "ended_on": filing.ended_on,
    }


def freeze_assignment(row: Assignment) -> dict[str, Any]:
    """Return an assignment from elsewhere as it stands."""
    return {
        "filing": row.filing_id,
        "occupation": row.occupation_id,
        "quota_area": row.quota_area,
        "levels": row.levels,
        "site": row.site,
        "own_site": row.own_site_id,
        "reason": row.reason,
        "state": row.state,
        "offered_on": row.offered_on,
        "answered_on": row.answered_on,
        "answer": row.answer,
        "since": row.since,
        "until": row.until,
        "ended_because": row.ended_because,
    }


def freeze(application: Application, kept: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Return the content of an application as it stands: the agency's words, marks, requests, opinions, scores.

    kept: parts of an earlier copy that nothing has touched since; every other is read anew, and the row itself always.
    What is read stays with this instance of the application, for whoever asks for its rows next under the same lock.
    """
    parts = {name: part for name, part in _PARTS.items() if name not in kept}
    for name in parts:
        getattr(application, "_prefetched_objects_cache", {}).pop(name, None)
        application._state.fields_cache.pop(name, None)
    prefetch_related_objects([application], *(one for part in parts.values() for one in part.rows()))
    read = {name: part.read(application) for name, part in parts.items()}
    return _own(application) | {name: kept[name] if name in kept else read[name] for name in _PARTS}


def _own(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "kind": application.kind,
        "state": application.state,
        "agency": application.agency_id,
        "receiving": application.receiving_id,
        "received_on": application.received_on,
        "counter_on": application.counter_on,
        "entered_by": application.entered_by_id,
        "accepted_on": application.accepted_on,
        "deemed_accepted": application.deemed_accepted,
        "filing": application.filing_id,
        "late": application.late,
        "changed_on": application.changed_on,
        "found_on": application.found_on,
        "found_note": application.found_note,
        "found_by": (scan := found_by(application)) and scan.sha256,
        "became_initial_on": application.became_initial_on,
        "decided_on": application.decided_on,
        "name": application.name,
        "credit_code": application.credit_code,
        "legal_form": application.legal_form,
        "area": application.area_id,
        "address": application.address,
        "registered_on": application.registered_on,
        "legal_representative": application.legal_representative,
        "person_in_charge": application.person_in_charge,
        "legal_representative_id": mask(application.legal_representative_id or ""),
        "contact": application.contact,
        "contact_phone": mask(application.contact_phone or ""),
        "hidden": {name: _hashed(getattr(application, name)) for name in ("legal_representative_id", "contact_phone")},
        "unit_name": application.unit_name,
        "accepts_supervision": application.accepts_supervision,
        "not_for_profit": application.not_for_profit,
        "funding": application.funding,
        "rules_note": application.rules_note,
        "training_since": application.training_since,
        "pledge_signed_on": application.pledge_signed_on,
    }


def _fields(row: Model, *names: str) -> dict[str, Any]:
    """These fields of a row, of a foreign key its value."""
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]


def _sites(application: Application) -> list[dict[str, Any]]:
    return [_fields(row, "id", *Site.OWN_FIELDS) for row in application.sites.all()]


def _materials(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "key": m.key,
            "upload": str(m.upload_id or ""),
            "sha256": m.upload.sha256 if m.upload else "",
            "complete": m.complete,
            "compliant": m.compliant,
            "remark": m.remark,
        }
        for m in application.materials.all()
    ]


def _scope(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "occupation": s.occupation_id,
            "levels": s.levels,
            "sites": [site.pk for site in s.sites.all()],
            "question_bank": s.question_bank,
            "granted": s.granted,
            "left_out": [
                {"level": p.level, "site": p.site_id, "reason": p.reason, "basis": p.basis} for p in s.left_out.all()
            ],
        }
        for s in application.scope.all()
    ]


def _staff(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "kind": p.kind,
            "name": p.name[:1] + "*",
            "name_hash": _hashed(p.name),
            "certificate": p.certificate,
            "occupations": [o.pk for o in p.occupations.all()],
        }
        for p in application.staff.all()
    ]


def _requests(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "kind": r.kind,
            "asked_on": r.asked_on,
            "days": r.days,
            "served_on": r.served_on,
            "extended_to": r.extended_to,
            "answered_on": r.answered_on,
            "items": [{**named(i.key), "what": i.what, "answer": i.answer, "edited": i.edited} for i in r.items.all()],
        }
        for r in application.requests.all()
    ]


def _ruling(application: Application) -> str | None:
    scan = ruling(application)
    return scan and scan.sha256


def _assessment(application: Application) -> dict[str, Any] | None:
    assessment = getattr(application, "assessment", None)
    if assessment is None:
        return None
    return {
        "methods": assessment.methods,
        "commissioned": assessment.commissioned,
        "qualification": assessment.qualification.sha256 if assessment.qualification else "",
        "visit_on": assessment.visit_on,
        "report": assessment.report,
        "sheets": [
            {
                "expert": task.expert_id,
                "positive": task.positive,
                "marks": [[score.criterion_id, score.marks] for score in task.scores.all()],
            }
            for task in assessment.tasks.all()
            if task.done_on
        ],
    }


@dataclass(frozen=True)
class _Part:
    """A part of the copy: what is read ahead for it, and what it tells of that."""

    read: Callable[[Application], Any]
    rows: Callable[[], Iterable["str | Prefetch[Any]"]] = tuple


def _listed(relation: str, *fields: str) -> _Part:
    """Every row of a relation as these fields."""

    return _Part(
        lambda application: [_fields(row, *fields) for row in getattr(application, relation).all()],
        lambda: [relation],
    )


# What a copy holds beside the application's own row.
_PARTS: Mapping[str, _Part] = MappingProxyType(
    {
        "change_items": _listed("change_items", "key", "before", "after", "confirmed", "granted", "reason", "basis"),
        "materials": _Part(_materials, lambda: [Prefetch("materials", Material.objects.select_related("upload"))]),
        "part_marks": _listed("part_marks", "key", "correct", "remark"),
        "scope": _Part(
            _scope,
            lambda: [
                Prefetch("scope", ScopeItem.objects.select_related("occupation")),
                Prefetch("scope__sites", Site.objects.select_related("area")),
                "scope__left_out",
            ],
        ),
        "sites": _Part(_sites, lambda: [Prefetch("sites", Site.objects.select_related("area"))]),
        "records": _listed("records", "occupation", "since", "until", "person_times"),
        "staff": _Part(_staff, lambda: ["staff__occupations"]),
        "requests": _Part(_requests, lambda: ["requests__items"]),
        "ruling": _Part(_ruling),
        "settings_aside": _listed("settings_aside", "authority", "number", "from_state", "to_state", "on"),
        "opinions": _listed("opinions", "kind", "positive", "text", "given_on"),
        "overrides": _listed("overrides", "cap", "request", "asked_on", "granted", "reason"),
        "assessment": _Part(_assessment, lambda: ["assessment__qualification", "assessment__tasks__scores"]),
    }
)


def _hashed(value: str | None) -> str:
    """By which a change of what is masked shows in the copy's hash."""
    return keyed_hash(value)[:SHORT_HASH] if value else ""
