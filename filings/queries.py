"""What an actor may see, and the queues."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.deadlines.models import Clock, ClockState
from core.workflow.fsm import may
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import TransitionSpec, spec_for
from filings import permissions, quota
from filings.enums import ApplicationState, Requester
from filings.models import Application, Assignment, CapOverride, ExpertTask, Filing, Request, ScopeItem


def visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see; what is not in it does not exist for the actor.

    The set twin of permissions.may_view; a test holds the two together.
    """
    every = Application.objects.all()
    handed_in = every.filter(receiving__isnull=False)
    if actor.position is None:
        return every.none()
    match actor.kind:
        case OrganisationKind.AGENCY:
            return every.filter(agency_id=actor.organisation_id)
        case OrganisationKind.COUNTY:
            mine = actor.organisation_id
            return handed_in.filter(Q(receiving_id=mine) | Q(opinion_from_id=mine))
        case OrganisationKind.CENTRE:
            return handed_in.filter(Q(accepted_on__isnull=False) | Q(receiving_id=actor.organisation_id))
        case OrganisationKind.BUREAU:
            return handed_in
        case OrganisationKind.EXPERTS if actor.role == Role.EXPERT:
            mine = every.filter(
                state=ApplicationState.ASSESSING,
                assessment__tasks__expert_id=actor.position.pk,
                assessment__tasks__done_on__isnull=True,
                assessment__tasks__withdrawn_on__isnull=True,
            )
            recused = [
                application.pk for application in mine if not permissions.is_assigned_expert.test(actor, application)
            ]
            return mine.exclude(pk__in=recused)
        case _:
            return every.none()


def filings_visible_to(actor: Actor) -> QuerySet[Filing]:
    """Return the filings this actor may see: the set twin of permissions.may_view_filing."""
    every = Filing.objects.select_related("area")
    if actor.position is None or actor.organisation is None:
        return every.none()
    match actor.kind:
        case OrganisationKind.AGENCY:
            return every.filter(agency_id=actor.organisation_id)
        case OrganisationKind.COUNTY:
            return every.filter(area_id=actor.organisation.area_id)
        case OrganisationKind.CENTRE | OrganisationKind.BUREAU:
            return every
        case _:
            return every.none()


def assignments_visible_to(actor: Actor) -> QuerySet[Assignment]:
    """Return the assignments this actor may see: the set twin of permissions.may_view_assignment."""
    every = Assignment.objects.select_related("filing__agency", "filing__area", "occupation")
    if actor.position is None or actor.organisation is None:
        return every.none()
    match actor.kind:
        case OrganisationKind.AGENCY:
            return every.filter(filing__agency_id=actor.organisation_id)
        case OrganisationKind.COUNTY:
            area = actor.organisation.area
            if area is None:
                return every.none()
            return every.filter(Q(quota_area=area.quota_area) | Q(filing__area_id=area.pk))
        case OrganisationKind.CENTRE | OrganisationKind.BUREAU:
            return every
        case _:
            return every.none()


# The clock by which each side's queue is ordered. Of these kinds at most one runs in an application at a time, so that
# every matter stands in the queue once; the county's part after acceptance is its recommendation.
QUEUE_CLOCKS: dict[str, tuple[str, ...]] = {
    OrganisationKind.COUNTY: ("completeness", "correction", "county_recommendation"),
    OrganisationKind.CENTRE: ("completeness", "correction", "decision"),
    OrganisationKind.BUREAU: ("completeness", "correction", "decision"),
}
MATTER = "filings.application"


