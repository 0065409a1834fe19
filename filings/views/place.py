"""A place (M37): who holds it, who competes for it (side by side for the centre and the bureau, M11), who is
assigned."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.deadlines.models import Clock, ClockState
from core.reference.models import Occupation
from core.web.pagination import ListPage, by_number
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import board as boards
from filings import m7, merit, permissions, queries, quota
from filings.merit import Candidate
from filings.models import Application, CapOverride, Criterion, ExpertTask, Filing, Score
from filings.views.board import READERS
from filings.views.common import MATTER, asking

# Of the board's rows, so many stand beside the city's candidates.
BESIDE = 6


def address(cap: str) -> str:
    """Return the address of a place's page."""
    return reverse("filings:place", args=[cap])


@dataclass
class Marks:
    """One candidate's marks on one criterion: the mean of the sheets, and each sheet's with its reason."""

    mean: str
    full: int
    scores: list[tuple[ExpertTask, Score]] = field(default_factory=list)


@dataclass
class Column:
    """One candidate as the page shows it."""

    candidate: Candidate
    safe: bool  # within the places that are free, as it stands today
    sheets: list[ExpertTask]
    marks: list[Marks | None]
    failing: list[m7.Check]
    judged: int
    due_on: datetime.date | None
    proposal: str

    @property
    def application(self) -> Application:
        """Its application."""
        return self.candidate.application

    @property
    def unmet(self) -> str:
        """How many conditions do not hold, in words."""
        return f"{len(self.failing)} 项不符合或待放宽"

    @property
    def since(self) -> list[datetime.date]:
        """The days from which the criteria hold that it was marked by."""
        return sorted({score.criterion.since for task in self.sheets for score in task.scores.all()})


@require_safe
@signed_in(*READERS)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A place's figures; who competes for it: side by side for who may compare, else what the county sees of it; who
    holds it, why it is over the cap, who is assigned."""
    actor, on = asking(request)
    found = boards.place(key, on)
    if found is None:
        raise Http404("没有这一名额。")
    places, waiting = found["places"], found["waiting"]
    visible = queries.visible_to(actor)
    seen = set(visible.filter(pk__in=[one.pk for one in waiting]).values_list("pk", flat=True))
    offers = queries.assignments_visible_to(actor).filter(state__in=("offered", "consented"))
    overrides = CapOverride.objects.filter(
        cap=key, granted=True, application__state="approved", application__in=visible
    )
    centre = actor.kind == OrganisationKind.CENTRE
    context = {
        **found,
        "beside": _beside(found["occupation"], on),
        "contested": len(waiting) > places.free,
        "waiting": [one for one in waiting if one.pk in seen],
        "hidden": len(waiting) - len(seen),
        "holders": _holders(found["holders"], request.GET, actor),
        "overrides": overrides.select_related("application").order_by("-decided_on", "-id"),
        "offers": offers.filter(occupation=found["occupation"], quota_area=found["area"]),
        "may_offer": centre and actor.role == Role.HANDLER,
        "compares": permissions.may_compare(actor),
        "crumbs": [("名额看板", reverse("filings:quota-board")), (places.label, "")],
    }
    if context["compares"]:
        criteria, columns = side_by_side(merit.standings([key], on)[key], places, on)
        context["columns"] = columns
        context["criteria"] = [
            (one, [(column, column.marks[at]) for column in columns]) for at, one in enumerate(criteria)
        ]
    return render(request, "filings/place.html", context)


def _beside(occupation: Occupation | None, on: datetime.date) -> dict[str, Any]:
    """The rows of the board beside the place: its occupation's, or for the city those that are waited for."""
    found = boards.board(on, text=occupation.pk) if occupation else boards.board(on, show="waiting", sort="waiting")
    return {"areas": found["areas"], "rows": found["rows"][:BESIDE]}


def _holders(holders: QuerySet[Filing], params: Mapping[str, Any], actor: Actor) -> ListPage:
    """A page of those who hold the place, each with whether the actor sees its filing."""
    page = by_number(holders, params)
    seen = queries.filings_visible_to(actor).filter(pk__in=[one.pk for one in page])
    visible = set(seen.values_list("pk", flat=True))
    return page.with_items([(one, one.pk in visible) for one in page])


def side_by_side(
    found: Sequence[Candidate], place: quota.Places, on: datetime.date
) -> tuple[list[Criterion], list[Column]]:
    """Return the criteria that any of them was marked by, and a column for each; a fixed number of queries."""
    applications = [one.application for one in found]
    prefetch_related_objects(
        applications,
        "assessment__tasks__scores__criterion",
        "assessment__tasks__expert__user",
        "opinions",
        "scope__occupation",
    )
    checks = m7.checks_of_many(applications, on)
    keys = [str(one.pk) for one in applications]
    mine = {"matter_type": MATTER, "matter_id__in": keys}
    due = dict(
        Clock.objects.filter(**mine, kind="decision", state=ClockState.RUNNING).values_list("matter_id", "due_on")
    )
    proposed = dict(Proposal.objects.filter(**mine, state=ProposalState.OPEN).values_list("matter_id", "transition"))
    rules = spec_for(MATTER).transitions
    sheets = {
        one.pk: [task for task in one.assessment.tasks.all() if task.done_on] if hasattr(one, "assessment") else []
        for one in applications
    }
    marked = [score.criterion for tasks in sheets.values() for task in tasks for score in task.scores.all()]
    criteria = sorted({one.pk: one for one in marked}.values(), key=lambda one: one.pk)
    code = place.key.partition(":")[2]
    columns = []
    for one in found:
        pk = one.application.pk
        about = [check for check in checks[pk] if not code or check.occupation in ("", code)]
        columns.append(
            Column(
                candidate=one,
                safe=one.overridden or (one.rank is not None and _places_up_to(found, one) <= place.free),
                sheets=sheets[pk],
                marks=[_marks(sheets[pk], criterion) for criterion in criteria],
                failing=[check for check in about if not check.holds],
                judged=sum(check.result == m7.Result.JUDGE for check in about),
                due_on=due.get(str(pk)),
                proposal=f"已提议{rules[proposed[str(pk)]].label}" if str(pk) in proposed else "",
            )
        )
    return criteria, columns


def _places_up_to(found: Sequence[Candidate], one: Candidate) -> int:
    """How many stand before it or level with it, itself among them."""
    return sum(other.score is not None and not other.overridden and other.key >= one.key for other in found)


def _marks(sheets: list[ExpertTask], criterion: Criterion) -> Marks | None:
    scores = [(task, s) for task in sheets for s in task.scores.all() if s.criterion_id == criterion.pk]
    if not scores:
        return None
    mean = Decimal(sum(score.marks for _, score in scores)) / len(scores)
    return Marks(merit.points(mean), scores[0][1].full_marks, scores)


def compared(application: Application, places: Sequence[quota.Places], on: datetime.date) -> dict[str, merit.Choice]:
    """Return {place: how the application stands there today}, of everything it asks for."""
    granted = list(application.scope.values_list("occupation_id", flat=True))
    return {one.places.key: one for one in merit.choices(application, places, granted, on)}
