"""Who may do what: small named predicates, composed per transition; used by the FSM, pages, API and tests alike.

A predicate takes (actor, matter). The FSM asks (matter, actor), so what the models use is turned round by `fsm`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import rules

from core.accounts.actors import AUTHORITIES, Actor, acting_body, recused_users
from core.accounts.models import Organisation, OrganisationKind, Role
from core.audit import trail
from filings.enums import ApplicationKind, ApplicationState, DeregistrationGround
from regulation.materials import MATERIALS

# Whose agency a matter is about; a year's number is about none.
MATTER_AGENCY = {
    "application": "agency_id",
    "assignment": "agency_id",
    "claim": "organisation_id",
    "filing": "agency_id",
}


def recused(actor: Actor, matter: Any) -> set[int]:
    """Return the user ids that keep out of this matter on the actor's day."""
    return recused_users(
        agency_id=getattr(matter, MATTER_AGENCY.get(matter._meta.model_name, ""), None),
        matter_type=matter._meta.label_lower,
        matter_id=str(matter.pk),
        on=actor.on,
        agencies=getattr(matter, "agency_ids", ()),
    )


def _acts_for(actor: Actor, matter: Any, office: Organisation | None, role: str) -> bool:
    """Whether the actor holds `role` for that office in this matter: recused ones never; where all of an office are
    recused, the next higher body steps in."""
    if actor.user is None:
        return False
    return _holds(actor, office, role, recused(actor, matter)) and not acted_elsewhere(actor, matter)


def _holds(actor: Actor, office: Organisation | None, role: str, out: set[int]) -> bool:
    """Whether the actor holds `role` for that office where the users of `out` keep out."""
    if office is None or actor.user is None or actor.position is None or actor.user.pk in out:
        return False
    body = acting_body(office, role, recused=out, on=actor.on)
    return body.pk in actor.chief_of if role == Role.CHIEF else actor.organisation_id == body.pk and actor.role == role


def acted_elsewhere(actor: Actor, matter: Any) -> bool:
    """Whether this person has had a part in the matter for another organisation (earlier part, DOMAIN.md): as the
    agency, as another office, as an expert. It then has none for this one."""
    return actor.user is not None and trail.took_part(matter, actor.user.pk, besides=actor.organisation_id)


def centre() -> Organisation | None:
    """Return the guidance centre, with the body in whose name it acts (M4)."""
    found = Organisation.objects.filter(kind=OrganisationKind.CENTRE, active=True)
    return found.select_related("parent").order_by("id").first()


def bureau() -> Organisation | None:
    """Return the municipal bureau."""
    return Organisation.objects.filter(kind=OrganisationKind.BUREAU, active=True).order_by("id").first()


def county_of(area_code: str | None) -> Organisation | None:
    """Return the county bureau of an area."""
    return Organisation.objects.filter(kind=OrganisationKind.COUNTY, area_id=area_code, active=True).first()


@rules.predicate
def is_clock(actor: Actor, matter: Any) -> bool:
    return actor.is_system


@rules.predicate
def is_own_agency(actor: Actor, application: Any) -> bool:
    return actor.organisation_id == application.agency_id and actor.kind == OrganisationKind.AGENCY


@rules.predicate
def is_agency_admin(actor: Actor, application: Any) -> bool:
    return actor.role == Role.ADMIN


@rules.predicate
def is_receiving_handler(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, application.receiving, Role.HANDLER)


@rules.predicate
def is_receiving_chief(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, application.receiving, Role.CHIEF)


@rules.predicate
def is_with_a_county(actor: Actor, application: Any) -> bool:
    """A county received it, and recommends it (M6); a change, a renewal and what came of one are the centre's alone."""
    return application.receiving is not None and application.receiving.kind == OrganisationKind.COUNTY


is_recommending_handler = is_receiving_handler & is_with_a_county
is_recommending_chief = is_receiving_chief & is_with_a_county


@rules.predicate
def is_centre_handler(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, centre(), Role.HANDLER)


@rules.predicate
def is_centre_chief(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, centre(), Role.CHIEF)


