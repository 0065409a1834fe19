"""历史备案录入: the centre's handler uploads a register of paper filings and mends it, its chief loads it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.documents import serving
from core.documents.formats import XLSX
from core.refusals import Reason, Refused
from core.web.pagination import by_number
from core.workflow import proposals
from core.workflow.attempts import attempt
from core.workflow.models import Proposal, ProposalState
from core.workflow.offers import offers
from filings import permissions
from filings.enums import ImportState
from filings.forms.base import PROPOSAL_REASON
from filings.forms.imports import LoadForm, MendedForm, RegisterForm
from filings.forms.officers_work import place
from filings.imports import checks, workbooks
from filings.imports.columns import COLUMNS
from filings.models import Filing, FilingImport, Receipt
from filings.views.common import asking, tried
from filings.workflow import importing

MATTER = "filings.filingimport"
# The bureau reads, and decides where the whole centre is recused.
readers = signed_in(OrganisationKind.CENTRE, OrganisationKind.BUREAU)
TONES = {ImportState.OPEN: "warn", ImportState.LOADED: "good", ImportState.DISCARDED: "mute"}
FAULTS_SHOWN = 200
# The first of a filing from paper is the one that its loading issued.
_RECEIPTS = Prefetch("receipts", Receipt.objects.select_related("document__service").order_by("id"))


@require_http_methods(["GET", "POST"])
@readers
def imports(request: HttpRequest) -> HttpResponse:
    """What has been handed over; how a register is filled in; a handler uploads one here."""
    actor, on = asking(request)
    sent = request.method == "POST"
    form = RegisterForm(request.POST, request.FILES) if sent else RegisterForm()
    may_upload = actor.kind == OrganisationKind.CENTRE and actor.role == Role.HANDLER
    reasons: tuple[Reason, ...] = ()
    if form.is_bound and form.is_valid():
        act = partial(importing.upload, actor=actor, on=on, **form.cleaned_data)
        try:
            found = attempt(f"{MATTER}.upload", actor, None, act)
        except Refused as refused:
            place(form, refused)
            # Who has no form here reads the refusal over the page.
            reasons = () if may_upload else refused.reasons
        else:
            return _uploaded(request, found)
    context = {
        "form": form,
        "may_upload": may_upload,
        "reasons": reasons,
        "page": by_number(FilingImport.objects.select_related("made_by__user", "upload"), request.GET),
        "tones": TONES,
        "columns": list(COLUMNS.values()),
        "sample": workbooks.sample_rows(),
        "hints": workbooks.HINTS,
    }
    return render(request, "filings/imports.html", context, status=422 if form.errors else 200)


def _uploaded(request: HttpRequest, found: FilingImport) -> HttpResponse:
    _, on = asking(request)
    if faults := checks.faults(found, on):
        messages.warning(request, f"已读取 {found.lines} 行，有 {len(faults)} 处问题。改好后再上传，没有问题才能录入。")
    else:
        messages.success(request, f"已读取 {found.lines} 行，{len(found.entries)} 家机构，没有问题。")
    return redirect("filings:import", pk=found.pk)


@require_safe
@readers
def template(request: HttpRequest) -> FileResponse:
    """The template to fill in."""
    return serving.respond(ContentFile(workbooks.template()), name=workbooks.TEMPLATE_NAME, media_type=XLSX)


def _import(request: HttpRequest, pk: int) -> FilingImport:
    """Return a register; 404 for whoever may not see it."""
    actor, _ = asking(request)
    found = get_object_or_404(FilingImport.objects.select_related("made_by__user", "upload"), pk=pk)
    if not permissions.may_view_import(actor, found):
        raise Http404
    return found


@require_safe
@readers
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """One register: what is wrong in it, or what it would load; what became of it."""
    return _page(request, _import(request, pk))


def _page(
    request: HttpRequest,
    found: FilingImport,
    *,
    load: LoadForm | None = None,
    mended: MendedForm | None = None,
    reasons: tuple[Reason, ...] = (),
    answer: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, on = asking(request)
    is_open = found.state == ImportState.OPEN
    faults = checks.faults(found, on) if is_open else []
    preview = checks.preview(found, on) if is_open and not faults else None
    offered = {offer.name: offer for offer in offers(found, actor, on)}
    proposal = proposals.open_for(found)
    works = is_open and proposal is None and offered["load"].concerns and offered["load"].mode == "propose"
    context = {
        "register": found,
        "tone": TONES[ImportState(found.state)],
        "faults": faults[:FAULTS_SHOWN],
        "fault_count": len(faults),
        "preview": preview,
        "proposal": proposal,
        "own": proposal is not None and actor.user is not None and proposal.proposed_user_id == actor.user.pk,
        "decides": offered["load"].concerns and offered["load"].mode == "decide",
        "load_form": (load or LoadForm(unsure=bool(preview.check_digits))) if works and preview else None,
        "mended_form": (mended or MendedForm()) if works else None,
        "discards": offered["discard"].concerns and proposal is None,
        "earlier": [one for one in proposals.of(found) if one.state != ProposalState.OPEN],
        "loaded": [_loaded(one) for one in _filings_of(found)],
        "serves": bool(permissions.is_centre_handler.test(actor, found)),
        "reasons": reasons,
        "answer": answer,
        "crumbs": [("历史备案录入", reverse("filings:imports")), (f"第 {found.pk} 次", "")],
    }
    return render(request, "filings/import.html", context, status=status)


def _filings_of(found: FilingImport) -> Any:
    return found.filings.select_related("area").prefetch_related(_RECEIPTS).order_by("id")


def _loaded(filing: Filing) -> dict[str, Any]:
    """A filing that was loaded, with its receipt and how that was served."""
    paper = next(iter(filing.receipts.all())).document
    return {"filing": filing, "paper": paper, "service": getattr(paper, "service", None)}


@require_safe
@readers
def faults(request: HttpRequest, pk: int) -> FileResponse:
    """The register with what is wrong beside its rows, to be mended and uploaded again."""
    found = _import(request, pk)
    _, on = asking(request)
    if found.upload is None:
        raise Http404
    content = workbooks.with_faults(found.upload.file, checks.faults(found, on))
    return serving.respond(ContentFile(content), name=f"历史备案录入-问题-{found.pk}.xlsx", media_type=XLSX)


@require_POST
@readers
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mended register."""
    found = _import(request, pk)
    actor, on = asking(request)
    form = MendedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, mended=form, status=422)
    try:
        tried("upload", actor, found, importing.replace, found, form.cleaned_data["file"], actor=actor, on=on)
    except Refused as refused:
        place(form, refused)
        found.refresh_from_db()
        return _page(request, found, mended=form, status=refused.status)
    return _uploaded(request, found)


