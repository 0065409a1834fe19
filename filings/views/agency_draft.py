"""The application wizard: short steps that save themselves, rows added and removed, materials, preview."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock.clock import now
from core.refusals import NotPossible, Refused
from filings import workflow
from filings.enums import ApplicationState
from filings.forms import drafts
from filings.models import Application
from filings.views import agency_common as common
from filings.views import agency_materials
from filings.views import agency_steps as steps
from filings.views.agency_preview import preview
from filings.views.agency_tables import Bound, rows_of
from filings.workflow.draft_rows import GONE, ROWS, Rows, add_row, remove_row, save_row, version
from filings.workflow.drafting import county_of

# Which step shows which table, and the part of the page that htmx replaces.
_SHOWN_IN = {"scope": "occupations", "records": "occupations", "sites": "sites", "staff": "people"}
_PARTS = {"occupations": "rows_scope", "sites": "rows_sites", "people": "rows_staff"}
_MAIN = {"agency": drafts.AgencyForm, "occupations": drafts.SinceForm, "pledge": drafts.PledgeForm}


@require_POST
@common.for_agency
def start(request: HttpRequest) -> HttpResponse:
    """Begin an initial application, prefilled with what is known of the agency."""
    actor = common.actor_of(request)
    try:
        application = workflow.create_application(actor=actor, on=actor.on)
    except Refused as refused:
        messages.error(request, common.said(refused))
        return redirect(common.home_address())
    return redirect("filings:agency-step", application.pk, steps.ORDER[0])


@require_safe
@common.for_agency
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where something is still missing."""
    application = common.own_application(request, pk)
    if application.state != ApplicationState.DRAFT:
        return common.back_to_application(application)
    actor = common.actor_of(request)
    key = steps.first_open(application, steps.against_submission(application, actor, actor.on))
    return redirect("filings:agency-step", pk, key)


