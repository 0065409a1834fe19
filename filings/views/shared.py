"""One address for an application, its transitions and its proposals, whoever asks; each side has its own pages."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.refusals import NotPossible, Reason, Refused
from core.workflow import proposals
from core.workflow.models import Proposal, ProposalState
from core.workflow.spec import TransitionSpec, spec_for
from filings import counter, permissions
from filings.enums import ApplicationKind
from filings.forms import base, change, officers, officers_change, officers_decision, officers_ruling
from filings.forms.base import PROPOSAL_REASON, TransitionForm
from filings.forms.counter import HandInForm
from filings.models import Application
from filings.views import agency_steps, case, centre, counter_parts, ending, previews, rulings
from filings.views.common import FILING, MATTER, application_or_404, asking, named, offer_of, once, rule_or_404, tried
from filings.workflow import serving, steps

# Whose page an application is shown on: (request, application) -> response.
PAGES: dict[str, str] = {
    OrganisationKind.AGENCY: "filings.views.agency.application_page",
    OrganisationKind.COUNTY: "filings.views.county.application_page",
    OrganisationKind.CENTRE: "filings.views.centre.application_page",
    OrganisationKind.BUREAU: "filings.views.bureau.application_page",
    OrganisationKind.EXPERTS: "filings.views.expert.application_page",
}

# What a transition asks for. One that is not listed asks for nothing.
FORMS: dict[str, type[TransitionForm]] = {
    "withdraw": base.WithdrawForm,
    "request_correction": officers.CorrectionForm,
    "extend_correction": officers.ExtensionForm,
    "decline": officers.DeclineForm,
    "recommend": officers.OpinionForm,
    "give_late_opinion": officers.LateOpinionForm,
    "start_assessment": officers.StartAssessmentForm,
    "request_opinion": base.TransitionForm,
    "give_opinion": officers.AskedOpinionForm,
    "confirm_items": change.ConfirmForm,
    "invite_supplements": officers.SupplementsForm,
    "request_override": officers.OverrideRequestForm,
    "override_cap": officers.OverrideForm,
    "approve": officers_decision.ApproveForm,
    "refuse": officers.RefuseForm,
    "set_aside": officers_ruling.SetAsideForm,
    "reinstate": officers_ruling.ReinstateForm,
    "accept": base.TransitionForm,
    "submit": base.TransitionForm,
    "resubmit": base.TransitionForm,
    "supply_supplements": base.TransitionForm,
}

# Where the kind of application asks for another form.
FORMS_OF_KIND: dict[tuple[str, str], type[TransitionForm]] = {
    (ApplicationKind.CHANGE, "approve"): officers_change.ApproveChangeForm,
}

# Where one that came over the counter is asked more.
FORMS_AT_COUNTER: dict[str, type[TransitionForm]] = {"submit": HandInForm}

# A file that has to be there before, taken beside the form (components/upload.html).
UPLOADS: dict[str, Callable[[HttpRequest, Application, Actor], dict[str, Any] | None]] = {
    "start_assessment": lambda request, found, actor: centre.qualification_part(found, actor.on),
    **dict.fromkeys(("set_aside", "reinstate"), lambda request, found, actor: rulings.ruling_part(found, actor.on)),
    **{
        name: partial(counter_parts.upload_of, act=name)
        for name in ("submit", "resubmit", "withdraw", "confirm_items", "supply_supplements")
    },
}


@require_GET
@signed_in()
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as the actor's side sees it; 404 for whoever may not."""
    found = application_or_404(request, pk)
    actor, _ = asking(request)
    page = PAGES.get(actor.kind)
    if page is None:
        raise Http404
    answer: HttpResponse = import_string(page)(request, found)
    return answer


