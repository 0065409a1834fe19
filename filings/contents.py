"""What the papers say of an application: the frozen contents, in the fields that filings/documents.py declares."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from core.accounts.models import Organisation, OrganisationKind
from core.reference.models import AreaKind
from filings import changes, merit, parts, quota, undoing
from filings.enums import ApplicationState, DeregistrationGround, RulingAuthority
from filings.models import Application, Assignment, Deregistration, Filing, LeftOut, Request, SettingAside
from filings.terms import Term
from regulation.materials import MATERIALS
from regulation.periods import PERIODS
from regulation.remedies import COURT, Paper, Remedy, sentences

CITY = "安阳市"
FULL = 100


def common(matter: Application | Filing) -> dict[str, Any]:
    """Return what every paper of an application names, or every paper of a filing."""
    if isinstance(matter, Filing):
        return {"agency": matter.name, "credit_code": matter.credit_code, "filing_code": matter.code}
    return {"application": matter.number, "kind": matter.get_kind_display()}


def who(application: Application) -> dict[str, Any]:
    """Return the applicant, for papers that name it in a table."""
    return {"agency": application.name or application.agency.name, "credit_code": application.credit_code}


def materials(application: Application) -> list[dict[str, Any]]:
    """Return the materials as the acknowledgement lists them: name, file, pages, hash."""
    return [
        {
            "label": MATERIALS[material.key].label,
            "files": [{"name": material.upload.name, "pages": material.upload.pages, "sha256": material.upload.sha256}]
            if material.upload
            else [],
        }
        for material in application.materials.select_related("upload")
    ]


def items(request: Request) -> list[dict[str, Any]]:
    """Return the items of a correction or supplement notice."""
    return [item(one.key, one.what) for one in request.items.all()]


def item(key: str, what: str) -> dict[str, Any]:
    """Return one item: the material or part, what is wanted, and its article."""
    return {"label": parts.label(key), "what": what, "article": parts.citation(key)}


def reasons(grounds: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the reasons of an adverse decision, each with the article it rests on."""
    return [{"text": str(ground["reason"]), "basis": str(ground["basis"])} for ground in grounds]


def left_out(parts: Iterable[LeftOut]) -> list[dict[str, str]]:
    """Return what an approval in part leaves out, each part with its reason and the article it rests on."""
    return [{"what": part.what, "reason": part.reason, "basis": part.basis} for part in parts]


def left_out_of_change(application: Application) -> list[dict[str, str]]:
    """Return what an approval leaves out of a change (M13), item by item."""
    return [
        {"what": changes.label(item.key), "reason": item.reason, "basis": item.basis}
        for item in application.change_items.filter(granted=False)
    ]


def remedies(paper: Paper, issuer: Organisation) -> list[str]:
    """Return how an adverse paper of that kind can be challenged, as sentences. issuer: whose act it is.

    A department's act is reviewed by the government of its own level (行政复议法 24); a functional zone has none, so
    the city's does. Which court hears a suit the courts' own division says: it is not named.
    """
    return sentences(paper, bodies={Remedy.ADMINISTRATIVE_REVIEW: _government(issuer), Remedy.LAWSUIT: COURT})


def _government(issuer: Organisation) -> str:
    area = issuer.area if issuer.kind == OrganisationKind.COUNTY else None
    if area is None or area.kind == AreaKind.ZONE:
        return f"{CITY}人民政府"
    return f"{CITY if area.kind == AreaKind.DISTRICT else ''}{area.name}人民政府"


def deregistration(row: Deregistration, effective_on: datetime.date | None) -> dict[str, Any]:
    """Return the content of the decision to deregister. effective_on: None where its service is waited for.

    What the agency wrote is not printed, as anyone may verify the paper: its request is named by its day.
    """
    content: dict[str, Any] = {"effective_on": effective_on} if effective_on else {}
    if row.ground == DeregistrationGround.CEASED:
        return content | {"ceased_on": row.ceased_on, "reason": row.reason}
    return content | {"asked_on": row.asked_on}


def receipt(filing: Filing, term: Term) -> dict[str, Any]:
    """Return the content of the receipt (M12) for a term: name, filing code, address, scope, validity."""
    rows, sites = filing.entries_on(term.since)
    return {
        "agency": filing.name,
        "credit_code": filing.credit_code,
        "filing_code": filing.code,
        "address": filing.address,
        "valid_from": term.valid_from,
        "valid_until": term.valid_until,
        "scope": [
            {
                "code": row.occupation_id,
                "occupation": row.occupation.name,
                "levels": row.levels,
                "sites": [site.name for site in row.sites.all()],
            }
            for row in rows
        ],
        "sites": [{"name": site.name, "area": site.area.name, "address": site.address} for site in sites],
    }