@require_http_methods(["GET", "HEAD", "POST"])
@common.for_agency
def step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One step. A POST stores what is right of its form and goes on; what is wrong stays on the page and says so."""
    common.one_of(key, steps.STEPS)
    application = common.own_application(request, pk)
    if request.method == "POST" and key in _MAIN:
        return _save_main(request, application, key)
    if application.state != ApplicationState.DRAFT:
        return common.back_to_application(application)
    return _show(request, application, key)


def _save_main(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    form = _MAIN[key](request.POST, instance=application)
    form.is_valid()
    actor = common.actor_of(request)
    refused = None
    try:
        common.act(
            "save_draft",
            actor,
            application,
            workflow.save_draft,
            fields=form.stored(),
            base=request.POST.get("version", ""),
            names=form.names,
        )
    except Refused as refusal:
        refused = refusal
    if _autosave(request):
        return _autosaved(application, form, refused)
    if refused is None and form.is_valid():
        after = steps.neighbours(key)[1]
        return redirect("filings:agency-step", application.pk, after if after and "stay" not in request.POST else key)
    if refused is not None and application.state != ApplicationState.DRAFT:
        messages.error(request, common.said(refused))
        return common.back_to_application(application)
    return _show(request, application, key, form=form, refused=refused)


def _autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def _autosaved(row: Any, form: Any, refused: Refused | None) -> HttpResponse:
    """Tell the script when it was saved, how many fields were not, and the mark the next save must bring."""
    if refused is not None:
        return HttpResponse(common.said(refused), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(
        status=204,
        headers={
            "X-Saved-At": f"{localtime(now()):%H:%M}",
            "X-Draft-Version": version(row, form.names),
            "X-Unsaved": str(len(form.errors)),
        },
    )


# -- pages -------------------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    application: Application,
    key: str,
    *,
    form: Any = None,
    refused: Refused | None = None,
    bound: Bound | None = None,
) -> HttpResponse:
    actor = common.actor_of(request)
    against = steps.against_submission(application, actor, actor.on)
    before, after = steps.neighbours(key)
    context = {
        "application": application,
        "step": steps.STEPS[key],
        "steps": steps.wizard(application, against, key),
        "number": steps.ORDER.index(key) + 1,
        "before": steps.step_url(application, before) if before else "",
        "after": steps.step_url(application, after) if after else "",
        "after_label": steps.STEPS[after].label if after else "",
        "self_check": steps.self_check(application, actor.on),
        "refused": refused,
        "form": form or (_MAIN[key](instance=application) if key in _MAIN else None),
        **_more(request, application, key, against, bound or {}),
    }
    if context["form"] is not None:
        context["version"] = version(application, context["form"].names)
    wrong = refused is not None or bound or (form is not None and form.errors)
    status = 409 if isinstance(refused, NotPossible) else 422 if wrong else 200
    return common.page(request, f"step_{key}", context, status)


def _more(
    request: HttpRequest, application: Application, key: str, against: dict[str, Any], bound: Bound
) -> dict[str, Any]:
    """What a step shows besides its own form."""
    actor = common.actor_of(request)
    if key in _PARTS:
        return rows_of(application, key, actor.on, bound)
    if key == "materials":
        return {"uploads": agency_materials.material_uploads(request, application)}
    if key == "pledge":
        return {
            "missing": steps.missing(application, {k: v for k, v in against.items() if k != "pledge"}),
            "against": against,
            **preview(application, actor.on),
            "may_submit": actor.role == "admin",
            "county": county_of(application.area_id),
        }
    return {}


@require_safe
@common.for_agency
def checks(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The self-check and the steps anew, after something was saved (htmx)."""
    common.one_of(key, steps.STEPS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    against = steps.against_submission(application, actor, actor.on)
    context = {
        "application": application,
        "step": steps.STEPS[key],
        "steps": steps.wizard(application, against, key),
        "self_check": steps.self_check(application, actor.on),
        "refreshed": True,
    }
    return render(request, "filings/agency/self_check.html", context)


# -- rows --------------------------------------------------------------------------------------------------------


def _form_for(request: HttpRequest, application: Application, rows: Rows, row: Any = None) -> Any:
    """The form of a row, bound to what was sent, with the ids it has on the page."""
    on = common.actor_of(request).on
    kwargs: dict[str, Any] = {"instance": row} if row else {}
    if row:
        kwargs["auto_id"] = f"id_{rows.name}-{row.pk}-%s"
    if rows.name == "scope":
        return drafts.ScopeForm(request.POST, **kwargs) if row else drafts.OccupationForm(request.POST)
    if rows.name == "records":
        if not row:
            kwargs["auto_id"] = f"id_new-record-{request.POST.get('item', '')}-%s"
        return drafts.RecordForm(request.POST, on=on, **kwargs)
    if rows.name == "sites":
        kwargs.setdefault("auto_id", "id_new-site-%s")
        return drafts.SiteForm(request.POST, scope=application.scope.select_related("occupation"), **kwargs)
    occupations = [item.occupation for item in application.scope.select_related("occupation")]
    kwargs.setdefault("auto_id", "id_new-person-%s")
    return drafts.StaffForm(request.POST, occupations=occupations, **kwargs)


@require_POST
@common.for_agency
def row_add(request: HttpRequest, pk: int, rows: str) -> HttpResponse:
    """Add a row. Wrong or missing: everything typed stays, with a word at each field."""
    table: Rows = common.one_of(rows, ROWS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    form = _form_for(request, application, table)
    mark: Any = 0
    more: dict[str, Any] = {}
    if rows == "records":
        mark = request.POST.get("occupation", "")
        item = application.scope.filter(occupation_id=mark).select_related("occupation").first()
        if item is None:
            return _rows_answer(request, application, rows, refused=NotPossible(GONE))
        more = {"occupation": item.occupation}
    if form.is_valid():
        values = form.stored() if isinstance(form, drafts.DraftForm) else form.cleaned_data
        try:
            common.act("add_row", actor, application, add_row, table, values={**values, **more})
        except NotPossible as refused:
            return _rows_answer(request, application, rows, refused=refused)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, reason.text)
        else:
            return _rows_answer(request, application, rows)
    return _rows_answer(request, application, rows, bound={(rows, mark): form})


@require_POST
@common.for_agency
def row_save(request: HttpRequest, pk: int, rows: str, row: int) -> HttpResponse:
    """Save a row: by itself while it is written, or by its button."""
    table: Rows = common.one_of(rows, ROWS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    found = table.model._default_manager.filter(application=application, pk=row).first()
    if found is None:
        return _rows_answer(request, application, rows, refused=NotPossible(GONE))
    form = _form_for(request, application, table, found)
    form.is_valid()
    saved, refused = found, None
    try:
        saved = common.act(
            "save_row",
            actor,
            application,
            save_row,
            table,
            row,
            values=form.stored(),
            base=request.POST.get("version", ""),
            names=form.names,
        )
    except Refused as refusal:
        refused = refusal
    if _autosave(request):
        return _autosaved(saved, form, refused)
    bound = {(rows, row): form} if form.errors or refused else None
    return _rows_answer(request, application, rows, refused=refused, bound=bound)


@require_POST
@common.for_agency
def row_remove(request: HttpRequest, pk: int, rows: str, row: int) -> HttpResponse:
    """Remove a row."""
    table: Rows = common.one_of(rows, ROWS)
    application = common.own_application(request, pk)
    try:
        common.act("remove_row", common.actor_of(request), application, remove_row, table, row)
    except Refused as refused:
        return _rows_answer(request, application, rows, refused=refused)
    return _rows_answer(request, application, rows)


def _rows_answer(
    request: HttpRequest,
    application: Application,
    rows: str,
    *,
    refused: Refused | None = None,
    bound: Bound | None = None,
) -> HttpResponse:
    """The table anew: a part for htmx, the whole page (or back to it) for others; 409 where the page was outdated."""
    key = _SHOWN_IN[rows]
    application.refresh_from_db()
    if _autosave(request):
        return HttpResponse(common.said(refused) if refused else "", status=409 if refused else 204)
    if application.state != ApplicationState.DRAFT:
        messages.error(request, common.said(refused) if refused else "")
        address = reverse("filings:application", args=[application.pk])
        if common.by_script(request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
    if common.by_script(request):
        context = {**rows_of(application, key, common.actor_of(request).on, bound or {}), "refused": refused}
        status = 409 if refused else 422 if bound else 200
        return common.part(request, _PARTS[key], context, status)
    if refused is None and not bound:
        return redirect(f"{steps.step_url(application, key)}#rows-{rows}")
    return _show(request, application, key, refused=refused, bound=bound)
