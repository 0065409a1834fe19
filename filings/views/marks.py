"""Marking the materials: the receiving office before acceptance, the centre in assessment, each on its own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts.actors import AUTHORITIES
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.refusals import Refused
from filings import workflow
from filings.forms.officers_work import MarkForm, place
from filings.models import Application
from filings.views import case, centre
from filings.views.common import application_or_404, asking, tried
from regulation.materials import MATERIALS


@require_POST
@signed_in(*AUTHORITIES)
def mark(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Mark a material. By htmx: the line anew, with actions and reasons beside it; else back to the line."""
    application = application_or_404(request, pk)
    if key not in MATERIALS:
        raise Http404
    actor, on = asking(request)
    form, status = MarkForm(request.POST), 422
    if form.is_valid():
        lapses.settle(*matter_key(application), on)
        try:
            tried(
                "mark", actor, application, workflow.mark_material, application, key, actor=actor, on=on, **form.mark()
            )
        except Refused as refused:
            place(form, refused)
            status = refused.status
        else:
            status = 200
    application = application_or_404(request, pk)
    said = {"mark_form": form, "marked": key}
    if request.headers.get("HX-Request"):
        context = case.context(application, actor, on) | said
        context["row"] = next(row for row in context["materials"] if row.material.key == key)
        return render(request, "filings/parts/marked.html", context, status=status)
    if status == 200:
        return redirect(f"{reverse('filings:application', args=[pk])}#id_material-{key}")
    return page_again(request, application, said, status)


def page_again(request: HttpRequest, application: Application, said: dict[str, Any], status: int) -> HttpResponse:
    """The whole page of whoever marks, with what was wrong with the mark."""
    actor, on = asking(request)
    if actor.kind == OrganisationKind.CENTRE:
        return centre.page(request, application, status=status, more=said)
    return render(request, "filings/application.html", case.context(application, actor, on) | said, status=status)