def assignment(row: Assignment) -> dict[str, Any]:
    """Return what the papers of an assignment from elsewhere name (M37)."""
    return {
        "agency": row.filing.name,
        "filing_code": row.filing.code,
        "code": row.occupation_id,
        "occupation": row.occupation.name,
        "levels": row.levels,
        "quota_area": row.quota_area,
        "site": row.site,
        "since": row.since,
    }


def score(application: Application) -> dict[str, Any]:
    """Return the application's own score as its papers print it: mean marks over the experts' sheets, of what, and on
    each criterion as published. Empty where nobody scored. The application sees its own score, and no expert's name."""
    assessment = getattr(application, "assessment", None)
    tasks = assessment.tasks.filter(done_on__isnull=False).prefetch_related("scores__criterion") if assessment else []
    sheets = [scores for task in tasks if (scores := list(task.scores.all()))]
    if not sheets:
        return {}

    def mean(marks: Iterable[int]) -> str:
        return merit.points(Decimal(sum(marks)) / len(sheets))

    full = sum(score.full_marks for score in sheets[0])
    share = merit.scores([application.pk])[application.pk][0]
    hundred = "" if full == FULL else f"，折合百分制{merit.points(share)}分"
    return {
        "score": mean(score.marks for sheet in sheets for score in sheet),
        "criteria": f"满分{full}分，{len(sheets)}位专家评分的平均{hundred}",
        "scores": [
            {
                "label": one.criterion.label,
                "full": one.full_marks,
                "marks": mean(s.marks for sheet in sheets for s in sheet if s.criterion_id == one.criterion_id),
                "since": one.criterion.since,
            }
            for one in sheets[0]
        ],
    }


def _ruling(matter: Application, data: Mapping[str, Any], decided: str, papers: Iterable[Any]) -> dict[str, Any]:
    """What both papers of a setting aside say of it: the ruling, and the decision with its papers."""
    return {
        "authority": RulingAuthority(data["authority"]).label if data.get("authority") else "",
        "ruling_number": data.get("number") or "",
        "ruled_on": data.get("ruled_on") or None,
        "orders": data.get("orders") or "",
        "decision": decided,
        "decided_on": matter.decided_on,
        "papers": [f"《{paper.title}》（{paper.number}）" for paper in papers],
    }


def revocation(
    matter: Application,
    data: Mapping[str, Any],
    decided: str,
    papers: Iterable[Any],
    effects: list[str],
    office: Organisation,
) -> dict[str, Any]:
    """Return what the paper on an approval set aside says: the ruling, what was decided, what becomes of the filing."""
    about = _ruling(matter, data, decided, papers)
    return {**about, "effects": effects, "remedies": remedies(Paper.REVOCATION, office)}


def reinstatement(
    matter: Application, data: Mapping[str, Any], row: SettingAside, papers: Iterable[Any], on: datetime.date
) -> dict[str, Any]:
    """Return what the notice says by which a grant stands again. row: the setting aside that the ruling undid."""
    assert row.filing is not None
    about = _ruling(matter, data, undoing.REVOKED, papers)
    return {**about, "decided_on": row.on, "effects": undoing.reinstated(row.filing, on)}


def resumption(
    matter: Application,
    data: Mapping[str, Any],
    decided: str,
    papers: Iterable[Any],
    state: str,
    on: datetime.date,
    clock: str,
    last_day: datetime.date,
) -> dict[str, Any]:
    """Return what the notice says by which a matter is taken up again: the state it is in, and by when it is due."""
    return {
        **_ruling(matter, data, decided, papers),
        "state": ApplicationState(state).label,
        "resumed_on": on,
        "period": PERIODS[clock].label,
        "article": PERIODS[clock].citation.code,
        "last_day": last_day,
    }


def selection(
    application: Application, bases: Iterable[str], on: datetime.date, *, taken: Collection[str] = ()
) -> dict[str, Any]:
    """Return what the loser of a selection is told: its own score; and, where the decision rests on selection on merit
    (M11), what became of the places it does not get. taken: the places that a preview's approval would take."""
    told = score(application)
    if "M11" in bases:
        places = [one for one in quota.as_applied_for(application, on) if one.key not in taken]
        won = set(application.places_given.filter(run=application.runs).values_list("cap", flat=True))
        if said := merit.lost(application, [one for one in places if one.key not in won], on):
            told["merit"] = said
    return told
