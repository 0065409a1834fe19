"""窗口代录: a handler finds the agency or enters one without an account, begins its application, scans what is signed.

The rest is the agency's own wizard and answers (agency_*.py), opened by permissions.acts_for_agency."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import Organisation, OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.refusals import Refused
from core.workflow.attempts import attempt
from filings import counter, pending, permissions, workflow
from filings.enums import OPEN_STATES, ApplicationKind
from filings.forms.counter import DayForm, FindForm, NewAgencyForm, StartForm
from filings.forms.officers_work import place
from filings.views import agency_common as common
from filings.views import agency_steps, counter_parts

# The two offices that receive, and the bureau where it stands in for one of them: pending.enterable says for whom.
at_counter = signed_in(*AUTHORITIES, roles=(Role.HANDLER,))


@require_GET
@at_counter
def desk(request: HttpRequest) -> HttpResponse:
    """The agencies found, what can be begun for each, and the entries that are not handed in yet."""
    actor = common.actor_of(request)
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = list(pending.enterable(actor, text)) if text else []
    context = {
        "find": form,
        "text": text,
        "rows": [_row(agency, actor) for agency in found],
        "drafts": pending.entered_drafts(actor),
        "may_register": actor.kind == OrganisationKind.COUNTY,
        "stands_in": actor.kind == OrganisationKind.BUREAU,
        "on": actor.on,
    }
    return render(request, "filings/counter.html", context)


def _row(agency: Organisation, actor: Actor) -> dict[str, Any]:
    """An agency with what can be begun for it here; what is under way stands in its place."""
    under_way = {one.kind: one for one in agency.applications.filter(state__in=OPEN_STATES)}
    ways = [
        {"kind": kind.value, "label": kind.label, "under_way": under_way.get(kind.value)}
        for kind in ApplicationKind
        if permissions.may_enter(actor, agency, kind)
    ]
    return {
        "agency": agency,
        "open": [way for way in ways if not way["under_way"]],
        "under_way": [way for way in ways if way["under_way"]],
        "form": StartForm(on=actor.on, auto_id=f"id_{agency.pk}-%s"),
        "has_account": agency.positions.exists(),
    }


@require_POST
@at_counter
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application for an agency, with the day on which it was handed over."""
    actor = common.actor_of(request)
    pk, kind = request.POST.get("agency", ""), request.POST.get("kind", "")
    common.one_of(kind, dict(ApplicationKind.choices))
    agency = get_object_or_404(pending.enterable(actor), pk=int(pk) if pk.isascii() and pk.isdigit() else 0)
    back = redirect(f"{reverse('filings:counter')}?q={agency.credit_code}")
    form = StartForm(request.POST, on=actor.on)
    if not form.is_valid():
        messages.error(request, f"{agency.name}：请填写窗口递交日期。")
        return back
    try:
        act = partial(workflow.create_application, kind=kind, agency=agency, **form.cleaned_data)
        application = attempt("filings.application.create", actor, None, act, actor=actor, on=actor.on)
    except Refused as refused:
        messages.error(request, f"{agency.name}：{common.said(refused)}")
        return back
    return redirect("filings:agency-step", application.pk, agency_steps.ORDER[0])


@require_http_methods(["GET", "POST"])
@signed_in(OrganisationKind.COUNTY, roles=(Role.HANDLER,))
def new_agency(request: HttpRequest) -> HttpResponse:
    """Enter an agency without an account, by the papers seen at the counter."""
    actor = common.actor_of(request)
    form = NewAgencyForm(request.POST or None, request.FILES or None, initial={"credit_code": request.GET.get("code")})
    if request.method == "POST" and form.is_valid():
        act = partial(workflow.register_agency, actor=actor, on=actor.on, **form.cleaned_data)
        try:
            agency = attempt("filings.claim.make", actor, None, act)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, f"{agency.name}：已登记并核实。现在可以代录它的申请。")
            return redirect(f"{reverse('filings:counter')}?q={agency.credit_code}")
    context = {
        "form": form,
        "area": actor.office.area,
        "crumbs": [("窗口代录", reverse("filings:counter")), ("登记机构", "")],
    }
    return render(request, "filings/counter_agency.html", context, status=422 if form.errors else 200)


@require_POST
@common.for_acting
def scan(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take the scan of a signed paper. Answers the script with the part anew, others with the page they came from."""
    common.one_of(act, counter.PAPERS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    if not permissions.on_behalf(actor, application):
        raise Http404
    form = DayForm(request.POST, on=actor.on)
    dated = act == "submit" or form.is_valid()
    file, error = request.FILES.get("file"), "请先选择文件。" if dated else "请先填写机构交来这份材料的日期。"
    if file is not None and dated:
        try:
            day = {"counter_on": form.cleaned_data["counter_on"]} if act != "submit" else {}
            common.act("counter_scan", actor, application, workflow.upload_scan, act, file, **day)
            error = ""
        except Refused as refused:
            error = common.said(refused)
    label = counter.PAPERS[act].label
    if common.by_script(request):
        part = counter_parts.upload_part(request, application, act, error, request.POST.get("counter_on", ""))
        return render(request, "components/upload.html", {"upload": part}, status=422 if error else 200)
    if error:
        messages.error(request, f"{label}：{error}")
    else:
        messages.success(request, f"{label}：已上传。")
    if act == "submit":
        return redirect(agency_steps.step_url(application, "pledge"))
    if act in ("withdraw", "confirm_items"):
        return redirect("filings:transition", pk, act)
    return redirect("filings:agency-answers", pk)
