"""What the officers' home pages show: what lapses first, what waits for this person, the office's figures."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.counting import EXACT, bounded_count
from core.deadlines import clocks
from core.workflow.fsm import may
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import board, filed, pending, queries, quota, serials, standings
from filings.enums import UNDER_WAY, ApplicationState, AssignmentState, ClaimState, Lateness, Requester
from filings.models import Application, Assignment, Claim, ClericalCorrection, in_force
from filings.views.board import own_area
from filings.views.queue import facets, page_of
from filings.workflow.assignments import MATTER

FIRST = 8
FIRST_OVERRIDES = 50


def home_context(actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return the context of templates/desks/{county,centre,bureau,expert}.html for this actor on this day."""
    if actor.kind == OrganisationKind.EXPERTS:
        return {"rows": pending.expert_tasks(actor)}
    page = page_of(queries.visible_to(actor), actor, on, {}, urgent=True, per_page=FIRST)
    context: dict[str, Any] = {
        "page": page,
        "facets": facets(actor),
        "to_decide": _to_decide(actor),
        "own_proposals": _own(actor),
        "unserved": _unserved(actor),
        "entering": pending.entered_drafts(actor) if actor.role == Role.HANDLER else [],
        "with_office": actor.kind != OrganisationKind.COUNTY,
        "lenses": _lenses(actor, on),
        "late": _late(actor),
    }
    return context | _OF_KIND[actor.kind](actor, on)


# What of the filings is worth a glance every morning.
GLANCE = ("expiring30", "expiring90", "renewing", "untimely")


def _lenses(actor: Actor, on: datetime.date) -> list[dict[str, Any]]:
    counted = filed.counts(queries.filings_visible_to(actor), on)
    return [{"name": name, "label": filed.LENSES[name].label, "count": counted[name]} for name in GLANCE]


def _late(actor: Actor) -> list[dict[str, Any]]:
    """The applications under way that are late, counted as the queue shows them."""
    seen = queries.visible_to(actor)
    shown = []
    for late in Lateness:
        count = bounded_count(queries.urgent(queries.matching(seen, {"late": late}, actor), actor))
        shown.append(
            {"name": late.value, "label": late.label, "count": min(count, EXACT), "more": "+" if count > EXACT else ""}
        )
    return shown


def _named(waiting: list[Any]) -> list[dict[str, Any]]:
    """Proposals with the name of whom they are about, for a list."""
    there = pending.matters_of(waiting)
    listed = []
    for one in waiting:
        matter = there[one.matter_type, one.matter_id]
        label = spec_for(one.matter_type).transitions[one.transition].label
        listed.append({"proposal": one, "name": matter.name or matter.agency.name, "label": label})
    return listed


def _to_decide(actor: Actor) -> list[dict[str, Any]]:
    if not actor.chief_of:
        return []
    corrections = [
        _correction(proposal, found)
        for proposal, found in pending.open_corrections(actor)
        if may(found.correct_paper, actor) and proposal.proposed_user != actor.user
    ]
    return [*_named(pending.to_decide(actor)), *corrections]


def _correction(proposal: Any, found: ClericalCorrection) -> dict[str, Any]:
    """A proposed correction of a paper, for the same list."""
    url = reverse("filings:correction", args=[found.pk])
    return {
        "proposal": proposal,
        "name": found.application.name or found.application.agency.name,
        "label": f"更正《{found.document.title}》",
        "url": url,
    }


def _own(actor: Actor) -> list[dict[str, Any]]:
    """What this person proposed and nobody has decided yet."""
    if actor.role != Role.HANDLER:
        return []
    own = [one for one in pending.open_corrections(actor) if one[0].proposed_user == actor.user]
    waiting = list(pending.open_proposals(actor).filter(proposed_user=actor.user).order_by("-id")[:FIRST])
    return [*_named(waiting), *(_correction(proposal, found) for proposal, found in own[:FIRST])]


def _unserved(actor: Actor) -> list[dict[str, Any]]:
    """Notices that this office issued and whose service is not recorded; of a correction until when it must be."""
    kinds = queries.NOTICES.get(actor.kind, ())
    notices = list(queries.unserved(queries.visible_to(actor)).filter(kind__in=kinds)) if kinds else []
    waiting = [str(one.application_id) for one in notices if one.kind == Requester.CORRECTION]
    due = clocks.nearest_due(queries.MATTER, waiting) if waiting else {}
    rows = [{"notice": one, "clock": due.get(str(one.application_id))} for one in notices]
    return sorted(rows, key=lambda row: (row["clock"] is None, row["clock"] and row["clock"].due_on))


