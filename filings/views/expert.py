"""The expert's desk: only what is assigned, until the sheet is in."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.deadlines.models import Clock, ClockState
from core.refusals import Refused
from filings import asked, pending, permissions, workflow
from filings.enums import ApplicationState
from filings.forms.officers_work import SheetForm, place
from filings.models import Application, ExpertTask
from filings.views import case, evidence, particulars
from filings.views.common import asking, tried
from filings.workflow.assessing import criteria

expert = signed_in(OrganisationKind.EXPERTS, roles=(Role.EXPERT,))


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """An expert's page of an application is its task."""
    actor, _ = asking(request)
    task = application.assessment.tasks.get(expert=actor.position, done_on=None, withdrawn_on=None)
    return redirect("filings:expert-task", pk=task.pk)


def _decided_by(application: Application) -> datetime.date | None:
    """The last day of the decision that the sheet is for (M11)."""
    matter_type, matter_id = matter_key(application)
    running = Clock.objects.filter(
        matter_type=matter_type, matter_id=matter_id, kind="decision", state=ClockState.RUNNING
    )
    return running.values_list("due_on", flat=True).first()


@require_GET
@expert
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for this expert, the oldest assignment first."""
    actor, _ = asking(request)
    return render(request, "filings/expert_tasks.html", {"rows": pending.expert_tasks(actor)})


@require_http_methods(["GET", "POST"])
@expert
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The materials and the score sheet; once the sheet is in, no more than that it is."""
    actor, on = asking(request)
    found = (
        ExpertTask.objects.select_related("assessment__application__agency")
        .filter(pk=pk, expert=actor.position)
        .first()
    )
    if found is None:
        raise Http404("没有这项评审任务。")
    if found.done_on or found.withdrawn_on or found.assessment.application.state != ApplicationState.ASSESSING:
        # Sent twice is done; whoever was taken off while writing is told so.
        late = request.method == "POST" and not found.done_on
        return render(request, "filings/expert_task_done.html", {"task": found}, status=409 if late else 200)
    application = found.assessment.application
    if not permissions.may_view(actor, application):
        raise Http404("没有这项评审任务。")
    form = SheetForm(request.POST if request.method == "POST" else None, criteria=criteria(found.assessment.started_on))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            lapses.settle(*matter_key(application), on)
            data = form.cleaned_data
            try:
                tried(
                    "submit_sheet", actor, application, workflow.submit_sheet, found, actor=actor, on=on,
                    marks=form.marks(), positive=data["positive"], opinion=data["opinion"],
                )  # fmt: skip
            except Refused as refused:
                place(form, refused)
                status = refused.status
            else:
                messages.success(request, "评审表已提交，谢谢。提交后不再能查看这份申请。")
                return redirect("filings:expert-tasks")
    scope = list(application.scope.select_related("occupation").prefetch_related("sites"))
    names = {item.occupation_id: item.occupation.name for item in scope}
    checks = asked.checks(application, on)
    assessment = found.assessment
    context = {
        "task": found,
        "application": application,
        "title": application.name or application.agency.name,
        "scope_words": evidence.scope_words(scope),
        "materials": evidence.materials(application, checks, names, with_marks=False),
        **evidence.conditions(checks, names),
        **particulars.context(application, scope, checks, contacts=False),
        "assessment": assessment,
        "due_on": _decided_by(application),
        "visit_file": case.file_link(assessment.visit_upload) if assessment.visit_upload else None,
        "form": form,
        "crumbs": [("评审任务", reverse("filings:expert-tasks")), (application.number, "")],
    }
    return render(request, "filings/expert_task.html", context, status=status)
