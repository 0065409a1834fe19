"""Deregistration: the agency asks, the centre's handler records or proposes, the chief decides."""

import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.refusals import Refused
from core.web.pagination import by_number
from core.workflow import proposals
from core.workflow.models import Proposal
from filings import obstacles, permissions, standings, timeline
from filings.conditions import consents
from filings.conditions.ending import undecided
from filings.enums import OPEN_STATES
from filings.forms.ending import AskForm, CeasedForm, DeregisterForm
from filings.forms.officers_work import place
from filings.models import WAITING, Deregistration, Filing
from filings.views import previews, proposed, service
from filings.views.common import asking, file_link, offer_of, once, tried
from filings.workflow import ask_deregistration, record_ceased, take_back_deregistration

AGENCY, CENTRE, BUREAU = OrganisationKind.AGENCY, OrganisationKind.CENTRE, OrganisationKind.BUREAU
NAME = "deregister"
ABOVE = ("注销备案", "filings:deregistrations")


def filing_or_404(request: HttpRequest, pk: int) -> Filing:
    """Return a filing the actor may see; what one may not see does not exist."""
    actor, _ = asking(request)
    found = get_object_or_404(Filing.objects.select_related("agency", "area"), pk=pk)
    if not permissions.may_view_filing(actor, found):
        raise Http404("没有这件备案。")
    return found