def _county(actor: Actor, on: datetime.date) -> dict[str, Any]:
    filings = queries.filings_visible_to(actor).filter(in_force(on))
    return {
        "claims": Claim.objects.filter(county_id=actor.organisation_id, state=ClaimState.PENDING).count(),
        "filed": filings.count(),
        "agencies": [
            {"filing": one, "standing": standings.of(one, on)}
            for one in filings.order_by("valid_until", "id").prefetch_related("suspensions")[:FIRST]
        ],
        "own_places": _own_places(actor, on),
        "figures": _figures(Q(receiving_id=actor.organisation_id), on),
    }


def _own_places(actor: Actor, on: datetime.date) -> dict[str, Any]:
    """The county's own column of the board in figures: occupations with free places, full, nobody there, assigned."""
    area = own_area(actor)
    cells = [row.cells[0] for row in board.board(on, area=area)["rows"]] if area else []
    counted = {
        "full": sum(1 for cell in cells if not cell.places.free),
        "vacant": sum(1 for cell in cells if not cell.places.taken),
        "waiting": sum(cell.waiting for cell in cells),
        "assigned": sum(1 for cell in cells if cell.assigned),
    }
    return {"area": area, **counted}


def _to_assign(actor: Actor) -> list[Assignment]:
    """Assignments that wait for this person at the centre: agreed to, not made; for the chief, what is proposed."""
    rows = queries.assignments_visible_to(actor)
    proposed = Proposal.objects.filter(matter_type=MATTER, state=ProposalState.OPEN).values_list("matter_id", flat=True)
    waiting = Q(pk__in=[int(pk) for pk in proposed])
    if actor.role == Role.HANDLER:
        waiting = Q(state=AssignmentState.CONSENTED) & ~waiting
    return list(rows.filter(waiting).order_by("id"))


def _centre(actor: Actor, on: datetime.date) -> dict[str, Any]:
    return {
        "to_assign": _to_assign(actor),
        "city": quota.city(on),
        "serials_left": serials.available(),
        "deregistrations": list(pending.deregistrations(actor)[:FIRST]),
        "imports": pending.imports_to_decide(actor),
        "figures": _figures(Q(receiving__isnull=False), on),
    }


def _bureau(actor: Actor, on: datetime.date) -> dict[str, Any]:
    return {
        "city": quota.city(on),
        "overrides": [
            {"row": row, "places": quota.of_key(row.cap, on)} for row in pending.open_overrides(actor)[:FIRST_OVERRIDES]
        ],
        "figures": _figures(Q(receiving__isnull=False), on),
        "by_office": _by_office(),
    }


_OF_KIND = {OrganisationKind.COUNTY: _county, OrganisationKind.CENTRE: _centre, OrganisationKind.BUREAU: _bureau}


def _figures(which: Q, on: datetime.date) -> dict[str, int]:
    """This year's figures in one query: handed in, accepted (of them deemed), approved, refused or declined. What was
    decided in an earlier year is not looked at: nothing comes after its decision."""
    since = datetime.date(on.year, 1, 1)
    counted = Application.objects.filter(which, Q(decided_on__isnull=True) | Q(decided_on__gte=since)).aggregate(
        received=Count("pk", filter=Q(first_submitted_on__gte=since)),
        accepted=Count("pk", filter=Q(accepted_on__gte=since)),
        deemed=Count("pk", filter=Q(accepted_on__gte=since, deemed_accepted=True)),
        approved=Count("pk", filter=Q(decided_on__gte=since, state=ApplicationState.APPROVED)),
        adverse=Count(
            "pk", filter=Q(decided_on__gte=since, state__in=[ApplicationState.REFUSED, ApplicationState.DECLINED])
        ),
    )
    return dict(counted)


def _by_office() -> list[dict[str, Any]]:
    """Applications under way by receiving office."""
    rows = Application.objects.filter(state__in=UNDER_WAY, receiving__isnull=False).order_by()
    return list(rows.values("receiving__name").annotate(count=Count("pk")).order_by("-count", "receiving__name"))
