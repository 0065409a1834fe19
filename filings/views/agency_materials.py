"""The six materials of a draft: what is taken, what is there with its versions, and taking a file."""

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.documents import formats, serving
from core.documents.models import Upload
from core.refusals import Refused
from filings import pledge_form, workflow
from filings.models import Application
from filings.samples import SAMPLES
from filings.views import agency_common as common
from filings.views import agency_steps as steps
from regulation.materials import MATERIALS


def upload_part(
    request: HttpRequest,
    *,
    url: str,
    key: str,
    versions: list[Upload],
    error: str = "",
    anchor: str = "",
    model: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """A material's upload as components/upload.html takes it: what is taken, what is there, earlier versions."""
    rule = MATERIALS[key]
    earlier = [common.shown(upload) for upload in versions[1:]]
    return {
        "id": anchor or f"id_material-{key}",
        "url": url,
        "label": rule.label,
        "citation": rule.citation.code,
        "accept": ",".join(f".{name}" for name in rule.formats),
        "camera": "jpg" in rule.formats,
        "limit_mb": common.material_limit(request),
        "hint": rule.hint,
        "model": model,
        "current": common.shown(versions[0]) if versions else None,
        "versions": earlier,
        "error": error,
    }


def model_of(application: Application, key: str) -> tuple[str, str] | None:
    """What the material can be made from: (words, address); None where there is nothing."""
    if key == "pledge":
        return "下载空白样式", reverse("filings:agency-pledge-form", args=[application.pk])
    found = next((one for one in SAMPLES.values() if one.step == key), None)
    return (found.title, reverse("registry:sample", args=[found.key])) if found else None


def versions_of(application: Application) -> dict[str, list[Upload]]:
    """{material: its uploads, newest first}."""
    rows = Upload.objects.filter(matter_type="filings.application", matter_id=str(application.pk)).order_by("-version")
    found: dict[str, list[Upload]] = {}
    for upload in rows:
        found.setdefault(upload.slot, []).append(upload)
    return found


def material_uploads(request: HttpRequest, application: Application) -> list[dict[str, Any]]:
    """The six materials as upload parts."""
    versions = versions_of(application)
    return [
        upload_part(
            request,
            url=reverse("filings:agency-material", args=[application.pk, key]),
            key=key,
            versions=versions.get(key, []),
            model=model_of(application, key),
        )
        for key in MATERIALS
    ]


@require_safe
@common.for_acting
def blank_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of the pledge to print and sign, as a PDF."""
    content = ContentFile(pledge_form.pdf(common.own_application(request, pk)))
    return serving.respond(content, name=pledge_form.FILE_NAME, media_type=formats.PDF)


@require_POST
@common.for_acting
def material(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a file for one of the six. Answers the script with the part anew, others with the page."""
    common.one_of(key, MATERIALS)
    application = common.own_application(request, pk)
    actor = common.actor_of(request)
    file = request.FILES.get("file")
    error = "请先选择文件。"
    if file is not None:
        try:
            common.act("upload", actor, application, workflow.upload_material, key, file)
            error = ""
        except Refused as refused:
            error = common.said(refused)
    if not common.by_script(request):
        if error:
            messages.error(request, f"{MATERIALS[key].label}：{error}")
        else:
            messages.success(request, f"{MATERIALS[key].label}：已上传。")
        return redirect(f"{steps.step_url(application, 'materials')}#id_material-{key}")
    part = upload_part(
        request,
        url=reverse("filings:agency-material", args=[pk, key]),
        key=key,
        versions=versions_of(application).get(key, []),
        error=error,
        model=model_of(application, key),
    )
    return render(request, "components/upload.html", {"upload": part}, status=422 if error else 200)
