"""更正 of an issued paper: proposed from the application's list of papers, previewed, decided on a page of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.sessions import signed_in
from core.audit.matters import key as matter_key
from core.documents import rendering, series
from core.documents.models import OfficialDocument
from core.refusals import Reason, Refused
from core.workflow import proposals
from core.workflow.fsm import may
from core.workflow.models import ProposalState
from core.workflow.spec import spec_for
from filings import clerical, pending, permissions
from filings.forms.clerical import CorrectionOfPaperForm
from filings.models import Application, ClericalCorrection
from filings.views import previews
from filings.views.common import application_or_404, asking, tried
from filings.workflow.clerical import propose_correction

RULE = "correct_paper"


def _paper(request: HttpRequest, pk: int, paper: int) -> tuple[Application, OfficialDocument]:
    """A paper of an application that this person may propose to correct; for nobody else is there such a page."""
    application = application_or_404(request, pk)
    actor, _ = asking(request)
    matter_type, matter_id = matter_key(application)
    document = get_object_or_404(OfficialDocument, pk=paper, matter_type=matter_type, matter_id=matter_id)
    probe = ClericalCorrection(application=application, document=document)
    if not clerical.leaves(document) or not permissions.is_correcting_handler.test(actor, probe):
        raise Http404
    return application, document


@require_http_methods(["GET", "POST"])
@signed_in(*AUTHORITIES)
def propose(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """GET: the words as they stand. POST: proposes what differs."""
    application, document = _paper(request, pk, paper)
    actor, on = asking(request)
    form = CorrectionOfPaperForm(request.POST if request.method == "POST" else None, document=document)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            act = partial(
                propose_correction,
                application,
                document,
                actor=actor,
                on=on,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                proposal_reason=form.cleaned_data["proposal_reason"],
            )
            try:
                proposal = tried(f"{RULE}.propose", actor, application, act)
            except Refused as refused:
                form.place(refused)
                status = refused.status
            else:
                messages.success(request, "已提议更正，等待负责人决定。")
                return redirect("filings:correction", pk=proposal.matter_id)
    context = {
        "application": application,
        "document": document,
        "form": form,
        "preview_url": reverse("filings:correction-preview", args=[pk, paper]),
        "crumbs": _crumbs(application, "更正文书"),
    }
    return render(request, "filings/correct_paper.html", context, status=status)


@require_http_methods(["GET", "POST"])
@xframe_options_sameorigin
@signed_in(*AUTHORITIES)
def preview(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """The corrected paper as it would go with what stands in the form."""
    _, document = _paper(request, pk, paper)
    form = CorrectionOfPaperForm(request.POST if request.method == "POST" else None, document=document)
    changes = clerical.differences(document, form.values())
    reason = str(form.cleaned_data.get("reason") or "") if form.is_bound else ""
    return _preview(request, document, changes, reason or "（未填写）")


def _preview(
    request: HttpRequest, document: OfficialDocument, changes: list[dict[str, str]], reason: str
) -> HttpResponse:
    _, on = asking(request)
    content = rendering.preview(
        series.get(document.series),
        clerical.content(document, changes, reason),
        issuer=document.issuer_name,
        addressee=document.addressee_name,
        on=on,
        supersedes=document.number,
    )
    return previews.respond(content)


def _crumbs(application: Application, last: str) -> list[tuple[str, str]]:
    return [
        ("申请", reverse("filings:applications")),
        (application.name or application.agency.name, reverse("filings:application", args=[application.pk])),
        (last, ""),
    ]


# -- decided ------------------------------------------------------------------------------------------------------


def _correction(request: HttpRequest, pk: int) -> ClericalCorrection:
    actor, _ = asking(request)
    rows = ClericalCorrection.objects.select_related("application__agency", "document__issuer", "issued")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.may_view_correction(actor, found):
        raise Http404
    return found


@require_GET
@signed_in(*AUTHORITIES)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposed correction, with the paper as it would go; and what came of it."""
    return _page(request, _correction(request, pk))


def _page(
    request: HttpRequest,
    found: ClericalCorrection,
    reasons: tuple[Reason, ...] = (),
    answer: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, on = asking(request)
    proposal = proposals.of(found).first()
    waiting = proposal is not None and proposal.state == ProposalState.OPEN
    context = {
        "correction": found,
        "application": found.application,
        "document": found.document,
        "proposal": proposal,
        "waiting": waiting,
        "own": waiting and actor.user is not None and proposal.proposed_user_id == actor.user.pk,
        "decides": waiting and may_decide(actor, found),
        "against": against(found, actor, on) if waiting else [],
        "reasons": reasons,
        "answer": answer,
        "crumbs": _crumbs(found.application, "更正文书"),
    }
    return render(request, "filings/correction.html", context, status=status)


def may_decide(actor: Actor, found: ClericalCorrection) -> bool:
    """Whether the actor is the issuing office's chief, and has not proposed it."""
    return may(found.correct_paper, actor) and not proposals.has_proposed(found, actor)


def against(found: ClericalCorrection, actor: Actor, on: Any) -> list[Reason]:
    """What stands against deciding it now, for whoever decides."""
    if not may_decide(actor, found):
        return []
    return spec_for(pending.CORRECTION).transitions[RULE].against(found, actor=actor, on=on, data={})


@require_GET
@xframe_options_sameorigin
@signed_in(*AUTHORITIES)
def correction_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that the decision would issue today."""
    found = _correction(request, pk)
    return _preview(request, found.document, found.changes, found.reason)


@require_POST
@signed_in(*AUTHORITIES)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Decide, give back or take back a proposed correction."""
    found = _correction(request, pk)
    actor, on = asking(request)
    proposal = proposals.of(found).first()
    answer = request.POST.get("answer", "")
    acts: dict[str, tuple[Callable[..., Any], str, dict[str, Any]]] = {
        "decide": (proposals.decide, "已更正，新文书已签发。", {}),
        "return": (proposals.return_, "已退回。", {"answer": answer}),
        "take-back": (proposals.take_back, "已收回提议。", {}),
    }
    if name not in acts or proposal is None:
        raise Http404
    function, done, more = acts[name]
    try:
        tried(RULE, actor, found, function, proposal, actor=actor, on=on, **more)
    except Refused as refused:
        found.refresh_from_db()
        return _page(request, found, refused.reasons, answer, refused.status)
    messages.success(request, done)
    return redirect("filings:correction", pk=pk)
