"""登记送达: recording how a paper of an application or a filing was served, with proof."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.audit.matters import key as matter_key
from core.documents.models import OfficialDocument
from core.refusals import Refused
from core.workflow.spec import spec_for
from filings.forms.officers_work import ServiceForm, place
from filings.models import Application
from filings.views.common import asking, tried
from filings.workflow import serving, steps


def record(request: HttpRequest, matter: steps.Matter, paper: int, above: tuple[str, str]) -> HttpResponse:
    """Show the form, and record what it holds; by the office that issued the paper. above: the first crumb."""
    actor, on = asking(request)
    matter_type, matter_id = matter_key(matter)
    document = get_object_or_404(OfficialDocument, pk=paper, matter_type=matter_type, matter_id=matter_id)
    if not serving.is_to_agency(matter, document) or not serving.may_record_service(actor, matter, document):
        raise Http404
    title, back = matter.name or matter.agency.name, spec_for(matter_type).link(matter)
    form = ServiceForm(request.POST or None, request.FILES or None, initial={"served_on": on})
    if request.method == "POST" and form.is_valid():
        act = partial(serving.record_service, matter, document, actor=actor, on=on, **form.service())
        try:
            recorded = tried("serve", actor, matter, act)
        except Refused as refused:
            place(form, refused, file="proof")
        else:
            if recorded.no_effect:
                messages.warning(request, f"已登记送达：{document.title}。{recorded.no_effect}")
            else:
                messages.success(request, f"已登记送达：{document.title}。")
            return redirect(back)
    is_correction = document.series == "correction"
    context = {
        "title": title,
        "back": back,
        "document": document,
        "form": form,
        "to_record": serving.to_record(matter) if isinstance(matter, Application) and is_correction else "",
        "crumbs": [above, (title, back), ("登记送达", "")],
    }
    return render(request, "filings/service.html", context, status=422 if form.errors else 200)
