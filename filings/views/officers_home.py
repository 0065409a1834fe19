"""What the officers' home pages show: what lapses first, what waits for this person, the office's figures."""

import datetime
from typing import Any

from django.db.models import Count, Q

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.deadlines import clocks
from core.workflow.models import Proposal, ProposalState
from filings import board, queries, quota, serials
from filings.enums import ApplicationState, AssignmentState, ClaimState, Requester
from filings.models import Application, Assignment, Claim, Filing, in_force
from filings.views.board import own_area
from filings.views.queue import facets, page_of
from filings.workflow.assignments import MATTER

FIRST = 8
FIRST_OVERRIDES = 50


def home_context(actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return the context of templates/desks/{county,centre,bureau,expert}.html for this actor on this day."""
    if actor.kind == OrganisationKind.EXPERTS:
        return {"rows": queries.expert_tasks(actor)}
    page = page_of(queries.visible_to(actor), actor, on, {}, urgent=True, per_page=FIRST)
    context: dict[str, Any] = {
        "page": page,
        "facets": facets(actor),
        "to_decide": _to_decide(actor),
        "own_proposals": _own(actor),
        "unserved": _unserved(actor),
        "with_office": actor.kind != OrganisationKind.COUNTY,
    }
    return context | _OF_KIND[actor.kind](actor, on)


def _named(waiting: list[Any]) -> list[dict[str, Any]]:
    """Proposals with their application, for a list."""
    there = Application.objects.select_related("agency").in_bulk([int(one.matter_id) for one in waiting])
    labels = {rule.name: rule.label for rule in queries.transitions()}
    return [
        {"proposal": one, "application": there[int(one.matter_id)], "label": labels.get(one.transition, one.transition)}
        for one in waiting
    ]


def _to_decide(actor: Actor) -> list[dict[str, Any]]:
    return _named(queries.to_decide(actor))


def _own(actor: Actor) -> list[dict[str, Any]]:
    """What this person proposed and nobody has decided yet."""
    if actor.role != Role.HANDLER:
        return []
    return _named(list(queries.open_proposals(actor).filter(proposed_user=actor.user).order_by("-id")[:FIRST]))


def _unserved(actor: Actor) -> list[dict[str, Any]]:
    """Notices that this office issued and whose service is not recorded; of a correction until when it must be."""
    kinds = queries.NOTICES.get(actor.kind, ())
    notices = list(queries.unserved(queries.visible_to(actor)).filter(kind__in=kinds)) if kinds else []
    waiting = [str(one.application_id) for one in notices if one.kind == Requester.CORRECTION]
    due = clocks.nearest_due(queries.MATTER, waiting) if waiting else {}
    rows = [{"notice": one, "clock": due.get(str(one.application_id))} for one in notices]
    return sorted(rows, key=lambda row: (row["clock"] is None, row["clock"] and row["clock"].due_on))


def _county(actor: Actor, on: datetime.date) -> dict[str, Any]:
    area = actor.organisation.area_id if actor.organisation else None
    filings = Filing.objects.filter(in_force(on), area_id=area)
    return {
        "claims": Claim.objects.filter(county_id=actor.organisation_id, state=ClaimState.PENDING).count(),
        "filed": filings.count(),
        "own_places": _own_places(actor, on),
        "agencies": list(filings.order_by("valid_until", "id")[:FIRST]),
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
        "figures": _figures(Q(receiving__isnull=False), on),
    }


def _bureau(actor: Actor, on: datetime.date) -> dict[str, Any]:
    return {
        "city": quota.city(on),
        "overrides": [
            {"row": row, "places": quota.of_key(row.cap, on)} for row in queries.open_overrides(actor)[:FIRST_OVERRIDES]
        ],
        "figures": _figures(Q(receiving__isnull=False), on),
        "by_office": _by_office(),
    }


_OF_KIND = {OrganisationKind.COUNTY: _county, OrganisationKind.CENTRE: _centre, OrganisationKind.BUREAU: _bureau}


def _figures(which: Q, on: datetime.date) -> dict[str, int]:
    """This year's figures in one query: handed in, accepted (of them deemed), approved, refused or declined."""
    since = datetime.date(on.year, 1, 1)
    counted = Application.objects.filter(which).aggregate(
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
    under_way = [ApplicationState.SUBMITTED, ApplicationState.CORRECTING, ApplicationState.ACCEPTED,
                 ApplicationState.RECOMMENDED, ApplicationState.ASSESSING]  # fmt: skip
    rows = Application.objects.filter(state__in=under_way, receiving__isnull=False).order_by()
    return list(rows.values("receiving__name").annotate(count=Count("pk")).order_by("-count", "receiving__name"))
