"""Correction and supplements: only what the notice names, each with the reviewer's words beside the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from core.accounts.actors import Actor
from core.clock.clock import now
from core.deadlines import clocks
from core.refusals import Refused
from filings import workflow
from filings.corrections import waiting
from filings.enums import Requester
from filings.forms.answers import AnswerForm, ExtensionForm
from filings.models import Application, Request, RequestItem
from filings.part_contents import changes_of
from filings.parts import NAMEABLE, label
from filings.views import agency_common as common
from filings.views import agency_materials as materials
from filings.views import agency_steps as steps
from filings.views import counter_parts
from filings.views.common import offer_of
from regulation.periods import PERIODS

# what is asked → (the transition that hands the answers in, the clock that runs)
_MODES = {Requester.CORRECTION: ("resubmit", "correction"), Requester.SUPPLEMENT: ("supply_supplements", "decision")}


@require_safe
@common.for_acting
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the notice's items."""
    application = common.own_application(request, pk)
    return _show(request, application)


def _show(
    request: HttpRequest, application: Application, *, extension: ExtensionForm | None = None, status: int = 200
) -> HttpResponse:
    asked = waiting(application)
    if asked is None:
        if request.method == "POST":
            messages.error(request, "这件事已有变化，刚才提交的没有收下。现在没有等待您补正或补充的内容。")
        else:
            messages.info(request, "现在没有等待您补正或补充的内容。")
        return common.back_to_application(application)
    actor = common.actor_of(request)
    name, kind = _MODES[Requester(asked.kind)]
    correcting = asked.kind == Requester.CORRECTION
    context = {
        "application": application,
        "asked": asked,
        "correcting": correcting,
        "items": _items(request, application, asked),
        "clock": clocks.running(application, kind),
        "offer": offer_of(application, name, actor, actor.on),
        "extension": extension or ExtensionForm(),
        "counter_upload": counter_parts.upload_of(request, application, actor, name),
        "extension_upload": counter_parts.upload_of(request, application, actor, "ask_extension"),
        "may_extend": correcting and asked.extension_asked_on is None,
        "most_days": PERIODS["correction"].total_maximum,
    }
    return common.page(request, "answers", context, status)


def _items(request: HttpRequest, application: Application, asked: Request) -> list[dict[str, Any]]:
    versions = materials.versions_of(application)
    in_force = {m.key: m.upload_id for m in application.materials.all()}
    items = []
    for item in asked.items.select_related("upload", "request__application"):
        shown = {
            "item": item,
            "form": AnswerForm(initial={"answer": item.answer}, auto_id=f"id_item-{item.key}-%s"),
            "url": reverse("filings:agency-answer", args=[application.pk, item.key]),
        }
        if item.part:
            shown |= {"edit_url": steps.part_url(application, item.part), "changes": changes_of(item)}
        else:
            uploads = [upload for upload in versions.get(item.key, []) if upload.pk == in_force.get(item.key)]
            shown |= {"before": [common.shown(one) for one in uploads], "upload": _upload(request, application, item)}
        items.append(shown)
    return items


def _upload(request: HttpRequest, application: Application, item: RequestItem, error: str = "") -> dict[str, Any]:
    part = materials.upload_part(
        request,
        url=reverse("filings:agency-answer", args=[application.pk, item.material]),
        key=item.material,
        versions=[item.upload] if item.upload else [],
        error=error,
        anchor=f"id_item-{item.material}-upload",
        model=materials.model_of(application, item.material),
    )
    return part | {"label": "补交的文件", "hint": "", "citation": ""}


@require_POST
@common.for_acting
def answer(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take one item's answer: a file, or words; the words save themselves."""
    common.one_of(key, dict.fromkeys(NAMEABLE))
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    file, words = request.FILES.get("file"), request.POST.get("answer")
    error = "" if file or words is not None else "请先选择文件。"
    item = None
    if not error:
        try:
            item = _answer(application, actor, key, file, words)
        except Refused as refused:
            error = common.said(refused)
    if request.headers.get("X-Autosave") == "1":
        headers = {"X-Saved-At": f"{localtime(now()):%H:%M}", "HX-Trigger": '{"portal:saved": {}}'}
        return (
            HttpResponse(error, status=409, content_type="text/plain")
            if error
            else HttpResponse(status=204, headers=headers)
        )
    if common.by_script(request):
        asked = waiting(application)
        item = item or next((one for one in asked.items.all() if one.key == key), None) if asked else item
        if item is None or item.part:
            return HttpResponse(status=409)
        part = _upload(request, application, item, error)
        return render(request, "components/upload.html", {"upload": part}, status=422 if error else 200)
    if error:
        messages.error(request, f"{label(key)}：{error}")
    else:
        messages.success(request, f"{label(key)}：已保存。")
    return redirect(f"{reverse('filings:agency-answers', args=[pk])}#id_item-{key}")


def _answer(application: Application, actor: Actor, key: str, file: Any, words: str | None) -> RequestItem:
    item: RequestItem = common.act("answer", actor, application, workflow.answer_item, key, file=file, answer=words)
    return item


@require_POST
@common.for_acting
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a longer correction period, with a reason."""
    application = common.own_application(request, pk)
    form = ExtensionForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            common.act("ask_extension", common.actor_of(request), application, workflow.ask_extension, reason=reason)
        except Refused as refused:
            application.refresh_from_db()
            for one in refused.reasons:
                form.add_error("reason", one.text)
        else:
            messages.success(request, "已申请延长，由受理单位决定。决定之前，原期限不变。")
            return redirect("filings:agency-answers", pk)
    return _show(request, application, extension=form, status=422)