# -- transitions -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in()
def transition(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """GET: the transition's form with every reason against it now. POST: acts, or proposes where it takes two.

    A refusal comes back with every reason, what was typed kept; the attempt is recorded.
    """
    found = application_or_404(request, pk)
    actor, on = asking(request)
    rule = named(rule_or_404(name), found)
    offer = offer_of(found, rule.name, actor, on)
    if offer.mode == "decide" and (open_one := proposals.open_for(found)):
        return redirect("filings:proposal", pk=open_one.pk)
    sent = request.method == "POST"
    form = _form(rule, found, actor, on, request.POST if sent else None)
    reasons, status = list(offer.reasons), 200
    if sent and form.is_bound and "more" not in request.POST:
        # Whoever can no longer act at all is told that, not what is wrong with a form that is gone.
        status = 422 if offer.concerns else NotPossible.status
        if form.is_valid():
            try:
                _act(request, found, rule, form, actor, on)
            except Refused as refused:
                found.refresh_from_db()
                reasons, status = form.place(refused.reasons), refused.status
            else:
                return _done(request, found, rule, actor)
    context = {
        "application": found,
        "rule": rule,
        "offer": offer,
        "form": form,
        "reasons": reasons,
        "missing": agency_steps.missing(found, reasons) if rule.name == "submit" else [],
        "papers": previews.papers_of(rule.name, form.payload(), found) if offer.concerns else [],
        "upload": UPLOADS[rule.name](request, found, actor) if offer.concerns and rule.name in UPLOADS else None,
        "on_behalf": offer.concerns and counter.is_done_there(rule.name) and permissions.on_behalf(actor, found),
        # A paper that is taken on this very page holds nobody up.
        "blocked": any(reason.code != counter.MISSING for reason in offer.reasons),
        "preview_url": reverse("filings:preview", args=[found.pk, rule.name]),
        "crumbs": [
            ("申请", reverse("filings:applications")),
            (found.name or found.agency.name, reverse("filings:application", args=[found.pk])),
            (rule.label, ""),
        ],
    }
    side = "agency/" if actor.kind == OrganisationKind.AGENCY else ""
    templates = [
        f"filings/{side}transitions/{rule.name}.html",
        f"filings/{side}transition.html",
        "filings/transition.html",
    ]
    return render(request, templates, context, status=status)


def _form(rule: TransitionSpec, found: Application, actor: Actor, on: datetime.date, data: Any) -> TransitionForm:
    kind = FORMS_OF_KIND.get((found.kind, rule.name)) or FORMS.get(rule.name, TransitionForm)
    if found.at_counter:
        kind = FORMS_AT_COUNTER.get(rule.name, kind)
    return kind(data, application=found, actor=actor, on=on)


def _act(
    request: HttpRequest,
    found: Application,
    rule: TransitionSpec,
    form: TransitionForm,
    actor: Actor,
    on: datetime.date,
) -> None:
    """Run the transition, or propose it; once for the form's key, however often it is sent."""
    payload = form.payload()

    def act() -> None:
        if rule.takes_two:
            word = form.value(PROPOSAL_REASON) or ""
            proposals.propose(found, rule.name, actor=actor, on=on, payload=payload, reason=word)
        else:
            rule.execute(found, actor=actor, on=on, **payload)

    once(request, found, rule.name, payload, act)


def _done(request: HttpRequest, found: Application, rule: TransitionSpec, actor: Actor) -> HttpResponse:
    said = f"已提议{rule.label}，等待负责人决定。" if rule.takes_two else f"已办理：{rule.label}。"
    messages.success(request, said)
    found.refresh_from_db()
    if rule.name == "request_correction" and (to_record := serving.to_record(found)):
        messages.warning(request, f"补正通知还没有送达：申请机构没有同意门户送达。{to_record}")
    if permissions.may_view(actor, found):
        return redirect("filings:application", pk=found.pk)
    return redirect("filings:applications")


@require_http_methods(["GET", "POST"])
@xframe_options_sameorigin
@signed_in()
def preview(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The transition's paper as it would go with what stands in the form; for whom the transition is there. Without its
    reasons there is nothing to look at yet."""
    found = application_or_404(request, pk)
    actor, on = asking(request)
    rule = rule_or_404(name)
    if not offer_of(found, rule.name, actor, on).concerns:
        raise Http404
    form = _form(rule, found, actor, on, request.POST if request.method == "POST" else None)
    if not form.written():
        return render(request, "filings/preview_unwritten.html", {"words": form.unwritten})
    return _preview(found, rule.name, form.payload(), on, request)


def _preview(
    found: steps.Matter, name: str, payload: dict[str, Any], on: datetime.date, request: HttpRequest
) -> HttpResponse:
    try:
        return previews.respond(previews.pdf(found, name, payload, on=on, series=request.GET.get("series", "")))
    except KeyError:
        raise Http404("没有可以预览的文书。") from None


# -- proposals ---------------------------------------------------------------------------------------------------


# Of which matters proposals are read and decided here: what the page shows, and on what.
PROPOSAL_PAGES: dict[str, tuple[Callable[..., dict[str, Any]], str]] = {
    MATTER: (case.proposal_context, "filings/proposal.html"),
    FILING: (ending.proposal_context, "filings/filing_proposal.html"),
}


def _proposal(request: HttpRequest, pk: int) -> tuple[Proposal, Any]:
    """Return a proposal and its matter; for authorities that see it."""
    actor, _ = asking(request)
    rows = Proposal.objects.select_related("proposed_by__organisation")
    found = get_object_or_404(rows, pk=pk, matter_type__in=PROPOSAL_PAGES)
    about = proposals.matter_of(found)
    if actor.kind not in AUTHORITIES or not spec_for(found.matter_type).may_view(actor, about):
        raise Http404
    return found, about


@require_GET
@signed_in(*AUTHORITIES)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal with all that its decision rests on, on one page."""
    found, about = _proposal(request, pk)
    return _proposal_page(request, found, about)


def _proposal_page(
    request: HttpRequest,
    found: Proposal,
    about: Any,
    reasons: tuple[Reason, ...] = (),
    answer: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, on = asking(request)
    shows, template = PROPOSAL_PAGES[found.matter_type]
    context = shows(found, about, actor, on) | {"reasons": reasons, "answer": answer}
    return render(request, template, context, status=status)


@require_GET
@xframe_options_sameorigin
@signed_in(*AUTHORITIES)
def proposal_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that the decision would issue today."""
    found, about = _proposal(request, pk)
    _, on = asking(request)
    return _preview(about, found.transition, found.payload, on, request)


@require_POST
@signed_in(*AUTHORITIES)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide as proposed."""
    found, about = _proposal(request, pk)
    actor, on = asking(request)
    if found.state == ProposalState.DECIDED and found.decided_user_id == getattr(actor.user, "pk", 0):
        return redirect(spec_for(found.matter_type).link(about))  # sent twice
    return _settle(request, found, about, partial(proposals.decide, found, actor=actor, on=on), "已决定")


@require_POST
@signed_in(*AUTHORITIES)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a proposal back with an answer."""
    found, about = _proposal(request, pk)
    actor, on = asking(request)
    answer = request.POST.get("answer", "")
    return _settle(
        request, found, about, partial(proposals.return_, found, actor=actor, on=on, answer=answer), "已退回", answer
    )


@require_POST
@signed_in(*AUTHORITIES)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    found, about = _proposal(request, pk)
    actor, on = asking(request)
    return _settle(request, found, about, partial(proposals.take_back, found, actor=actor, on=on), "已收回提议")


def _settle(request: HttpRequest, found: Proposal, about: Any, act: Any, done: str, answer: str = "") -> HttpResponse:
    actor, _ = asking(request)
    spec = spec_for(found.matter_type)
    rule = spec.transitions[found.transition]
    try:
        tried(found.transition, actor, about, act)
    except Refused as refused:
        found.refresh_from_db()
        about = proposals.matter_of(found)
        return _proposal_page(request, found, about, refused.reasons, answer, refused.status)
    messages.success(request, f"{done}：{rule.label}。")
    return redirect(spec.link(about))