def sent_to(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, an empty one too; None where the page is asked for."""
    return request.POST if request.method == "POST" else None


def rows_of(filing: Filing, actor: Actor) -> list[dict[str, Any]]:
    """Return the grounds of its deregistration as its page lists them, newest first: with the proof, and whether this
    actor may take it back."""
    found = filing.deregistrations.select_related("proof", "document").order_by("-id")
    return [
        {
            "row": one,
            "proof": file_link(one.proof) if one.proof else None,
            "may_take_back": one.undecided and permissions.may_take_back_end(actor, filing, one),
        }
        for one in found
    ]


# -- the agency --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in(AGENCY)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """申请注销备案: what follows from it in plain words, and the reason; by the agency's admin."""
    found = filing_or_404(request, pk)
    actor, on = asking(request)
    form = AskForm(sent_to(request))
    if form.is_bound and form.is_valid():
        act = partial(ask_deregistration, found, actor=actor, on=on, **form.cleaned_data)
        try:
            once(request, found, "ask_deregistration", form.cleaned_data, act)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "已申请注销备案，由市职业技能鉴定指导中心决定；决定之前可以收回。")
            return redirect("filings:filing", pk=pk)
    context = {
        "filing": found,
        "form": form,
        "may_ask": permissions.may_ask_end(actor, found),
        "obstacles": obstacles.against(found, on),
        "consents": consents(found, on),
        "open_applications": found.applications.filter(state__in=OPEN_STATES),
        "crumbs": _crumbs(found, "申请注销备案", above=("备案", "")),
    }
    return render(request, "filings/deregistration.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(AGENCY, CENTRE, BUREAU)
def take_back(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a ground back, by whose side brought it."""
    found = filing_or_404(request, pk)
    actor, on = asking(request)
    ground = get_object_or_404(found.deregistrations, pk=row)
    try:
        tried("take_back_deregistration", actor, found, take_back_deregistration, found, ground, actor=actor, on=on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, "已收回，备案不注销。")
    return redirect("filings:filing", pk=pk)


# -- the centre; the bureau reads, and steps in where all of the centre are recused ------------------------------


@require_GET
@signed_in(CENTRE, BUREAU)
def deregistrations(request: HttpRequest) -> HttpResponse:
    """Every ground of a deregistration: those that wait first, the oldest first."""
    waiting = request.GET.get("state") != "all"
    rows = Deregistration.objects.select_related("filing__area", "document")
    rows = rows.filter(WAITING).order_by("id") if waiting else rows.order_by("-id")
    context = {"page": by_number(rows, request.GET), "waiting": waiting}
    return render(request, "filings/deregistrations.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(CENTRE, BUREAU)
def ceased(request: HttpRequest, pk: int) -> HttpResponse:
    """登记法人终止, with its proof; by a handler."""
    found = filing_or_404(request, pk)
    actor, on = asking(request)
    form = CeasedForm(sent_to(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        sent = {name: str(value) for name, value in form.cleaned_data.items()}
        act = partial(record_ceased, found, actor=actor, on=on, **form.cleaned_data)
        try:
            once(request, found, "record_ceased", sent, act)
        except Refused as refused:
            place(form, refused, file="proof")
        else:
            messages.success(request, "已登记法人终止，可以提议注销备案。")
            return redirect("filings:filing", pk=pk)
    context = {
        "filing": found,
        "form": form,
        "may_record": bool(permissions.is_centre_handler.test(actor, found)),
        "crumbs": _crumbs(found, "登记法人终止"),
    }
    return render(request, "filings/ceased.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in(CENTRE, BUREAU)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """提议注销备案, with the decision previewed beside it."""
    found = filing_or_404(request, pk)
    actor, on = asking(request)
    offer = offer_of(found, NAME, actor, on)
    if offer.mode == "decide" and (open_one := proposals.open_for(found)):
        return redirect("filings:proposal", pk=open_one.pk)
    form = DeregisterForm(sent_to(request), grounds=undecided(found))
    reasons, status = list(offer.reasons), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            payload, word = form.payload(), form.word
            act = partial(proposals.propose, found, NAME, actor=actor, on=on, payload=payload, reason=word)
            try:
                once(request, found, NAME, payload | {"reason": word}, act)
            except Refused as refused:
                reasons, status = list(refused.reasons), refused.status
            else:
                messages.success(request, "已提议注销备案，等待负责人决定。")
                return redirect("filings:filing", pk=pk)
    context = {
        "filing": found,
        "offer": offer,
        "form": form,
        "reasons": reasons,
        "papers": previews.papers_of(NAME, form.payload(), found) if form.payload()["deregistration"] else [],
        "preview_url": reverse("filings:deregister-preview", args=[pk]),
        "crumbs": _crumbs(found, "提议注销备案"),
    }
    return render(request, "filings/deregister.html", context, status=status)


@require_http_methods(["GET", "POST"])
@xframe_options_sameorigin
@signed_in(CENTRE, BUREAU)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision as it would go, on the ground chosen."""
    found = filing_or_404(request, pk)
    actor, on = asking(request)
    if not offer_of(found, NAME, actor, on).concerns:
        raise Http404
    form = DeregisterForm(sent_to(request), grounds=undecided(found))
    try:
        return previews.respond(previews.pdf(found, NAME, form.payload(), on=on))
    except KeyError:
        raise Http404("没有可以预览的文书。") from None


@require_http_methods(["GET", "POST"])
@signed_in(CENTRE, BUREAU)
def record_service(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """登记送达 of a paper of a filing."""
    return service.record(request, filing_or_404(request, pk), paper, (ABOVE[0], reverse(ABOVE[1])))


def proposal_context(found: Proposal, filing: Filing, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """Return what the page of a proposal about a filing shows, and what stands against deciding it now."""
    row = proposed.row(found, filing, actor, on)
    against = row["rule"].against(filing, actor=actor, on=on, data=found.payload) if row["decides"] else []
    return {
        "row": row,
        "filing": filing,
        "standing": standings.of(filing, on),
        "against": against,
        "grounds": rows_of(filing, actor),
        "open_applications": filing.applications.filter(state__in=OPEN_STATES),
        "entries": timeline.entries(filing, actor),
        "crumbs": _crumbs(filing, f"提议：{row['rule'].label}"),
    }


def _crumbs(filing: Filing, here: str, above: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    first = above or (ABOVE[0], reverse(ABOVE[1]))
    return [first, (filing.name, reverse("filings:filing", args=[filing.pk])), (here, "")]
