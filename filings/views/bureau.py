"""The municipal bureau: every application to read, caps to override, the urgent list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.refusals import Refused
from core.workflow.attempts import attempt
from filings.forms.officers_settings import UrgentForm
from filings.forms.officers_work import place
from filings.models import Application, UrgentOccupation
from filings.views import case, sheets
from filings.views.common import asking
from filings.workflow import places

BUREAU = OrganisationKind.BUREAU


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """The case, to read; a full cap can be overridden from here."""
    actor, on = asking(request)
    context = case.context(application, actor, on)
    context |= {"assessment": sheets.assessment_context(application), "places": case.places(application, actor, on)}
    return render(request, "filings/assessment.html", context)


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
