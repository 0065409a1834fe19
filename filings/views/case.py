"""What an officer's page of an application or proposal holds: evidence, clocks, papers, offers, places, the course."""

import datetime
from typing import Any

from django.urls import reverse

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.audit.matters import key as matter_key
from core.deadlines import clocks
from core.deadlines.models import Clock, ClockState
from core.documents import service, verification
from core.documents.models import DocumentState, OfficialDocument
from core.workflow.models import Proposal
from core.workflow.offers import Offer, offers
from filings import asked, clerical, conditions, counter, lateness, permissions, quota, timeline
from filings.enums import ApplicationState
from filings.models import Application, Assignment, ClericalCorrection, Filing
from filings.views import counter_parts, evidence, particulars, place, proposed, rulings, sheets
from filings.views.common import file_link, named
from filings.views.queue import STATE_TONES
from filings.workflow import serving, steps

S = ApplicationState

# The step that a page explains when it is still closed: "现在还不能受理".
NEXT_STEP: dict[str, tuple[str, ...]] = {
    S.SUBMITTED: ("accept",),
    S.CORRECTING: ("extend_correction",),
    S.ACCEPTED: ("recommend", "start_assessment"),
    S.RECOMMENDED: ("start_assessment",),
    S.ASSESSING: ("approve",),
}
PRIMARY = {S.SUBMITTED: "accept", S.ACCEPTED: "recommend", S.RECOMMENDED: "start_assessment", S.ASSESSING: "approve"}


# Where service of a paper is recorded, by what the paper is about.
SERVE = {Application: "filings:service", Filing: "filings:filing-service", Assignment: "filings:assignment-service"}


def papers(matter: steps.Matter, actor: Actor, on: datetime.date) -> list[dict[str, Any]]:
    """Return the papers of the matter that this side reads, each with its service, newest first."""
    matter_type, matter_id = matter_key(matter)
    rows = (
        OfficialDocument.objects.filter(matter_type=matter_type, matter_id=matter_id)
        .select_related("service", "service__proof", "issuer")
        .prefetch_related("successors", "settings_aside")
        .order_by("-id")
    )
    listed, reads_proof = [], permissions.reads_part(actor, "proof")
    for paper in rows:
        if not permissions.reads_part(actor, paper.series):
            continue
        served = getattr(paper, "service", None)
        standing = standing_of(paper, on)
        unserved = serving.is_to_agency(matter, paper) and not service.over(paper, on)
        listed.append(
            {
                "paper": paper,
                "url": reverse("documents:paper", args=[paper.code]),
                "pending": paper.state != DocumentState.ISSUED,
                "service": served,
                "proof": file_link(served.proof) if served and served.proof and reads_proof else None,
                "unserved": unserved,
                "may_serve": unserved and serving.may_record_service(actor, matter, paper),
                "service_url": reverse(SERVE[type(matter)], args=[matter.pk, paper.pk]),
                "standing": standing,
                "may_correct": not standing and may_correct(matter, paper, actor),
            }
        )
    return listed


def standing_of(paper: OfficialDocument, on: datetime.date) -> tuple[str, str] | None:
    """Return (word, tone) of a paper that no longer stands: set aside by a ruling, or replaced."""
    if verification.undone(paper, on):
        return "已被撤销", "bad"
    return ("已被替换", "mute") if paper.successors.all() else None


def may_correct(matter: steps.Matter, paper: OfficialDocument, actor: Actor) -> bool:
    """Whether the actor may propose to correct words of a paper (更正)."""
    if not isinstance(matter, Application):
        return False
    probe = ClericalCorrection(application=matter, document=paper)
    return bool(clerical.leaves(paper)) and bool(permissions.is_correcting_handler.test(actor, probe))


def running(application: Application) -> list[Clock]:
    """Return the clocks that run, the nearest first."""
    return list(clocks.of(application).filter(state=ClockState.RUNNING).order_by("due_on", "id"))


