"""The centre: the assessment with experts, visit and report on the application's page; the board of places."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.documents.models import Upload
from core.reference import settings
from core.refusals import Refused
from filings import conditions, lateness, permissions, workflow
from filings.enums import ApplicationState
from filings.forms.officers_work import ExpertForm, FoundDayForm, ReportForm, VisitForm, place
from filings.models import Application, ExpertTask
from filings.views import beside, case, sheets
from filings.views.agency_common import shown
from filings.views.common import application_or_404, asking, tried

CENTRE = OrganisationKind.CENTRE


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """The case with its assessment and the places it would take."""
    return page(request, application)


def page(
    request: HttpRequest,
    application: Application,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
    **bound: forms.Form,
) -> HttpResponse:
    """The same page again. bound: a form of the work that came back with reasons; more: what else is said on it."""
    actor, on = asking(request)
    context = case.context(application, actor, on) | dict(more or {})
    context |= {"assessment": sheets.assessment_context(application), "places": case.places(application, actor, on)}
    if context["assessment"] and _at_work(application, actor):
        about = {"application": application, "actor": actor, "on": on}
        row = context["assessment"]["row"]
        context["work"] = {
            "expert": bound.get("expert") or ExpertForm(**about),
            "visit": bound.get("visit") or VisitForm(initial={"visit_on": row.visit_on or on, "note": row.visit_note}),
            "report": bound.get("report") or ReportForm(application=application, initial={"text": row.report}),
        }
    if _may_find(application, actor):
        said = {"found_on": application.found_on, "note": application.found_note}
        context["found"] = bound.get("found") or FoundDayForm(initial=said)
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
    back: str = "#id_experts",
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
            return redirect(reverse("filings:application", args=[application.pk]) + back)
    return page(request, application, status=status, **{slot: form})


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
    form = ReportForm(request.POST, application=application)

    def act() -> Any:
        return workflow.write_report(application, actor=actor, on=on, **form.cleaned_data)

    done = f"{form.fields['text'].label}已保存。"
    return _run(request, application, "write_report", form, act, done, "report")


# -- a reported change -------------------------------------------------------------------------------------------


def _may_find(application: Application, actor: Any) -> bool:
    return (
        application.state in (ApplicationState.ACCEPTED, ApplicationState.ASSESSING)
        and lateness.reports(application)
        and bool(permissions.is_centre_handler.test(actor, application))
    )


@require_POST
@signed_in(CENTRE)
def record_found_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Record on what day a reported change happened, as found (M13)."""
    application = application_or_404(request, pk)
    actor, on = asking(request)
    form = FoundDayForm(request.POST, request.FILES)

    def act() -> Any:
        return workflow.record_found_day(application, actor=actor, on=on, **form.cleaned_data)

    done = "已登记查明的变更之日。"
    return _run(request, application, "record_found_day", form, act, done, "found", back="#asked-title")


# -- a commissioned assessor ---------------------------------------------------------------------------------------


def qualification_part(application: Application, on: datetime.date, error: str = "") -> dict[str, Any]:
    """The upload of a commissioned assessor's qualification as components/upload.html takes it."""
    matter_type, matter_id = matter_key(application)
    rows = Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot=conditions.QUALIFICATION)
    versions = [shown(upload) for upload in rows.order_by("-version")]
    return {
        "id": "id_qualification",
        "url": reverse("filings:qualification", args=[application.pk]),
        "label": "受托评估机构的资质证明",
        "citation": "M11",
        "accept": ".pdf,.jpg,.jpeg,.png",
        "camera": True,
        "limit_mb": settings.value("upload_max_mb", on),
        "hint": "选择委托评估机构的，先上传资质证明。",
        "current": versions[0] if versions else None,
        "versions": versions[1:],
        "error": error,
    }


@require_POST
@signed_in(CENTRE)
def upload_qualification(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the paper."""
    return beside.take(
        request,
        application_or_404(request, pk),
        workflow.upload_qualification,
        qualification_part,
        transition="start_assessment",
        done="资质证明已上传。",
    )