def heads_centre(actor: Actor) -> bool:
    """Whether the actor is the centre's chief today, or deputises for that one; in what is no matter of an agency."""
    office = centre()
    return office is not None and office.pk in actor.chief_of


@rules.predicate
def is_bureau_handler(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, bureau(), Role.HANDLER)


@rules.predicate
def is_bureau_chief(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, bureau(), Role.CHIEF)


# Who marks the materials in which state: the receiving office before acceptance (M10), the centre in assessment (M11).
MARKERS = {ApplicationState.SUBMITTED: is_receiving_handler, ApplicationState.ASSESSING: is_centre_handler}


@rules.predicate
def is_marker(actor: Actor, application: Any) -> bool:
    """Who marks the materials in this state; where nobody does, whoever does in some other."""
    return bool(MARKERS.get(application.state, is_receiving_handler | is_centre_handler).test(actor, application))


def may_mark(actor: Actor, application: Any) -> bool:
    """Whether the actor marks the materials now."""
    return application.state in MARKERS and is_marker.test(actor, application)


@rules.predicate
def is_claim_handler(actor: Actor, claim: Any) -> bool:
    return _acts_for(actor, claim, claim.county, Role.HANDLER)


@rules.predicate
def is_assigned_expert(actor: Actor, application: Any) -> bool:
    """An expert sees only what it is assigned, until it is done or the assessment is over."""
    if (
        application.state != ApplicationState.ASSESSING
        or actor.role != Role.EXPERT
        or actor.position is None
        or actor.user is None
    ):
        return False
    if actor.user.pk in recused(actor, application) or acted_elsewhere(actor, application):
        return False
    assessment = getattr(application, "assessment", None)
    return (
        assessment is not None
        and assessment.tasks.filter(
            expert_id=actor.position.pk, done_on__isnull=True, withdrawn_on__isnull=True
        ).exists()
    )


@rules.predicate
def is_about_a_filing(actor: Actor, application: Any) -> bool:
    """A change or a renewal: what ends with its filing, or goes on without it."""
    return application.filing_id is not None and application.kind != ApplicationKind.INITIAL


@rules.predicate
def is_asked_handler(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, application.opinion_from, Role.HANDLER)


@rules.predicate
def is_asked_chief(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, application.opinion_from, Role.CHIEF)


@rules.predicate
def is_change(actor: Actor, application: Any) -> bool:
    return application.kind == ApplicationKind.CHANGE


@rules.predicate
def is_renewal(actor: Actor, application: Any) -> bool:
    return application.kind == ApplicationKind.RENEWAL


def office_of_decision(application: Any) -> Organisation | None:
    """Return whose decision it is that a ruling sets aside: the receiving office's before acceptance, else the
    centre's."""
    before_acceptance = application.state in (ApplicationState.DECLINED, ApplicationState.ABANDONED)
    office: Organisation | None = application.receiving if before_acceptance else centre()
    return office


@rules.predicate
def is_undoing_handler(actor: Actor, application: Any) -> bool:
    return _acts_for(actor, application, office_of_decision(application), Role.HANDLER)


@rules.predicate
def is_revoked(actor: Actor, application: Any) -> bool:
    """A ruling has revoked the filing that it was granted, and none has undone that."""
    return bool(application.settings_aside.revoking().exists())


def office_of_paper(document: Any) -> Organisation | None:
    """Return whose paper it is: a county's own, else the centre's (which acts in the bureau's name, M4)."""
    issuer: Organisation = document.issuer
    return issuer if issuer.kind == OrganisationKind.COUNTY else centre()


@rules.predicate
def is_correcting_handler(actor: Actor, correction: Any) -> bool:
    """Of the office that issued the paper, with no recusal in the application that the paper is about."""
    return _acts_for(actor, correction.application, office_of_paper(correction.document), Role.HANDLER)


@rules.predicate
def is_correcting_chief(actor: Actor, correction: Any) -> bool:
    return _acts_for(actor, correction.application, office_of_paper(correction.document), Role.CHIEF)


@rules.predicate
def is_at_counter(actor: Actor, application: Any) -> bool:
    """It came over the counter, and a handler entered it in the agency's name."""
    return application.entered_by_id is not None


