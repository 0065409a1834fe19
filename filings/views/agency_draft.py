"""The application wizard: short steps that save themselves, materials, preview. Rows: agency_rows.py."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock.clock import now
from core.refusals import NotPossible, Refused
from filings import permissions, workflow
from filings.enums import ApplicationKind, ApplicationState
from filings.forms import draft_steps
from filings.models import Application
from filings.permissions import county_of
from filings.views import agency_common as common
from filings.views import agency_materials, counter_parts
from filings.views import agency_steps as steps
from filings.views.agency_preview import preview
from filings.views.agency_tables import Bound, rows_of
from filings.workflow.draft_rows import version

# The part of a step's page that htmx replaces when a row was changed.
TABLES = {"occupations": "rows_scope", "sites": "rows_sites", "people": "rows_staff"}
_MAIN = {"agency": draft_steps.AgencyForm, "occupations": draft_steps.SinceForm, "pledge": draft_steps.PledgeForm}


@require_POST
@common.for_agency
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application: an initial one, prefilled with what is known of the agency or from an ended one; a change
    or a renewal, filled with the filing as it stands."""
    actor = common.actor_of(request)
    wanted = request.POST.get("based_on", "")
    source = common.own_application(request, int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    kind = request.POST.get("kind", ApplicationKind.INITIAL)
    common.one_of(kind, dict(ApplicationKind.choices))
    try:
        application = workflow.create_application(actor=actor, on=actor.on, kind=kind, based_on=source)
    except Refused as refused:
        messages.error(request, common.said(refused))
        return redirect(common.home_address())
    if source is not None:
        messages.success(request, f"已沿用 {source.number} 的内容。请逐步核对；承诺书要重新签署、重新上传。")
    return redirect("filings:agency-step", application.pk, steps.ORDER[0])


@require_safe
@common.for_acting
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where something is still missing."""
    application = common.own_application(request, pk)
    if application.state != ApplicationState.DRAFT:
        return common.back_to_application(application)
    actor = common.actor_of(request)
    key = steps.first_open(application, steps.against_submission(application, actor, actor.on))
    return redirect("filings:agency-step", pk, key)


@require_http_methods(["GET", "HEAD", "POST"])
@common.for_acting
def step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One step. A POST stores what is right of its form and goes on; what is wrong stays on the page and says so."""
    common.one_of(key, steps.STEPS)
    application = common.own_application(request, pk)
    if request.method == "POST" and key in _MAIN:
        return _save_main(request, application, key)
    if application.state != ApplicationState.DRAFT:
        return common.back_to_application(application)
    return show(request, application, key)


def _save_main(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    form = _MAIN[key](request.POST, instance=application, on=common.actor_of(request).on)
    refused = save_form(request, application, form)
    if autosave(request):
        return autosaved(application, form, refused)
    if refused is None and form.is_valid():
        after = steps.neighbours(key)[1]
        return redirect("filings:agency-step", application.pk, after if after and "stay" not in request.POST else key)
    if refused is not None and application.state != ApplicationState.DRAFT:
        messages.error(request, common.said(refused))
        return common.back_to_application(application)
    return show(request, application, key, form=form, refused=refused)


def save_form(request: HttpRequest, application: Application, form: Any) -> Refused | None:
    """Write what is right of a form of the application's own fields; return what refused it."""
    form.is_valid()
    try:
        common.act(
            "save_draft",
            common.actor_of(request),
            application,
            workflow.save_draft,
            fields=form.stored(),
            base=request.POST.get("version", ""),
            names=form.names,
        )
    except Refused as refusal:
        return refusal
    return None


def autosave(request: HttpRequest) -> bool:
    """Whether the page's script saves a form while it is written."""
    return request.headers.get("X-Autosave") == "1"


def autosaved(row: Any, form: Any, refused: Refused | None) -> HttpResponse:
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


def show(
    request: HttpRequest,
    application: Application,
    key: str,
    *,
    form: Any = None,
    refused: Refused | None = None,
    bound: Bound | None = None,
) -> HttpResponse:
    """The page of a step."""
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
        "form": form or (_MAIN[key](instance=application, on=actor.on) if key in _MAIN else None),
        **_more(request, application, key, against, bound or {}),
    }
    if context["form"] is not None:
        context["version"] = version(application, context["form"].names)
    wrong = refused is not None or is_wrong(bound) or (form is not None and form.errors)
    status = 409 if isinstance(refused, NotPossible) else 422 if wrong else 200
    return common.page(request, f"step_{key}", context, status)


def is_wrong(bound: Bound | None) -> bool:
    """Whether a form that came back says what is wrong in it; a preview comes back too."""
    return any(form.errors for form in (bound or {}).values())


def _more(
    request: HttpRequest, application: Application, key: str, against: dict[str, Any], bound: Bound
) -> dict[str, Any]:
    """What a step shows besides its own form."""
    actor = common.actor_of(request)
    if key in TABLES:
        return rows_of(application, key, actor.on, bound)
    if key == "materials":
        return {"uploads": agency_materials.material_uploads(request, application)}
    if key == "pledge":
        return {
            "missing": steps.missing(application, chain.from_iterable(against.values())),
            **preview(application, actor.on),
            "may_submit": permissions.submit(application, actor),
            "county": county_of(application.area_id),
            **(counter_parts.handing_in(request, application) if application.at_counter else {}),
        }
    return {}


@require_safe
@common.for_acting
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
        "refreshed": application.state == ApplicationState.DRAFT,
    }
    return render(request, "filings/agency/self_check.html", context)
