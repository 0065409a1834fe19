"""The reviewer's marks on the parts of the form, beside the data they are about."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts.actors import AUTHORITIES
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.deadlines import lapses
from core.refusals import Refused
from filings import workflow
from filings.forms.officers_work import PartMarkForm, place
from filings.parts import PARTS
from filings.views import case
from filings.views.common import application_or_404, asking, tried
from filings.views.marks import page_again


@require_POST
@signed_in(*AUTHORITIES)
def mark(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Mark a part. By htmx: its heading anew, with actions and reasons beside it; else back to the part."""
    application = application_or_404(request, pk)
    if key not in PARTS:
        raise Http404
    actor, on = asking(request)
    form, status = PartMarkForm(request.POST), 422
    if form.is_valid():
        lapses.settle(*matter_key(application), on)
        try:
            tried(
                "mark_part", actor, application, workflow.mark_part, application, key, actor=actor, on=on, **form.mark()
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
        context["row"] = context["parts"][key]
        return render(request, "filings/parts/part_marked.html", context, status=status)
    if status == 200:
        return redirect(f"{reverse('filings:application', args=[pk])}#id_part-{key}")
    return page_again(request, application, said, status)