# The office that took it in: any of its handlers goes on with what a colleague began; nobody does so online.
is_counter_handler = is_at_counter & is_receiving_handler


@rules.predicate
def is_still_entered(actor: Actor, application: Any) -> bool:
    """Being entered at the counter: what was handed over is the office's to write down, and nobody else's."""
    return application.entered_by_id is not None and application.state == ApplicationState.DRAFT


# Who does in an application what is its agency's to do: the agency itself through the portal; for what comes over the
# counter, in an application that came so, the receiving handler. Staff fills in, the admin binds the agency.
acts_for_agency = (is_own_agency & ~is_still_entered) | is_counter_handler
hands_in = (is_own_agency & is_agency_admin & ~is_still_entered) | is_counter_handler
takes_back = (is_own_agency & is_agency_admin) | is_counter_handler


def counter_office(kind: str, area_code: str | None) -> Organisation | None:
    """Return the office at whose counter an application of this kind is handed over: the county of the seat (M6), the
    centre for a change or a renewal (M13, M14)."""
    return county_of(area_code) if kind == ApplicationKind.INITIAL else centre()


def may_enter(actor: Actor, agency: Organisation, kind: str) -> bool:
    """Whether the actor may enter an application of this kind for the agency at the counter: a handler of the office
    that receives it; a recused one never."""
    about = {"matter_type": agency._meta.label_lower, "matter_id": str(agency.pk)}
    out = recused_users(agency_id=agency.pk, on=actor.on, **about)
    return _holds(actor, counter_office(kind, agency.area_id), Role.HANDLER, out)


def on_behalf(actor: Actor, application: Any) -> bool:
    """Whether what the actor does here as the agency is done in the agency's name, at the counter."""
    return actor.user is not None and actor.organisation_id != application.agency_id


def fsm(predicate: Any) -> Callable[[Any, Any], bool]:
    """Turn a predicate round for the FSM, which asks (instance, user)."""

    def ask(instance: Any, actor: Any) -> bool:
        return bool(predicate.test(actor, instance))

    return ask


clock = fsm(is_clock)
clock_of_filing = fsm(is_clock & is_about_a_filing)
clock_of_renewal = fsm(is_clock & is_renewal)
agency = fsm(acts_for_agency)
submit = fsm(hands_in)
own_admin = fsm(is_own_agency & is_agency_admin)
withdraw = fsm(takes_back)
receive = fsm(is_receiving_handler)
receive_chief = fsm(is_receiving_chief)
recommend = fsm(is_recommending_chief)
centre_handler = fsm(is_centre_handler)
centre_chief = fsm(is_centre_chief)
reinstate = fsm(is_centre_chief & is_revoked)
bureau_chief = fsm(is_bureau_chief)
ask_county = fsm(is_centre_handler & is_about_a_filing)
asked_chief = fsm(is_asked_chief)
agency_of_change = fsm(acts_for_agency & is_change)
check_claim = fsm(is_claim_handler)
correct_paper = fsm(is_correcting_chief)


def may_view(actor: Actor, application: Any) -> bool:
    """Who sees an application: its agency; its receiving office from submission, or from its entry at the counter; a
    county asked for its opinion; the centre from acceptance; the bureau from when an office has it; an expert while
    assigned. What is not seen does not exist."""
    if is_own_agency.test(actor, application):
        return True
    if application.receiving_id is None or actor.position is None:
        return False
    if actor.kind == OrganisationKind.BUREAU:
        return True
    if actor.kind == OrganisationKind.COUNTY:
        return actor.organisation_id in {application.receiving_id, application.opinion_from_id} - {None}
    if actor.kind == OrganisationKind.CENTRE:
        return application.accepted_on is not None or application.receiving_id == actor.organisation_id
    return is_assigned_expert.test(actor, application)


# What an agency does not read of its own matter: what offices say to each other, and proofs of theirs.
OFFICES_ONLY = frozenset({"recommendation", "visit", "proof", "qualification"})


