"""What waits for an officer beside the queue: at the counter, to be decided, to be assessed."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from core.accounts import credit_codes
from core.accounts.actors import Actor
from core.accounts.actors import in_force as holding_on
from core.accounts.models import Organisation, OrganisationKind, Recusal
from core.workflow.fsm import may
from core.workflow.models import Proposal, ProposalState
from filings import permissions, queries
from filings.enums import ApplicationKind, ApplicationState, FilingState
from filings.models import (
    WAITING,
    Application,
    CapOverride,
    ClericalCorrection,
    Deregistration,
    ExpertTask,
    Filing,
    FilingImport,
    in_force,
)

IMPORT = "filings.filingimport"
MOST_FOUND = 20


def enterable(actor: Actor, text: str = "") -> QuerySet[Organisation]:
    """Return the confirmed agencies for which the actor's office takes applications in at its counter: a county's those
    of its area, the centre's those with a filing, the bureau's those for which it stands in because a whole office
    keeps out; narrowed to a credit code or part of a name. At most 20."""
    rows = Organisation.objects.filter(kind=OrganisationKind.AGENCY, active=True, confirmed_on__isnull=False)
    match actor.kind:
        case OrganisationKind.COUNTY if actor.organisation and actor.organisation.area_id:
            rows = rows.filter(area_id=actor.organisation.area_id)
        case OrganisationKind.CENTRE:
            # One that has run out too: a renewal may have been handed over before the end.
            standing_or_run_out = in_force(actor.on) | Q(state=FilingState.EXPIRED)
            rows = rows.filter(Exists(Filing.objects.filter(standing_or_run_out, agency=OuterRef("pk"))))
        case OrganisationKind.BUREAU:
            kept_out = Recusal.objects.filter(holding_on(actor.on), agency__isnull=False)
            found = rows.filter(pk__in=kept_out.values("agency"))
            rows = rows.filter(pk__in=[one.pk for one in found if _enters(actor, one)])
        case _:
            return rows.none()
    if not text:
        return rows
    found = Q(name__icontains=text) | Q(credit_code__istartswith=credit_codes.normal(text))
    return rows.filter(found).select_related("area").order_by("name", "id")[:MOST_FOUND]


def _enters(actor: Actor, agency: Organisation) -> bool:
    return any(permissions.may_enter(actor, agency, kind) for kind in ApplicationKind)


def entered_drafts(actor: Actor) -> list[Application]:
    """Return what the actor's office, or the one for which it stands in, took in at its counter and has not handed in
    yet, the oldest day first."""
    rows = Application.objects.filter(entered_by__isnull=False, state=ApplicationState.DRAFT)
    rows = rows.select_related("agency", "receiving", "entered_by__user").order_by("counter_on", "id")
    if actor.kind != OrganisationKind.BUREAU:
        return list(rows.filter(receiving_id=actor.organisation_id))
    stood_in_for = rows.filter(agency__in=enterable(actor))
    return [one for one in stood_in_for if permissions.is_counter_handler.test(actor, one)]


def open_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals that wait in applications and filings which the actor may see."""
    pk = Cast(OuterRef("matter_id"), BigIntegerField())
    about = Q(Exists(queries.visible_to(actor).filter(pk=pk)), matter_type=queries.MATTER)
    about |= Q(Exists(queries.filings_visible_to(actor).filter(pk=pk)), matter_type=queries.FILING)
    return Proposal.objects.filter(about, state=ProposalState.OPEN)


def matters_of(found: Iterable[Proposal]) -> dict[tuple[str, str], Any]:
    """Return {(matter_type, matter_id): the application or filing} of these proposals, in a query for each kind."""
    listed = list(found)
    rows: dict[str, QuerySet[Any]] = {
        queries.MATTER: Application.objects.select_related("agency", "receiving"),
        queries.FILING: Filing.objects.select_related("agency"),
    }
    there: dict[tuple[str, str], Any] = {}
    for matter_type, every in rows.items():
        if ids := [int(one.matter_id) for one in listed if one.matter_type == matter_type]:
            there |= {(matter_type, str(pk)): matter for pk, matter in every.in_bulk(ids).items()}
    return there


def to_decide(actor: Actor) -> list[Proposal]:
    """Return the open proposals that this actor may decide: its office's chief, who has proposed nothing there."""
    if not actor.chief_of or actor.user is None:
        return []
    own = Proposal.objects.filter(
        matter_type=OuterRef("matter_type"), matter_id=OuterRef("matter_id"), proposed_user=actor.user
    )
    waiting = list(open_proposals(actor).exclude(Exists(own)).order_by("proposed_at", "id"))
    there = matters_of(waiting)
    return [one for one in waiting if may(getattr(there[one.matter_type, one.matter_id], one.transition), actor)]


def deregistrations(actor: Actor) -> QuerySet[Deregistration]:
    """Return the grounds of a deregistration that wait, in filings which the actor may see, the oldest first."""
    rows = Deregistration.objects.filter(WAITING, filing__in=queries.filings_visible_to(actor))
    return rows.select_related("filing", "document").order_by("id")


CORRECTION = "filings.clericalcorrection"


def open_corrections(actor: Actor) -> list[tuple[Proposal, ClericalCorrection]]:
    """Return the corrections of papers that wait for their decision, in applications which the actor may see."""
    waiting = Proposal.objects.filter(matter_type=CORRECTION, state=ProposalState.OPEN).order_by("proposed_at", "id")
    found = ClericalCorrection.objects.filter(application__in=queries.visible_to(actor))
    there = found.select_related("application__agency", "document__issuer").in_bulk(
        [int(proposal.matter_id) for proposal in waiting]
    )
    return [(one, there[int(one.matter_id)]) for one in waiting if int(one.matter_id) in there]


def imports_to_decide(actor: Actor) -> list[FilingImport]:
    """Return the registers of paper filings whose loading waits for this actor's decision."""
    if not actor.chief_of or actor.user is None:
        return []
    waiting = Proposal.objects.filter(matter_type=IMPORT, matter_id=OuterRef("key"), state=ProposalState.OPEN)
    own = Proposal.objects.filter(matter_type=IMPORT, matter_id=OuterRef("key"), proposed_user=actor.user)
    rows = FilingImport.objects.alias(key=Cast("pk", CharField())).filter(Exists(waiting), ~Exists(own))
    return [one for one in rows.select_related("made_by__user").order_by("id") if may(one.load, actor)]


def open_overrides(actor: Actor) -> list[CapOverride]:
    """Return the centre's requests to go over a cap that the bureau has not answered, the oldest first."""
    rows = CapOverride.objects.filter(granted__isnull=True, application__in=queries.visible_to(actor))
    waiting = rows.filter(application__state=ApplicationState.ASSESSING)
    return list(waiting.select_related("application__agency").order_by("asked_on", "id"))


def expert_tasks(actor: Actor) -> list[ExpertTask]:
    """Return the open assignments of an expert in applications that it still sees, the oldest first."""
    rows = ExpertTask.objects.filter(
        expert=actor.position,
        done_on__isnull=True,
        withdrawn_on__isnull=True,
        assessment__application__in=queries.visible_to(actor),
    )
    found = rows.select_related("assessment__application__agency", "assessment__application__area")
    return list(found.prefetch_related("assessment__application__scope__occupation").order_by("assigned_on", "id"))
