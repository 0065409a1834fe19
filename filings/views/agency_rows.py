"""Rows of the agency's tables, added, saved and removed: in a draft, and later in the parts that a notice named."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.refusals import NotPossible, Refused
from filings.corrections import open_parts
from filings.enums import ApplicationState
from filings.forms import draft_rows, drafts
from filings.models import Application
from filings.views import agency_common as common
from filings.views import agency_draft as draft
from filings.views import agency_parts as parts
from filings.views import agency_steps as steps
from filings.views.agency_tables import Bound, rows_of, scope_sites
from filings.workflow.draft_rows import GONE, ROWS, Rows, add_row, remove_row, save_row


def _form_for(request: HttpRequest, application: Application, rows: Rows, row: Any = None) -> Any:
    """The form of a row, bound to what was sent, with the ids it has on the page."""
    on = common.actor_of(request).on
    kwargs: dict[str, Any] = {"on": on, "instance": row} if row else {"on": on}
    if row:
        kwargs["auto_id"] = f"id_{rows.name}-{row.pk}-%s"
    if rows.name == "scope":
        if not row:
            return draft_rows.OccupationForm(request.POST)
        return draft_rows.ScopeForm(request.POST, sites=scope_sites(application), **kwargs)
    if rows.name == "records":
        if not row:
            kwargs["auto_id"] = f"id_new-record-{request.POST.get('item', '')}-%s"
        return draft_rows.RecordForm(request.POST, **kwargs)
    if rows.name == "sites":
        kwargs.setdefault("auto_id", "id_new-site-%s")
        return draft_rows.SiteForm(request.POST, scope=application.scope.select_related("occupation"), **kwargs)
    occupations = [item.occupation for item in application.scope.select_related("occupation")]
    kwargs.setdefault("auto_id", "id_new-person-%s")
    return draft_rows.StaffForm(request.POST, occupations=occupations, **kwargs)


@require_POST
@common.for_acting
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
            return rows_answer(request, application, rows, refused=NotPossible(GONE))
        more = {"occupation": item.occupation}
    if form.is_valid():
        values = form.stored() if isinstance(form, drafts.DraftForm) else form.cleaned_data
        try:
            common.act("add_row", actor, application, add_row, table, values={**values, **more})
        except NotPossible as refused:
            return rows_answer(request, application, rows, refused=refused)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, reason.text)
        else:
            return rows_answer(request, application, rows)
    return rows_answer(request, application, rows, bound={(rows, mark): form})


@require_POST
@common.for_acting
def row_save(request: HttpRequest, pk: int, rows: str, row: int) -> HttpResponse:
    """Save a row: by itself while it is written, or by its button."""
    table: Rows = common.one_of(rows, ROWS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    found = table.model._default_manager.filter(application=application, pk=row).first()
    if found is None:
        return rows_answer(request, application, rows, refused=NotPossible(GONE))
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
    if draft.autosave(request):
        return draft.autosaved(saved, form, refused)
    bound = {(rows, row): form} if form.errors or refused else None
    return rows_answer(request, application, rows, refused=refused, bound=bound)


@require_POST
@common.for_acting
def row_remove(request: HttpRequest, pk: int, rows: str, row: int) -> HttpResponse:
    """Remove a row."""
    table: Rows = common.one_of(rows, ROWS)
    application = common.own_application(request, pk)
    try:
        common.act("remove_row", common.actor_of(request), application, remove_row, table, row)
    except Refused as refused:
        return rows_answer(request, application, rows, refused=refused)
    return rows_answer(request, application, rows)


def rows_answer(
    request: HttpRequest,
    application: Application,
    rows: str,
    *,
    refused: Refused | None = None,
    bound: Bound | None = None,
    said: str = "",
) -> HttpResponse:
    """The table anew, with what is `said` of what was done: a part for htmx, the whole page (or back to it) for others;
    409 where the page was outdated."""
    key = steps.STEP_OF[rows]
    application.refresh_from_db()
    if draft.autosave(request):
        return HttpResponse(common.said(refused) if refused else "", status=409 if refused else 204)
    if rows not in open_parts(application):
        messages.error(request, common.said(refused) if refused else common.CLOSED)
        address = reverse("filings:application", args=[application.pk])
        if common.by_script(request):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
    if common.by_script(request):
        shown = rows_of(application, key, common.actor_of(request).on, bound or {})
        context = {**shown, "refused": refused, "said": said}
        status = 409 if refused else 422 if draft.is_wrong(bound) else 200
        return common.part(request, draft.TABLES[key], context, status)
    if said:
        messages.success(request, said)
    if refused is None and not bound:
        return redirect(f"{steps.part_url(application, rows)}#rows-{rows}")
    if application.state == ApplicationState.DRAFT:
        return draft.show(request, application, key, refused=refused, bound=bound)
    return parts.show(request, application, rows, refused=refused, bound=bound)