def may_read(actor: Actor, application: Any, part: str) -> bool:
    """Who reads a file of an application, `part` being a paper's series or an upload's slot: who sees the matter; the
    agency nothing that offices keep among themselves, an expert the materials and the site visit alone."""
    return may_view(actor, application) and reads_part(actor, part)


def reads_part(actor: Actor, part: str) -> bool:
    """Whether this side reads such a part at all, in a matter that it sees."""
    if actor.kind == OrganisationKind.AGENCY:
        return part not in OFFICES_ONLY
    return actor.kind in AUTHORITIES or part in MATERIALS or part == "visit"


# Who reads who competes with whom for a place (M11, M37); an agency, a county and an expert never do.
COMPARING = frozenset({OrganisationKind.CENTRE.value, OrganisationKind.BUREAU.value})


def may_compare(actor: Actor) -> bool:
    """Whether this side reads who competes for a place, and who was passed over for it and why."""
    return actor.position is not None and actor.kind in COMPARING


def payload_read(actor: Actor, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a proposal in an application this side reads: of those passed over nothing where it may not
    compare, for the reason names them as well as the list does."""
    return {key: value for key, value in payload.items() if key != "passed_over" or may_compare(actor)}


def may_view_filing(actor: Actor, filing: Any) -> bool:
    """Who sees a filing's own page: its agency, the county of its seat and of each site, the centre, the bureau."""
    if actor.position is None:
        return False
    if actor.kind == OrganisationKind.AGENCY:
        return actor.organisation_id == filing.agency_id
    if actor.kind == OrganisationKind.COUNTY:
        return actor.organisation is not None and actor.organisation.area_id in filing.areas(actor.on)
    return actor.kind in (OrganisationKind.CENTRE, OrganisationKind.BUREAU)


def may_ask_end(actor: Actor, filing: Any) -> bool:
    """Who asks for a filing to be deregistered: its agency's admin."""
    return bool((is_own_agency & is_agency_admin).test(actor, filing))


def may_take_back_end(actor: Actor, filing: Any, row: Any) -> bool:
    """Who takes a ground of deregistration back: whose side brought it."""
    own = may_ask_end(actor, filing)
    return own if row.ground == DeregistrationGround.ASKED else bool(is_centre_handler.test(actor, filing))


def may_read_of_filing(actor: Actor, filing: Any, part: str) -> bool:
    """Who reads a file of a filing: who sees its page, the agency nothing that offices keep among themselves."""
    return may_view_filing(actor, filing) and reads_part(actor, part)


def may_view_correction(actor: Actor, correction: Any) -> bool:
    """Who sees a proposed correction: the offices that see the application. The agency reads the paper that comes."""
    return actor.kind in AUTHORITIES and may_view(actor, correction.application)


def may_view_import(actor: Actor, register: Any) -> bool:
    """Who sees a register of paper filings, and what it says of every agency: the centre and the bureau."""
    return actor.position is not None and actor.kind in (OrganisationKind.CENTRE, OrganisationKind.BUREAU)


def may_view_claim(actor: Actor, claim: Any) -> bool:
    """Who sees a claim: the claiming agency, the county asked, and who steps in for it."""
    return actor.organisation_id in {claim.organisation_id, claim.county_id} or is_claim_handler.test(actor, claim)


def may_view_assignment(actor: Actor, assignment: Any) -> bool:
    """Who sees an assignment: its agency, the counties of the area and of the agency's seat, the centre, the bureau."""
    if actor.position is None or actor.organisation is None:
        return False
    if actor.kind == OrganisationKind.AGENCY:
        return actor.organisation_id == assignment.agency_id
    if actor.kind == OrganisationKind.COUNTY:
        area = actor.organisation.area
        return area is not None and (area.quota_area == assignment.quota_area or area.pk == assignment.filing.area_id)
    return actor.kind in (OrganisationKind.CENTRE, OrganisationKind.BUREAU)


def may_read_of_assignment(actor: Actor, assignment: Any, part: str) -> bool:
    """Who reads a file of an assignment: as of a filing."""
    return may_view_assignment(actor, assignment) and reads_part(actor, part)
