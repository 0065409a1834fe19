"""The receiving office: review, service of papers, identity claims."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.actors import AUTHORITIES
from core.accounts.sessions import signed_in
from core.refusals import Refused
from core.web.pagination import by_number
from core.workflow.offers import offers
from filings import permissions, workflow
from filings.enums import ClaimState
from filings.forms.officers_work import RejectClaimForm
from filings.models import Application, Claim
from filings.views import case, service
from filings.views.common import application_or_404, asking, tried
from filings.workflow.claims import SLOTS, entered_before, papers


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """The review: evidence beside the six materials, M7, clock, actions, papers, the course so far."""
    actor, on = asking(request)
    return render(request, "filings/application.html", case.context(application, actor, on))


# -- service -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in(*AUTHORITIES)
def record_service(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """登记送达 of a paper of an application, by the office that issued it, with proof."""
    return service.record(request, application_or_404(request, pk), paper, ("申请", reverse("filings:applications")))


# -- identity claims ---------------------------------------------------------------------------------------------


@require_GET
@signed_in(*AUTHORITIES)
def claims(request: HttpRequest) -> HttpResponse:
    """Claims to check, the oldest first; and those already checked."""
    actor, _ = asking(request)
    state = request.GET.get("state") if request.GET.get("state") in ClaimState.values else ClaimState.PENDING
    rows = Claim.objects.filter(state=state).select_related("organisation__area", "county")
    if actor.kind == "county":
        rows = rows.filter(county_id=actor.organisation_id)
    order = "id" if state == ClaimState.PENDING else "-id"
    context = {"page": by_number(rows.order_by(order), request.GET), "state": state, "states": ClaimState.choices}
    return render(request, "filings/claims.html", context)


def _claim(request: HttpRequest, pk: int) -> Claim:
    actor, _ = asking(request)
    found = Claim.objects.select_related("organisation__area", "county").filter(pk=pk).first()
    seen = found is not None and (actor.kind in ("centre", "bureau") or permissions.may_view_claim(actor, found))
    if found is None or not seen:
        raise Http404("没有这项核实。")
    return found


@require_GET
@signed_in(*AUTHORITIES)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim: licence and authorisation beside confirm and reject."""
    found = _claim(request, pk)
    return _claim_page(request, found, RejectClaimForm())


def _claim_page(
    request: HttpRequest, found: Claim, form: RejectClaimForm, *, status: int = 200, reasons: Any = ()
) -> HttpResponse:
    actor, on = asking(request)
    files = [(SLOTS[slot], case.file_link(upload) if upload else None) for slot, upload in papers(found).items()]
    same_code = Claim.objects.filter(organisation__credit_code=found.organisation.credit_code).exclude(pk=found.pk)
    offered = {offer.name: offer for offer in offers(found, actor, on)}
    context = {
        "claim": found,
        "files": files,
        "same_code": list(same_code.select_related("organisation", "county")),
        "takes_over": entered_before(found),
        "confirm": offered["confirm"],
        "reject": offered["reject"],
        "form": form,
        "reasons": reasons,
        "crumbs": [("机构身份核实", reverse("filings:claims")), (found.organisation.name, "")],
    }
    return render(request, "filings/claim.html", context, status=status)


@require_POST
@signed_in(*AUTHORITIES)
def act_on_claim(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Confirm or reject."""
    found = _claim(request, pk)
    actor, on = asking(request)
    form = RejectClaimForm(request.POST) if name == "reject" else RejectClaimForm()
    if name == "reject" and not form.is_valid():
        return _claim_page(request, found, form, status=422)
    try:
        if name == "reject":
            tried(name, actor, found, workflow.reject_claim, found, actor=actor, on=on, **form.cleaned_data)
        else:
            tried(name, actor, found, workflow.confirm_claim, found, actor=actor, on=on)
    except Refused as refused:
        found.refresh_from_db()
        return _claim_page(request, found, form, status=refused.status, reasons=refused.reasons)
    messages.success(request, f"{found.organisation.name}：{found.get_state_display()}。")
    return redirect("filings:claims")
