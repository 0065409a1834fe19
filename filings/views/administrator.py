"""The administrator's filings settings: serials, criteria, figures with their dates. No power over any case."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.reference import settings
from core.refusals import Refused
from core.workflow.attempts import attempt
from filings.forms.officers_settings import CriterionForm, SerialsForm, SettingForm
from filings.forms.officers_work import place
from filings.models import Criterion, SerialBlock
from filings.views.common import asking
from filings.workflow import places
from regulation.settings import SETTINGS

administrator = signed_in(OrganisationKind.OPERATOR, roles=(Role.ADMINISTRATOR,))


def _save(request: HttpRequest, form: forms.Form, verb: str, act: Any, done: str, **kwargs: Any) -> bool:
    """Carry out a form sent; tell whether it was done. What stands against it stands at its fields."""
    actor, on = asking(request)
    if not form.is_bound or not form.is_valid():
        return False
    try:
        attempt(verb, actor, None, act, actor=actor, on=on, **(kwargs or form.cleaned_data))
    except Refused as refused:
        place(form, refused)
        return False
    messages.success(request, done)
    return True


@require_http_methods(["GET", "POST"])
@administrator
def serials(request: HttpRequest) -> HttpResponse:
    """备案编码号段: granted, used and left."""
    _, on = asking(request)
    form = SerialsForm(request.POST if request.method == "POST" else None, initial={"granted_on": on})
    if _save(request, form, "filings.serials.enter", places.enter_serials, "号段已录入。"):
        return redirect("filings:serials")
    blocks = list(SerialBlock.objects.order_by("-first"))
    context = {
        "form": form,
        "blocks": [
            {
                "row": one,
                "total": one.last - one.first + 1,
                "used": one.next - one.first,
                "left": one.last - one.next + 1,
            }
            for one in blocks
        ],
        "left": sum(one.last - one.next + 1 for one in blocks),
    }
    return render(request, "filings/serials.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administrator
def criteria(request: HttpRequest) -> HttpResponse:
    """评估标准: each version with its days."""
    _, on = asking(request)
    form = CriterionForm(request.POST if request.method == "POST" else None, initial={"since": on})
    if _save(request, form, "filings.criterion.publish", places.publish_criterion, "标准已公布。"):
        return redirect("filings:criteria")
    rows = list(Criterion.objects.order_by("-since", "key"))
    now = [one for one in rows if one.since <= on and (one.until is None or one.until >= on)]
    context = {"form": form, "rows": rows, "now": [one.pk for one in now], "full": sum(one.full_marks for one in now)}
    return render(request, "filings/criteria.html", context, status=422 if form.errors else 200)


@require_POST
@administrator
def end_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """End a criterion."""
    actor, on = asking(request)
    row = get_object_or_404(Criterion, pk=pk)
    try:
        attempt("filings.criterion.end", actor, row, places.end_criterion, row, actor=actor, on=on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, "已停用，今天为最后一日。")
    return redirect("filings:criteria")


@require_http_methods(["GET", "POST"])
@administrator
def figures(request: HttpRequest) -> HttpResponse:
    """期限和参数: what holds today, what held and will hold; a new figure from a day on."""
    _, on = asking(request)
    form = SettingForm(
        request.POST if request.method == "POST" else None,
        initial={"effective_from": on, "key": request.GET.get("key", "")},
    )
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if data and _save(
        request, form, "setting.set", _set, "已保存。",
        key=data["key"], figure=data["value"], effective_from=data["effective_from"], note=data["note"],
    ):  # fmt: skip
        return redirect("filings:figures")
    schedules = settings.schedules()
    rows = []
    for key, spec in SETTINGS.items():
        dated = schedules.get(key, [])
        now = next((row for row in reversed(dated) if row.effective_from <= on), None)
        rows.append({"key": key, "spec": spec, "value": now.value if now else spec.default, "now": now, "dated": dated})
    return render(
        request, "filings/figures.html", {"form": form, "rows": rows, "on": on}, status=422 if form.errors else 200
    )


def _set(*, key: str, figure: int, **kwargs: Any) -> Any:
    return settings.set_value(key, figure, **kwargs)
