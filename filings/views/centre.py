"""The centre: the assessment with experts, visit and report on the application's page; the board of places."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.refusals import Refused
from filings import permissions, quota, workflow
from filings.enums import ApplicationState
from filings.forms.officers_work import ExpertForm, ReportForm, VisitForm, place
from filings.models import Application, ExpertTask
from filings.views import case, sheets
from filings.views.common import application_or_404, asking, tried

CENTRE = OrganisationKind.CENTRE


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """The case with its assessment and the places it would take."""
    return _page(request, application)


def _page(request: HttpRequest, application: Application, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    actor, on = asking(request)
    context = case.context(application, actor, on)
    context |= {"assessment": sheets.assessment_context(application), "places": case.places(application, on)}
    if context["assessment"] and _at_work(application, actor):
        about = {"application": application, "actor": actor, "on": on}
        row = context["assessment"]["row"]
        context["work"] = {
            "expert": bound.get("expert") or ExpertForm(**about),
            "visit": bound.get("visit") or VisitForm(initial={"visit_on": row.visit_on or on, "note": row.visit_note}),
            "report": bound.get("report") or ReportForm(initial={"text": row.report}),
        }
    return render(request, "filings/assessment.html", context, status=status)


def _at_work(application: Application, actor: Any) -> bool:
    return application.state == ApplicationState.ASSESSING and bool(
        permissions.is_centre_handler.test(actor, application)
    )


# -- the assessment's work ---------------------------------------------------------------------------------------


def _work(request: HttpRequest, pk: int) -> Application:
    """Return an application under assessment, its lapses carried out; 404 for whoever does not see it."""
    application = application_or_404(request, pk)
    _, on = asking(request)
    lapses.settle(*matter_key(application), on)
    application.refresh_from_db()
    if not hasattr(application, "assessment"):
        raise Http404
    return application


def _run(
    request: HttpRequest,
    application: Application,
    name: str,
    form: forms.Form,
    act: Callable[[], Any],
    done: str,
    slot: str,
) -> HttpResponse:
    actor, _ = asking(request)
    status = 422
    if form.is_valid():
        try:
            tried(name, actor, application, act)
        except Refused as refused:
            place(form, refused)
            status = refused.status
        else:
            messages.success(request, done)
            return redirect(reverse("filings:application", args=[application.pk]) + "#id_experts")
    return _page(request, application, status=status, **{slot: form})


@require_POST
@signed_in(CENTRE)
def assign_expert(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an expert on the list."""
    application = _work(request, pk)
    actor, on = asking(request)
    form = ExpertForm(request.POST, application=application, actor=actor, on=on)

    def act() -> Any:
        return workflow.assign_expert(application, form.cleaned_data["expert"], actor=actor, on=on)

    return _run(request, application, "assign_expert", form, act, "已指派专家。", "expert")


@require_POST
@signed_in(CENTRE)
def withdraw_expert(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    """Take an expert off the list."""
    application = _work(request, pk)
    actor, on = asking(request)
    found = get_object_or_404(ExpertTask, pk=task, assessment=application.assessment)
    try:
        tried("withdraw_expert", actor, application, workflow.withdraw_expert, found, actor=actor, on=on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, "已撤回专家任务。")
    return redirect(reverse("filings:application", args=[pk]) + "#id_experts")


@require_POST
@signed_in(CENTRE)
def record_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the site visit."""
    application = _work(request, pk)
    actor, on = asking(request)
    form = VisitForm(request.POST, request.FILES)

    def act() -> Any:
        return workflow.record_visit(application, actor=actor, on=on, **form.cleaned_data)

    return _run(request, application, "record_visit", form, act, "已登记现场考察。", "visit")


@require_POST
@signed_in(CENTRE)
def write_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report."""
    application = _work(request, pk)
    actor, on = asking(request)
    form = ReportForm(request.POST)

    def act() -> Any:
        return workflow.write_report(application, actor=actor, on=on, **form.cleaned_data)

    return _run(request, application, "write_report", form, act, "评估报告已保存。", "report")


# -- places ------------------------------------------------------------------------------------------------------


@require_GET
@signed_in(CENTRE, OrganisationKind.BUREAU, OrganisationKind.COUNTY)
def board(request: HttpRequest) -> HttpResponse:
    """名额看板: occupation × area, places taken of the cap, and who waits."""
    _, on = asking(request)
    return render(request, "filings/board.html", quota.board(on, text=request.GET.get("q", "").strip()))
