"""候选对照: one place, who holds it, and who competes for it side by side (M11, M37); for the centre and the bureau."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.accounts.sessions import signed_in
from core.deadlines.models import Clock, ClockState
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import spec_for
from filings import m7, merit, permissions, quota
from filings.merit import Candidate
from filings.models import Application, Criterion, ExpertTask, Score
from filings.views.common import MATTER, asking


def address(cap: str) -> str:
    """Return the address of a place's page."""
    return reverse("filings:candidates", args=[cap])


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


@require_GET
@signed_in(*permissions.COMPARING)
def candidates(request: HttpRequest, key: str) -> HttpResponse:
    """The place's figures, who holds it, and the candidates side by side, the best first."""
    _, on = asking(request)
    place = merit.place(key, on)
    if place is None:
        raise Http404("没有这一名额。")
    found = merit.standings([key], on)[key]
    criteria, columns = side_by_side(found, place, on)
    context = {
        "place": place,
        "urgent": key.partition(":")[2] in m7.urgent_codes(on),
        "is_city": key == quota.CITY,
        "columns": columns,
        "criteria": [(one, [(column, column.marks[at]) for column in columns]) for at, one in enumerate(criteria)],
        "holders": merit.holders(key, on),
        "crumbs": [("名额看板", reverse("filings:quota-board")), (place.label, "")],
    }
    return render(request, "filings/candidates.html", context)


def side_by_side(
    found: Sequence[Candidate], place: quota.Places, on: datetime.date
) -> tuple[list[Criterion], list[Column]]:
    """Return the criteria that any of them was marked by, and a column for each; a fixed number of queries."""
    applications = [one.application for one in found]
    prefetch_related_objects(
        applications, "assessment__tasks__scores__criterion", "assessment__tasks__expert__user", "opinions"
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
