"""市内调配 (M37): offered by the centre, answered by the agency, made and ended by two people; each sees its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.reference.models import Occupation
from core.refusals import Reason, Refused
from core.web.pagination import by_number
from core.workflow import proposals
from core.workflow.attempts import attempt
from core.workflow.models import ProposalState
from core.workflow.offers import offers
from filings import assignments, contenders, queries
from filings.enums import AssignmentState
from filings.forms.board import AnswerForm, OfferForm, ReasonForm
from filings.forms.officers_work import place
from filings.models import Assignment
from filings.views import case, service
from filings.views.common import asking, tried
from filings.views.place import address
from filings.workflow import assignments as workflow

K, S = OrganisationKind, AssignmentState
SIDES = (K.AGENCY, K.COUNTY, K.CENTRE, K.BUREAU)
TONES: dict[str, str] = {S.OFFERED: "warn", S.CONSENTED: "info", S.IN_FORCE: "good", S.DECLINED: "bad"}
FORMS: dict[str, type[forms.Form]] = {
    "consent": AnswerForm,
    "decline": AnswerForm,
    "take_back": ReasonForm,
    "end": ReasonForm,
}


@require_safe
@signed_in(K.COUNTY, K.CENTRE, K.BUREAU)
def listed(request: HttpRequest) -> HttpResponse:
    """The assignments this office sees: what is under way, in force, over."""
    actor, _ = asking(request)
    state = request.GET.get("state", "")
    rows = queries.assignments_visible_to(actor)
    rows = rows.filter(state=state) if state in S.values else rows
    context = {
        "page": by_number(rows.order_by("-id"), request.GET),
        "state": state,
        "states": S.choices,
        "tones": TONES,
    }
    return render(request, "filings/assignments.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(K.CENTRE)
def offer(request: HttpRequest) -> HttpResponse:
    """Offer an agency an assignment, to the occupation and area in the address."""
    actor, on = asking(request)
    occupation = get_object_or_404(Occupation, pk=request.GET.get("occupation", ""))
    area = request.GET.get("area", "")
    if not assignments.is_quota_area(area):
        raise Http404
    about = {"occupation": occupation, "quota_area": area, "on": on}
    form = OfferForm(request.POST if request.method == "POST" else None, **about)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = attempt(
                f"{workflow.MATTER}.offer", actor, None, workflow.offer, data.pop("filing"), actor=actor, on=on,
                occupation=occupation, quota_area=area, **data,
            )  # fmt: skip
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "已请机构答复。机构同意后，再提议调配。")
            return redirect("filings:assignment", row.pk)
    context = {
        "form": form,
        "occupation": occupation,
        "area": area,
        "found": form.fields["filing"].queryset.exists(),  # type: ignore[attr-defined]
        "crumbs": [
            ("名额看板", reverse("filings:quota-board")),
            (f"{area}{occupation.name}", address(contenders.key(area, occupation.pk))),
            ("调配", ""),
        ],
    }
    return render(request, "filings/assignment_offer.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, pk: int) -> Assignment:
    actor, _ = asking(request)
    found = queries.assignments_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这件调配。")
    return found


@require_safe
@signed_in(*SIDES)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment, with what this side can do about it."""
    return _page(request, _found(request, pk))


def _page(
    request: HttpRequest,
    found: Assignment,
    *,
    reasons: tuple[Reason, ...] = (),
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, on = asking(request)
    offered = [one for one in offers(found, actor, on) if one.concerns]
    proposal = proposals.open_for(found) if actor.kind in (K.CENTRE, K.BUREAU) else None
    own = proposal is not None and actor.user is not None and proposal.proposed_user_id == actor.user.pk
    acts = [
        {"offer": one, "form": (bound or {}).get(one.name) or FORMS.get(one.name, forms.Form)(prefix=one.name)}
        for one in offered
        if one.mode != "decide"
    ]
    context = {
        "row": found,
        "tone": TONES.get(found.state, "mute"),
        "stands": assignments.stands(found, on),
        "facts": _facts(found),
        "acts": acts,
        "decide": next((one for one in offered if one.mode == "decide"), None),
        "proposal": proposal,
        "own": own,
        "papers": case.papers(found, actor, on),
        "reasons": reasons,
        "cell_url": "" if actor.kind == K.AGENCY else _cell_url(found),
        "crumbs": [
            _above(actor),
            (found.filing.name, ""),
        ],
    }
    return render(request, "filings/assignment.html", context, status=status)


def _above(actor: Actor) -> tuple[str, str]:
    """The page from which one comes to an assignment: an agency has one, an office a list."""
    if actor.kind == K.AGENCY:
        return "工作台", reverse("desks:home")
    return "市内调配", reverse("filings:assignments")


def _cell_url(found: Assignment) -> str:
    return address(contenders.key(found.quota_area, found.occupation_id))


def _facts(found: Assignment) -> list[dict[str, Any]]:
    return [
        {"term": "机构", "value": found.filing.name, "note": found.filing.code, "wide": True},
        {"term": "职业（工种）", "value": found.occupation.name, "note": found.occupation_id},
        {"term": "调配到", "value": found.quota_area},
        {"term": "评价地点", "value": found.site, "wide": True},
        {"term": "理由", "value": found.reason, "wide": True, "citation": "M37"},
    ]


@require_http_methods(["GET", "POST"])
@signed_in(K.CENTRE, K.BUREAU)
def record_service(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """登记送达 of a paper of an assignment."""
    return service.record(request, _found(request, pk), paper, ("市内调配", reverse("filings:assignments")))


@require_POST
@signed_in(*SIDES)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Answer, take back, propose; decide, give back or take back what is proposed."""
    found = _found(request, pk)
    name = name.replace("-", "_")
    actor, on = asking(request)
    by = {"actor": actor, "on": on}
    form = FORMS.get(name, forms.Form)(request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, found, bound={name: form}, status=422)
    do, done = _deed(request, found, name, form.cleaned_data, by)
    try:
        tried(name, actor, found, do)
    except Refused as refused:
        found.refresh_from_db()
        place(form, refused)
        left = tuple(reason for reason in refused.reasons if reason.field not in form.fields)
        return _page(request, found, bound={name: form}, reasons=left, status=refused.status)
    messages.success(request, done)
    return redirect("filings:assignment", pk)


def _deed(
    request: HttpRequest, found: Assignment, name: str, data: dict[str, Any], by: dict[str, Any]
) -> tuple[Callable[[], Any], str]:
    """Return what to do for a name in the address, and what to say when it is done. Raises Http404."""
    alone: dict[str, tuple[Callable[..., Any], str]] = {
        "consent": (workflow.consent, "已答复：同意调配。市中心作出决定后生效。"),
        "decline": (workflow.decline, "已答复：不同意调配。"),
        "take_back": (workflow.take_back, "已取消这件调配。"),
    }
    if name in alone:
        function, done = alone[name]
        return partial(function, found, **data, **by), done
    if name in ("make", "end"):
        return partial(proposals.propose, found, name, payload=data, **by), "已提议，等待负责人决定。"
    proposal = proposals.of(found).filter(state=ProposalState.OPEN).first()
    answer = request.POST.get("answer", "")
    on_proposal: dict[str, tuple[Callable[..., Any], dict[str, Any], str]] = {
        "decide": (proposals.decide, {}, "已决定。"),
        "return": (proposals.return_, {"answer": answer}, "已退回。"),
        "withdraw_proposal": (proposals.take_back, {}, "已收回提议。"),
    }
    if proposal is None or name not in on_proposal:
        raise Http404
    function, more, done = on_proposal[name]
    return partial(function, proposal, **more, **by), done
