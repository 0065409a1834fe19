"""A part of the form that a notice named: opened prefilled, edited by the same forms and rows as in the draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.refusals import NotPossible, Refused
from filings import corrections
from filings.enums import Requester
from filings.forms import draft_steps
from filings.models import Application
from filings.part_contents import changes_of
from filings.parts import PARTS
from filings.views import agency_common as common
from filings.views import agency_draft as draft
from filings.views import agency_steps as steps
from filings.views.agency_tables import Bound, rows_of
from filings.workflow.draft_rows import version

# The form of a part's own fields; its rows have theirs.
FORMS: dict[str, Any] = {
    "agency": draft_steps.AgencyForm,
    "records": draft_steps.SinceForm,
    "pledge_day": draft_steps.PledgeForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
@common.for_acting
def part(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One part. A POST stores what is right of its form; what is wrong stays on the page and says so."""
    common.one_of(key, PARTS)
    application = common.own_application(request, pk)
    if request.method == "POST" and key in FORMS:
        return _save(request, application, key)
    if key not in corrections.open_items(application):
        messages.info(request, f"通知没有点到“{PARTS[key].label}”，现在不能修改。")
        return common.back_to_application(application)
    return show(request, application, key)


def _save(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    form = FORMS[key](request.POST, instance=application, on=common.actor_of(request).on)
    refused = draft.save_form(request, application, form)
    if draft.autosave(request):
        return draft.autosaved(application, form, refused)
    if refused is None and form.is_valid():
        messages.success(request, f"{PARTS[key].label}：已保存。")
        return redirect(f"{reverse('filings:agency-answers', args=[application.pk])}#id_item-{key}")
    if key not in corrections.open_items(application):
        messages.error(request, common.said(refused) if refused else common.CLOSED)
        return common.back_to_application(application)
    return show(request, application, key, form=form, refused=refused)


def show(
    request: HttpRequest,
    application: Application,
    key: str,
    *,
    form: Any = None,
    refused: Refused | None = None,
    bound: Bound | None = None,
) -> HttpResponse:
    """The page of a part, with what the notice says of it and what has changed since."""
    actor = common.actor_of(request)
    item = corrections.open_items(application)[key]
    step = steps.STEP_OF[key]
    context: dict[str, Any] = {
        "application": application,
        "part": PARTS[key],
        "item": item,
        "correcting": item.request.kind == Requester.CORRECTION,
        "changes": changes_of(item),
        "step": steps.STEPS[step],
        "self_check": steps.self_check(application, actor.on),
        "refused": refused,
        "fields": f"filings/agency/fields_{key}.html" if key in FORMS else "",
        "table": f"filings/agency/{draft.TABLES[step]}.html" if PARTS[key].rows else "",
    }
    if key in FORMS:
        context["form"] = form or FORMS[key](instance=application, on=actor.on)
        context["version"] = version(application, context["form"].names)
    if PARTS[key].rows:
        context |= rows_of(application, step, actor.on, bound or {})
    wrong = refused is not None or draft.is_wrong(bound) or (form is not None and form.errors)
    status = 409 if isinstance(refused, NotPossible) else 422 if wrong else 200
    return common.page(request, "part", context, status)