@require_POST
@readers
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to load it whole."""
    found = _import(request, pk)
    actor, on = asking(request)
    form = LoadForm(request.POST, unsure=bool(checks.check_digits(found.entries)))
    if not form.is_valid():
        return _page(request, found, load=form, status=422)
    act = partial(proposals.propose, found, "load", actor=actor, on=on, payload=form.payload())
    try:
        tried("load", actor, found, act, reason=form.cleaned_data[PROPOSAL_REASON])
    except Refused as refused:
        place(form, refused)
        found.refresh_from_db()
        return _page(request, found, load=form, reasons=refused.reasons, status=refused.status)
    messages.success(request, "已提交负责人决定。")
    return redirect("filings:import", pk=pk)


@require_POST
@readers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up."""
    found = _import(request, pk)
    actor, on = asking(request)
    try:
        tried("discard", actor, found, importing.discard, found, actor=actor, on=on)
    except Refused as refused:
        found.refresh_from_db()
        return _page(request, found, reasons=refused.reasons, status=refused.status)
    messages.success(request, "已作废。文件仍保留备查。")
    return redirect("filings:imports")


@require_POST
@readers
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Decide, give back or take back a proposal to load."""
    actor, on = asking(request)
    proposal = get_object_or_404(Proposal, pk=pk, matter_type=MATTER)
    found = _import(request, int(proposal.matter_id))
    answer = request.POST.get("answer", "")
    acts: dict[str, tuple[Callable[..., Any], str, dict[str, Any]]] = {
        "decide": (proposals.decide, "已录入，回执已签发。", {}),
        "return": (proposals.return_, "已退回。", {"answer": answer}),
        "take-back": (proposals.take_back, "已收回提议。", {}),
    }
    if name not in acts:
        raise Http404
    work, done, more = acts[name]
    try:
        tried("load", actor, found, work, proposal, actor=actor, on=on, **more)
    except Refused as refused:
        found.refresh_from_db()
        return _page(request, found, reasons=refused.reasons, answer=answer, status=refused.status)
    messages.success(request, done)
    return redirect("filings:import", pk=found.pk)