def context(application: Application, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what every officer's page of an application shows."""
    scope = list(application.scope.select_related("occupation").prefetch_related("sites", "left_out__site"))
    names = {item.occupation_id: item.occupation.name for item in scope}
    checks = asked.checks(application, on)
    rows = evidence.materials(application, checks, names)
    offered = [named(offer, application) for offer in offers(application, actor, on)]
    requests = list(application.requests.select_related("document").prefetch_related("items__request__application"))
    return {
        "application": application,
        "title": application.name or application.agency.name,
        "asked_lines": asked.lines(application, on),
        "report": lateness.of(application),
        "found_by": (scan := lateness.found_by(application)) and file_link(scan),
        "scope_words": evidence.scope_words(scope),
        "state_tone": STATE_TONES.get(application.state, "mute"),
        "clocks": [rulings.strip(clock, application) for clock in running(application)],
        "urgent": quota.is_urgent(application, on),
        "materials": rows,
        "seen": sum(1 for row in rows if row.state != "wait"),
        "may_mark": permissions.may_mark(actor, application),
        **evidence.conditions(checks, names),
        **particulars.context(application, scope, checks, rows=evidence.part_rows(application, requests)),
        "full_names": True,
        "requests": requests,
        "opinions": list(application.opinions.select_related("document")),
        "papers": papers(application, actor, on),
        "rulings": rulings.listed(application),
        "to_record": serving.to_record(application),
        "consents": conditions.consents(application, on),
        "offers": [one for one in offered if not counter.is_done_there(one.name)],
        "counter": counter_parts.card(application, offered, actor),
        "suspended": application.filing is not None and application.filing.suspended(on),
        "action_base": reverse("filings:application", args=[application.pk]) + "transitions/",
        "primary": PRIMARY.get(application.state, ""),
        "closed": closed(application, offered),
        "proposal": proposed.proposal_row(application, actor, on),
        "entries": timeline.entries(application, actor),
        "crumbs": [
            ("申请", reverse("filings:applications")),
            (application.get_kind_display(), ""),
            (application.number, ""),
        ],
    }


def closed(application: Application, offered: list[Offer]) -> Offer | None:
    """Return the next step's offer where something stands against it."""
    wanted = NEXT_STEP.get(application.state, ())
    found = (o for o in offered if o.name in wanted and o.concerns)
    return next((o for o in found if any(r.code != "proposal_open" for r in o.reasons)), None)


# -- proposals ---------------------------------------------------------------------------------------------------


def proposal_context(found: Proposal, application: Application, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what the page of a proposal shows: the case, the proposal, and what stands against deciding it now."""
    page = context(application, actor, on)
    row = proposed.row(found, application, actor, on)
    against = []
    if row["decides"]:
        against = row["rule"].against(application, actor=actor, on=on, data=found.payload)
    page["crumbs"] = [
        ("申请", reverse("filings:applications")),
        (page["title"], reverse("filings:application", args=[application.pk])),
        (f"提议：{row['rule'].label}", ""),
    ]
    about: dict[str, Any] = {"places": places(application, actor, on)}
    if actor.kind != OrganisationKind.COUNTY:
        about["assessment"] = sheets.assessment_context(application)
    return page | about | {"row": row, "against": against}


# -- places ------------------------------------------------------------------------------------------------------


def places(application: Application, actor: Actor, on: datetime.date) -> list[dict[str, Any]]:
    """Return the places that this application would take, city-wide and for each occupation and area, each with what
    the centre asked the bureau about it; for centre and bureau how it stands there among others, and once decided who
    was passed over for it."""
    requested = {one.cap: one for one in application.overrides.all()}
    compares = permissions.may_compare(actor)
    if compares and application.state == S.APPROVED and (given := _given(application, requested, on)):
        return given
    wanted = quota.as_applied_for(application, on)
    found = place.compared(application, wanted, on) if compares and application.state == S.ASSESSING else {}
    return [
        {
            "places": one,
            "asked": requested.get(one.key),
            "choice": found.get(one.key),
            "url": place.address(one.key),
        }
        for one in wanted
    ]


def _given(application: Application, requested: dict[str, Any], on: datetime.date) -> list[dict[str, Any]]:
    last = application.places_given.order_by("-run").values("run")[:1]
    rows = application.places_given.filter(run__in=last).prefetch_related("passed_over__rival__agency")
    return [
        {
            "places": quota.of_key(row.cap, on),
            "asked": requested.get(row.cap),
            "given": row,
            "url": place.address(row.cap),
        }
        for row in rows
    ]
