"""Files and papers, to those who may see their matter; to everybody else they do not exist."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.accounts.sessions import current_actor, signed_in
from core.documents import access, codes, reading, serving
from core.documents.formats import PDF
from core.documents.models import DocumentState, OfficialDocument, Upload

# Digits of the largest row id; more are no id, and Python refuses to read thousands of them.
LONGEST_ID = 18


@require_safe
@xframe_options_sameorigin
@signed_in()
def upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """One version of an upload; `?download` saves it, `?read` shows a DOCX or XLSX as a page. 404 for whoever may not
    read it."""
    found = get_object_or_404(Upload, pk=pk)
    actor = _reader(request, found)
    serving.record_view(found, actor)
    if "read" in request.GET and reading.readable(found.media_type, found.size):
        return serving.read(found.file, name=found.name, media_type=found.media_type)
    return serving.respond(found.file, name=found.name, media_type=found.media_type, download="download" in request.GET)


@require_safe
@xframe_options_sameorigin
@signed_in()
def paper(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The PDF of a paper, by its id or verification code. While it is being made: 202, with a word to wait."""
    lookup = (
        {"pk": int(reference)}
        if reference.isdecimal() and len(reference) <= LONGEST_ID
        else {"code": codes.normalise(reference)}
    )
    found = get_object_or_404(OfficialDocument, **lookup)
    actor = _reader(request, found)
    if found.state != DocumentState.ISSUED:
        return HttpResponse(
            "文书正在生成，请稍候刷新。",
            status=202,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "3"},
        )
    serving.record_view(found, actor)
    return serving.respond(
        found.file, name=f"{found.title} {found.number}.pdf", media_type=PDF, download="download" in request.GET
    )


def _reader(request: HttpRequest, found: Upload | OfficialDocument) -> Actor:
    actor = current_actor(request)
    if actor is None or not access.may_read(actor, found):
        raise Http404("没有这个文件。")
    return actor
