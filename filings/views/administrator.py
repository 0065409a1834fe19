"""The administrator's filings settings: serials, figures with their dates. No power over any case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.reference import settings
from core.reference.models import Setting
from core.web import pagination
from filings.forms.officers_settings import SerialsForm, SettingForm
from filings.models import SerialBlock
from filings.views.common import asking, saved
from filings.workflow import places
from regulation.settings import GROUPS

administrator = signed_in(OrganisationKind.OPERATOR, roles=(Role.ADMINISTRATOR,))


@require_http_methods(["GET", "POST"])
@administrator
def serials(request: HttpRequest) -> HttpResponse:
    """备案编码号段: granted, used and left."""
    _, on = asking(request)
    form = SerialsForm(request.POST if request.method == "POST" else None, initial={"granted_on": on})
    if saved(request, form, "filings.serials.enter", places.enter_serials, "号段已录入。"):
        return redirect("filings:serials")
    blocks = list(SerialBlock.objects.order_by("-first"))
    context = {"form": form, "blocks": blocks, "left": sum(one.left for one in blocks)}
    return render(request, "filings/serials.html", context, status=422 if form.errors else 200)


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
    if data and saved(
        request, form, "setting.set", _set, "已保存。",
        key=data["key"], figure=data["value"], effective_from=data["effective_from"], note=data["note"],
    ):  # fmt: skip
        return redirect("filings:figures")
    found = {one.key: one for one in settings.figures(on)}
    changed = Setting.history.select_related("history_user").order_by("-history_date", "-history_id")
    page = pagination.by_number(changed, request.GET)
    context = {
        "form": form,
        "chosen": found.get(str(form["key"].value())),
        "groups": [(group, [found[one.key] for one in group.settings if one.key in found]) for group in GROUPS],
        # A row of the history answers for itself as the setting it was: by its name, its figure in words.
        "page": page.with_items([(one, one.instance) for one in page]),
    }
    return render(request, "filings/figures.html", context, status=422 if form.errors else 200)


def _set(*, key: str, figure: int, **kwargs: Any) -> Any:
    return settings.set_value(key, figure, **kwargs)