def matching(rows: QuerySet[Application], wanted: Mapping[str, Any]) -> QuerySet[Application]:
    """Return the applications that fit a filter: state, kind, receiving, occupation (code), q (name, number, code), and
    urgent: the day on which they ask for an occupation of the urgent list (M37)."""
    for name in ("state", "kind", "receiving"):
        if value := wanted.get(name):
            rows = rows.filter(**{name: value})
    if occupation := wanted.get("occupation"):
        rows = rows.filter(
            Exists(
                ScopeItem.objects.filter(
                    application=OuterRef("pk"), occupation_id=getattr(occupation, "pk", occupation)
                )
            )
        )
    if on := wanted.get("urgent"):
        rows = rows.filter(quota.urgent(on))
    if text := str(wanted.get("q") or "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(credit_code__istartswith=text))
    return rows


def urgent(rows: QuerySet[Application], actor: Actor) -> QuerySet[Clock]:
    """Return the clocks that run for the actor's side in these applications, to be ordered by ("due_on", "id").

    Walking the clocks by due date finds the first page without looking at every application. So that both databases
    walk the index of running clocks, its condition stands there word for word (SQLite proves nothing of a parameter),
    and the matter type is no column of another index.
    """
    running = RawSQL("deadlines_clock.state = 'running'", (), output_field=BooleanField())
    matter = Cast(OuterRef("matter_id"), BigIntegerField())
    own = Q(kind__in=QUEUE_CLOCKS.get(actor.kind, ()))
    if actor.kind == OrganisationKind.COUNTY:
        # Its period for the opinion is over, the centre has not begun: a late one may still be given.
        opinion = Clock.objects.filter(
            matter_type=MATTER, matter_id=OuterRef("matter_id"), kind="county_recommendation", state=ClockState.RUNNING
        )
        waits = rows.filter(pk=matter, state=ApplicationState.ACCEPTED)
        own |= Q(Exists(waits), ~Exists(opinion), kind="decision")
    return (
        Clock.objects.alias(of_type=Concat("matter_type", Value("")))
        .filter(running, own, of_type=MATTER)
        .filter(Exists(rows.filter(pk=matter)))
    )


# A notice takes effect when it is served: until then a correction leaves the application submitted.
_WAITS = Q(kind=Requester.CORRECTION, application__state=ApplicationState.SUBMITTED) | Q(
    kind=Requester.SUPPLEMENT, application__state=ApplicationState.ASSESSING
)
# The notices that each side issues, and of which it records the service.
NOTICES: dict[str, tuple[str, ...]] = {
    OrganisationKind.COUNTY: (Requester.CORRECTION,),
    OrganisationKind.CENTRE: (Requester.CORRECTION, Requester.SUPPLEMENT),
}


def unserved(rows: QuerySet[Application]) -> QuerySet[Request]:
    """Return the notices in these applications that are issued and wait for their service, the oldest first."""
    waiting = Request.objects.filter(_WAITS, served_on__isnull=True, answered_on__isnull=True, application__in=rows)
    return waiting.select_related("application__agency", "application__receiving", "document").order_by("id")


def open_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals that wait in applications which the actor may see."""
    seen = visible_to(actor).filter(pk=Cast(OuterRef("matter_id"), BigIntegerField()))
    return Proposal.objects.filter(Exists(seen), matter_type=MATTER, state=ProposalState.OPEN)


def to_decide(actor: Actor) -> list[Proposal]:
    """Return the open proposals that this actor may decide: its office's chief, who has proposed nothing there."""
    if not actor.chief_of or actor.user is None:
        return []
    own = Proposal.objects.filter(matter_type=MATTER, matter_id=OuterRef("matter_id"), proposed_user=actor.user)
    waiting = open_proposals(actor).exclude(Exists(own)).order_by("proposed_at", "id")
    applications = Application.objects.select_related("agency", "receiving").in_bulk(
        [int(proposal.matter_id) for proposal in waiting]
    )
    return [
        proposal
        for proposal in waiting
        if may(getattr(applications[int(proposal.matter_id)], proposal.transition), actor)
    ]


def open_overrides(actor: Actor) -> list[CapOverride]:
    """Return the centre's requests to go over a cap that the bureau has not answered, the oldest first."""
    rows = CapOverride.objects.filter(granted__isnull=True, application__in=visible_to(actor))
    waiting = rows.filter(application__state=ApplicationState.ASSESSING)
    return list(waiting.select_related("application__agency").order_by("asked_on", "id"))


def expert_tasks(actor: Actor) -> list[ExpertTask]:
    """Return the open assignments of an expert in applications that it still sees, the oldest first."""
    rows = ExpertTask.objects.filter(
        expert=actor.position,
        done_on__isnull=True,
        withdrawn_on__isnull=True,
        assessment__application__in=visible_to(actor),
    )
    found = rows.select_related("assessment__application__agency", "assessment__application__area")
    return list(found.prefetch_related("assessment__application__scope__occupation").order_by("assigned_on", "id"))


def transitions() -> list[TransitionSpec]:
    """Return the transitions of an application in the state table's order."""
    return list(spec_for(MATTER).transitions.values())
