"""The municipal bureau: every application to read, caps to override, the year's number, the urgent list."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.refusals import Reason, Refused
from core.workflow import proposals
from core.workflow.attempts import attempt
from core.workflow.models import Proposal, ProposalState
from filings import board, quota
from filings.forms.officers_settings import QuotaForm, UrgentForm
from filings.forms.officers_work import place
from filings.models import Application, QuotaDecision, QuotaYear, UrgentOccupation
from filings.views import case, sheets
from filings.views.common import asking, tried
from filings.workflow import places
from regulation.thresholds import THRESHOLDS

BUREAU = OrganisationKind.BUREAU
QUOTA = "filings.quotadecision"


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """The case, to read; a full cap can be overridden from here."""
    actor, on = asking(request)
    context = case.context(application, actor, on)
    context |= {"assessment": sheets.assessment_context(application), "places": case.places(application, actor, on)}
    return render(request, "filings/assessment.html", context)


# -- the year's number -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in(BUREAU)
def quota_years(request: HttpRequest) -> HttpResponse:
    """年度名额: what holds and held, what is proposed; a handler proposes here."""
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
    return _quota_page(request, form)


def _quota_page(
    request: HttpRequest, form: QuotaForm, *, reasons: tuple[Reason, ...] = (), status: int = 200
) -> HttpResponse:
    actor, on = asking(request)
    made = {str(one.pk): one for one in QuotaDecision.objects.all()[:50]}
    found = Proposal.objects.filter(matter_type=QUOTA, matter_id__in=list(made)).select_related("proposed_by")
    user = actor.user.pk if actor.user else 0
    chief = bool(actor.chief_of & {actor.organisation_id})
    tried_number = request.GET.get("places", "")
    rows = [
        {
            "decision": made[one.matter_id],
            "proposal": one,
            "effect": quota.city_if(made[one.matter_id].places, on) if one.state == ProposalState.OPEN else None,
            "own": one.state == ProposalState.OPEN and one.proposed_user_id == user,
            "decides": one.state == ProposalState.OPEN and one.proposed_user_id != user and chief,
        }
        for one in found.order_by("-id")
    ]
    histories: dict[int, list[Any]] = defaultdict(list)
    for changed in QuotaYear.history.order_by("-history_date"):
        histories[changed.id].append(changed)
    years = [{"row": row, "history": histories[row.pk]} for row in QuotaYear.objects.order_by("-year")]
    context = {
        "form": form,
        "rows": rows,
        "years": years,
        "city": quota.city(on),
        "effect": quota.city_if(int(tried_number), on) if tried_number.isdecimal() and len(tried_number) < 5 else None,
        "waiting": board.for_the_city().count(),
        "unset": f"没有设定时按办法的 {THRESHOLDS['m37_city'].figure} 家掌握。",
        "may_propose": actor.role == Role.HANDLER,
        "reasons": reasons,
    }
    return render(request, "filings/quota_years.html", context, status=422 if form.errors else status)


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
        return _quota_page(
            request, QuotaForm(initial={"year": on.year}), reasons=refused.reasons, status=refused.status
        )
    messages.success(request, done)
    return redirect("filings:quota-years")


# -- the urgent list ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in(BUREAU)
def urgent(request: HttpRequest) -> HttpResponse:
    """急需紧缺目录: what stands on it and stood; an occupation is put on it from a day on."""
    actor, on = asking(request)
    form = UrgentForm(request.POST if request.method == "POST" else None, initial={"since": on})
    if form.is_bound and form.is_valid():
        try:
            attempt("filings.urgent.list", actor, None, places.list_urgent, actor=actor, on=on, **form.cleaned_data)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "已列入急需紧缺目录。")
            return redirect("filings:urgent")
    rows = UrgentOccupation.objects.select_related("occupation").order_by("until", "occupation_id")
    context = {"form": form, "rows": [{"row": row, "holds": row.since <= on and row.until is None} for row in rows]}
    return render(request, "filings/urgent.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(BUREAU)
def unlist_urgent(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an occupation off the list."""
    actor, on = asking(request)
    row = get_object_or_404(UrgentOccupation, pk=pk)
    try:
        attempt("filings.urgent.unlist", actor, row, places.unlist_urgent, row, actor=actor, on=on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, "已移出急需紧缺目录，今天为最后一日。")
    return redirect("filings:urgent")
