"""What an actor may see, and the queues."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, BooleanField, CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from core.accounts.actors import Actor
from core.accounts.actors import in_force as holding_on
from core.accounts.models import OrganisationKind, Recusal, Role
from core.audit import trail
from core.calendars.calendar import current as current_calendar
from core.deadlines.models import Clock, ClockState
from core.workflow.spec import TransitionSpec, spec_for
from filings import quota, turns
from filings.enums import ApplicationKind, ApplicationState, Lateness, OpinionKind, Requester
from filings.models import (
    Application,
    Assignment,
    Filing,
    FilingSite,
    Opinion,
    Request,
    ScopeItem,
    Site,
    standing,
)
from regulation.workdays import add_workdays


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
            return mine.exclude(_keeps_out(actor))
        case _:
            return every.none()


def _keeps_out(actor: Actor) -> Q:
    """The applications from which the actor keeps out, recused or for an earlier part (permissions.recused,
    permissions.acted_elsewhere)."""
    matter_id = Cast(OuterRef("pk"), CharField())
    about = Q(agency=OuterRef("agency")) | Q(matter_type=MATTER, matter_id=matter_id)
    recused = Recusal.objects.filter(holding_on(actor.on), about, user=actor.person)
    earlier = trail.parts(MATTER, matter_id, actor.person.pk, besides=actor.organisation_id)
    return Q(Exists(recused)) | Q(Exists(earlier))


def filings_visible_to(actor: Actor) -> QuerySet[Filing]:
    """Return the filings this actor may see: the set twin of permissions.may_view_filing."""
    every = Filing.objects.select_related("area")
    if actor.position is None or actor.organisation is None:
        return every.none()
    match actor.kind:
        case OrganisationKind.AGENCY:
            return every.filter(agency_id=actor.organisation_id)
        case OrganisationKind.COUNTY:
            own = actor.organisation.area_id
            site = FilingSite.objects.filter(standing(actor.on), filing=OuterRef("pk"), area_id=own)
            return every.filter(Q(area_id=own) | Exists(site))
        case OrganisationKind.CENTRE | OrganisationKind.BUREAU:
            return every
        case _:
            return every.none()


def names_of_applications(keys: Sequence[str]) -> dict[str, str]:
    """Return {key: "机构 · 种类 申请号"} of these applications."""
    found = Application.objects.select_related("agency").in_bulk([int(key) for key in keys])
    return {str(pk): f"{one} {one.number}" for pk, one in found.items()}


def names_of_filings(keys: Sequence[str]) -> dict[str, str]:
    """Return {key: "机构 备案编码"} of these filings."""
    return {str(pk): str(one) for pk, one in Filing.objects.in_bulk([int(key) for key in keys]).items()}


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
MATTER, FILING = turns.MATTER, "filings.filing"


def matching(rows: QuerySet[Application], wanted: Mapping[str, Any], actor: Actor) -> QuerySet[Application]:
    """Return the applications that fit a filter: state, kind, receiving, occupation and area (rows or their codes; of
    the seat or of a site), turn (Turn), late (Lateness) and due (Due) as this actor's side counts, counter (whether it
    came over one), urgent (the day on which they ask for an occupation of the urgent list, M37), q (name, number,
    credit code)."""
    for name in ("state", "kind", "receiving"):
        if value := wanted.get(name):
            rows = rows.filter(**{name: value})
    if occupation := wanted.get("occupation"):
        asked = ScopeItem.objects.filter(
            application=OuterRef("pk"), occupation_id=getattr(occupation, "pk", occupation)
        )
        rows = rows.filter(Exists(asked))
    if area := getattr(wanted.get("area"), "pk", wanted.get("area")):
        rows = rows.filter(Q(area_id=area) | Exists(Site.objects.filter(application=OuterRef("pk"), area_id=area)))
    if turn := wanted.get("turn"):
        rows = rows.alias(whose=turns.turn()).filter(whose=turn)
    if late := wanted.get("late"):
        rows = rows.filter(Q(late=True) if late == Lateness.ASKED_LATE else overdue(actor))
    if wanted.get("due"):
        rows = rows.filter(due_soon(actor))
    if wanted.get("counter"):
        rows = rows.filter(entered_by__isnull=False)
    if on := wanted.get("urgent"):
        rows = rows.filter(quota.urgent(on))
    if text := str(wanted.get("q") or "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(credit_code__istartswith=text))
    return rows


# Working days after today within which a period that ends ends soon.
SOON = 3


def due_soon(actor: Actor) -> Q:
    """Applications in which a period of the actor's side ends today or within the next three working days."""
    last = add_workdays(actor.on, SOON, current_calendar()).end
    mine = Clock.objects.filter(matter_type=MATTER, matter_id=Cast(OuterRef("pk"), CharField()))
    running = mine.filter(state=ClockState.RUNNING, due_on__range=(actor.on, last))
    return Q(Exists(running.filter(kind__in=QUEUE_CLOCKS.get(actor.kind, ()))))


def overdue(actor: Actor) -> Q:
    """Applications in which a period of the actor's side is over and nothing has been done yet.

    A county's recommendation counts though its clock has ended: the opinion can still be given (M6).
    """
    mine = Clock.objects.filter(matter_type=MATTER, matter_id=Cast(OuterRef("pk"), CharField()))
    past = Q(state=ClockState.RUNNING, provisional=False, due_on__lt=actor.on)
    found = Q(Exists(mine.filter(past, kind__in=QUEUE_CLOCKS.get(actor.kind, ()))))
    if actor.kind == OrganisationKind.COUNTY:
        unsaid = mine.filter(kind="county_recommendation", state=ClockState.LAPSED)
        found |= Q(state=ApplicationState.ACCEPTED, kind=ApplicationKind.INITIAL) & Q(Exists(unsaid))
    return found


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
        mine = actor.organisation_id
        # So may one that the centre has asked for, until it is given.
        asked = Q(opinion_from_id=mine, state__in=[ApplicationState.ACCEPTED, ApplicationState.ASSESSING])
        given = Opinion.objects.filter(application=OuterRef("pk"), kind=OpinionKind.ASKED)
        waits = rows.filter(
            Q(receiving_id=mine, state=ApplicationState.ACCEPTED) | (asked & ~Q(Exists(given))), pk=matter
        )
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


def transitions() -> list[TransitionSpec]:
    """Return the transitions of an application in the state table's order."""
    return list(spec_for(MATTER).transitions.values())
