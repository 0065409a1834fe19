"""What several transitions of an application or a filing have in common."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Organisation, Role
from core.audit import trail
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents import service, uploads
from core.documents.models import OfficialDocument, Upload
from core.documents.papers import issuing_body
from core.refusals import NotAllowed, NotPossible, Reason
from core.workflow.spec import settles_until, spec_for
from core.workflow.transitions import Step
from filings import contents, permissions
from filings.models import Application, Assignment, Filing
from regulation.materials import MATERIALS

P = ParamSpec("P")
R = TypeVar("R")
Matter = Application | Filing | Assignment
M = TypeVar("M", Application, Filing)

AGENCY = (Role.ADMIN, Role.STAFF)
OFFICERS = (Role.HANDLER, Role.CHIEF)


def receiving(application: Application) -> Organisation:
    """Return the office that received the application. Raises ValueError before the first submission."""
    if application.receiving is None:
        raise ValueError("the application has not been submitted yet")
    return application.receiving


def issue(step: Step, series: str, *, issuer: Organisation, variant: str = "", **content: Any) -> OfficialDocument:
    """Add a paper to the agency, and serve it in the portal where the agency has consented."""
    matter = step.matter
    paper = step.document(
        series,
        issuer=issuing_body(issuer),
        addressee=matter.agency,
        content={**contents.common(matter), **content},
        variant=variant,
    )
    # Served on arrival: what a lapse issues bears the legal day, and arrives when it is carried out.
    service.serve_in_portal(paper, max(step.on, step.actor.on))
    return paper


def tell_agency(step: Step, kind: str, title: str, body: str) -> None:
    """Put a message into the agency's inbox."""
    step.message(kind, organisation=step.matter.agency, roles=AGENCY, title=title, body=body)


def tell_of_counter(step: Step) -> None:
    """Tell the agency what was done in its name at the counter; nothing where it has done so itself."""
    if permissions.on_behalf(step.actor, step.matter):
        label = spec_for(matter_key(step.matter)[0]).transitions[step.name].label
        tell_agency(
            step,
            "counter_done",
            f"窗口代录：{label}",
            f"{step.actor.office}已把您在窗口递交的书面内容录入。内容有出入的，请立即联系它。",
        )


def tell_office(
    step: Step, kind: str, office: Organisation | None, title: str, body: str, roles: tuple[str, ...] = OFFICERS
) -> None:
    """Put a message into an office's inbox; nothing where there is no such office."""
    if office is not None:
        step.message(kind, organisation=office, roles=roles, title=title, body=body)


def start_decision_clocks(step: Step, accepted_on: datetime.date) -> None:
    """Start the decision clock (15 working days, M11) and the county's share of it (M6), both from acceptance; a
    change, a renewal and what came of one are the centre's alone."""
    step.start_clock("decision", on=accepted_on)
    if receiving(step.matter) != centre():
        step.start_clock("county_recommendation", on=accepted_on, lapse="recommendation_over")


def note(matter: Matter, verb: str, *, actor: Actor, on: datetime.date, **payload: Any) -> None:
    """Record something done in a matter that changes no state."""
    trail.record(f"{matter_key(matter)[0]}.{verb}", actor=actor, on=on, matter=matter, payload=payload)


def require(allowed: bool, what: str) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed(Reason("permission", f"您现在的岗位不能{what}。"))


def require_state(matter: Matter, *states: str, what: str) -> None:
    """Raise NotPossible unless the matter is in one of the states."""
    if matter.state not in states:
        label = spec_for(matter_key(matter)[0]).label
        raise NotPossible(
            Reason("state", f"{label}现在的状态是“{matter.get_state_display()}”，不能{what}。请刷新页面。")
        )


def receive_material(application: Application, key: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take a file for a material, in one of the formats that the material names (M8). Raises Invalid."""
    return uploads.receive(file, matter=application, slot=key, actor=actor, on=on, formats=MATERIALS[key].formats)


def after_lapses(act: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
    """Let an act that is no transition see what has lapsed before its day too: carried out and committed first, then
    the act in a transaction of its own."""

    @wraps(act)
    def run(matter: M, *args: P.args, **kwargs: P.kwargs) -> R:
        actor, on = kwargs["actor"], kwargs["on"]
        assert isinstance(actor, Actor)
        assert isinstance(on, datetime.date)
        lapses.settle(*matter_key(matter), settles_until(matter, actor=actor, on=on))
        with database.atomic():
            return act(matter, *args, **kwargs)

    return run  # type: ignore[return-value]  # wraps() hides that the signature is the same


def lock(application: Application) -> Application:
    """Return the application's row, locked until the transaction ends."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


centre = permissions.centre
bureau = permissions.bureau
