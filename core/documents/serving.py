"""Handing out a stored file: named in Chinese, never run by the browser, and an officer's look at it recorded."""

import io

from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind
from core.audit import trail
from core.audit.models import Outcome
from core.documents import reading
from core.documents.formats import JPEG, PDF, PNG
from core.documents.models import OfficialDocument, Upload

# What a browser may show beside the work; everything else is saved.
INLINE = (PDF, JPEG, PNG)
# Whose look at an agency's files is recorded.
OBSERVED = (*AUTHORITIES, OrganisationKind.EXPERTS, OrganisationKind.OPERATOR)


def respond(file: File, *, name: str, media_type: str, download: bool = False) -> FileResponse:
    """Stream a file. A sandbox and nosniff keep it from doing anything in the portal's name."""
    response = FileResponse(file.open("rb"), content_type=media_type)
    inline = media_type in INLINE and not download
    response.headers["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Chromium shows no PDF inside a sandbox, and the page could not fit a picture to its frame. Neither can act in the
    # portal's name: the PDF viewer is the browser's own, a picture runs nothing, and nothing else is allowed to load.
    sandbox = "" if inline else "sandbox; "
    response.headers["Content-Security-Policy"] = (
        f"{sandbox}default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response


def read(file: File, *, name: str, media_type: str) -> HttpResponse:
    """A DOCX or XLSX as a page to read: shown beside the work, runs nothing."""
    with file.open("rb") as opened:
        response = HttpResponse(reading.page(io.BytesIO(opened.read()), name=name, media_type=media_type))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = reading.POLICY
    return response


def address(upload: Upload) -> tuple[str, bool]:
    """Where an upload is shown beside the work, and whether it can be; else where it is saved from."""
    url = reverse("documents:upload", args=[upload.pk])
    if reading.readable(upload.media_type, upload.size):
        return f"{url}?read", True
    return url, upload.media_type in INLINE


def record_view(obj: Upload | OfficialDocument, actor: Actor) -> None:
    """Record that an officer, expert or administrator looked at a file."""
    if actor.kind not in OBSERVED:
        return
    named = (
        {"upload": str(obj.pk), "slot": obj.slot, "version": obj.version}
        if isinstance(obj, Upload)
        else {"number": obj.number}
    )
    trail.record(
        "document.view",
        actor=actor,
        on=actor.on,
        matter=(obj.matter_type, obj.matter_id),
        outcome=Outcome.VIEWED,
        payload=named,
    )
