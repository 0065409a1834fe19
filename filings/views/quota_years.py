"""年度名额 (M37): what holds and held, what a new number would do, what is proposed; decided by the bureau's chief."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.refusals import Reason, Refused
from core.web.charts import Chart, chart
from core.workflow import proposals
from core.workflow.attempts import attempt
from core.workflow.models import Proposal, ProposalState
from filings import board, quota
from filings.forms.officers_settings import QuotaForm
from filings.forms.officers_work import place
from filings.models import QuotaDecision, QuotaYear
from filings.quota import Places
from filings.views.common import asking, tried
from filings.workflow import places
from regulation.thresholds import THRESHOLDS

BUREAU = OrganisationKind.BUREAU
QUOTA = "filings.quotadecision"
# A handful are made a year.
MOST = 100


@dataclass(frozen=True)
class Compared:
    """A figure as it is and as it would be."""

    label: str
    now: int
    then: int

    @property
    def change(self) -> str:
        """The difference with its sign; empty where there is none."""
        return f"{self.then - self.now:+d}" if self.then != self.now else ""


@dataclass(frozen=True)
class Effect:
    """What another number would do to the city's places; waiting: initial applications in assessment."""

    now: Places
    then: Places
    waiting: int

    @property
    def rows(self) -> list[Compared]:
        """The figures side by side; what is nought either way is left out."""
        every = [
            Compared("预设数量", self.now.cap, self.then.cap),
            Compared("已备案", self.now.taken, self.then.taken),
            Compared("空余", self.now.free, self.then.free),
            Compared("超出", self.now.over, self.then.over),
            Compared("在评估的首次申请", self.waiting, self.waiting),
            Compared("其中排不上的", max(self.waiting - self.now.free, 0), max(self.waiting - self.then.free, 0)),
        ]
        return [row for row in every if row.now or row.then]


@dataclass(frozen=True)
class Line:
    """A number set for a year; proposal: who proposed and decided it, where it was set here."""

    year: int
    places: int
    source: str
    word: str
    tone: str
    proposal: Proposal | None = None


@require_http_methods(["GET", "POST"])
@signed_in(BUREAU)
def quota_years(request: HttpRequest) -> HttpResponse:
    """Show the page; a handler proposes here."""
    actor, on = asking(request)
    form = QuotaForm(request.POST if request.method == "POST" else None, initial={"year": on.year})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            attempt(
                "filings.quotadecision.set_quota", actor, None, places.propose_quota, actor=actor, on=on,
                year=data["year"], places=data["places"], source=data["source"], reason=data["reason"],
            )  # fmt: skip
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "已提议年度名额，等待负责人决定。")
            return redirect("filings:quota-years")
    return _page(request, form)


def _page(
    request: HttpRequest, form: QuotaForm, *, reasons: tuple[Reason, ...] = (), status: int = 200
) -> HttpResponse:
    actor, on = asking(request)
    found = Proposal.objects.filter(matter_type=QUOTA).select_related("proposed_user", "decided_user")
    made = list(found.order_by("-id")[:MOST])
    decisions = QuotaDecision.objects.in_bulk([int(one.matter_id) for one in made])
    pairs = [(decisions[int(one.matter_id)], one) for one in made]
    city, waiting = quota.city(on), board.for_the_city().count()

    def effect(number: int) -> Effect:
        return Effect(city, quota.city_if(number, on), waiting)

    years = list(QuotaYear.objects.order_by("year"))
    typed = request.GET.get("places", "")
    context = {
        "form": form,
        "rows": [_row(*pair, actor, effect) for pair in pairs if pair[1].state != ProposalState.DECIDED],
        "lines": _lines(years, pairs, on),
        "chart": _chart(years),
        "city": city,
        "effect": effect(int(typed)) if typed.isdecimal() and len(typed) < 5 else None,
        "unset": f"没有设定时按办法的 {THRESHOLDS['m37_city'].figure} 家掌握。",
        "may_propose": actor.role == Role.HANDLER,
        "reasons": reasons,
    }
    return render(request, "filings/quota_years.html", context, status=422 if form.errors else status)


def _chart(years: list[QuotaYear]) -> Chart | None:
    """The numbers over the years; one alone needs no picture."""
    rows = [(f"{one.year}", (one.places,)) for one in years]
    return (
        chart("每年的预设数量（家）", rows, heading="年度", series=("预设数量",), unit="家") if len(rows) > 1 else None
    )


def _row(decision: QuotaDecision, proposal: Proposal, actor: Actor, effect: Callable[[int], Effect]) -> dict[str, Any]:
    """A proposal that was not decided: what it would do while it is open, and what this actor may do with it."""
    is_open = proposal.state == ProposalState.OPEN
    own = actor.user is not None and proposal.proposed_user_id == actor.user.pk
    return {
        "decision": decision,
        "proposal": proposal,
        "effect": effect(decision.places) if is_open else None,
        "own": is_open and own,
        "decides": is_open and not own and actor.organisation_id in actor.chief_of,
    }


def _lines(years: list[QuotaYear], pairs: list[tuple[QuotaDecision, Proposal]], on: datetime.date) -> list[Line]:
    """Every number set, the newest first: of a year the one that stands, then those it replaced."""
    decided: dict[int, list[tuple[QuotaDecision, Proposal]]] = defaultdict(list)
    for decision, proposal in pairs:
        if proposal.state == ProposalState.DECIDED:
            decided[decision.year].append((decision, proposal))
    holding = max((one.year for one in years if one.year <= on.year), default=None)
    lines = []
    for row in reversed(years):
        stands = ("现行", "good") if row.year == holding else ("待生效", "info") if row.year > on.year else ("", "")
        found = decided[row.year]
        lines.append(Line(row.year, row.places, row.source, *stands, found[0][1] if found else None))
        lines += [Line(one.year, one.places, one.source, "已改", "mute", proposal) for one, proposal in found[1:]]
    return lines


@require_POST
@signed_in(BUREAU)
def act_on_quota(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Decide, give back or take back a proposed number."""
    actor, on = asking(request)
    proposal = get_object_or_404(Proposal, pk=pk, matter_type=QUOTA)
    acts: dict[str, tuple[Callable[..., Any], str, dict[str, Any]]] = {
        "decide": (proposals.decide, "已设定年度名额。", {}),
        "return": (proposals.return_, "已退回。", {"answer": request.POST.get("answer", "")}),
        "take-back": (proposals.take_back, "已收回提议。", {}),
    }
    if name not in acts:
        raise Http404
    act, done, more = acts[name]
    try:
        tried("set_quota", actor, proposals.matter_of(proposal), act, proposal, actor=actor, on=on, **more)
    except Refused as refused:
        return _page(request, QuotaForm(initial={"year": on.year}), reasons=refused.reasons, status=refused.status)
    messages.success(request, done)
    return redirect("filings:quota-years")
