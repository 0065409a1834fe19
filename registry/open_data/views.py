"""The public pages of the open data, its files and its feed."""

import base64
import hashlib

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from core.web.navigation import HOST, OPERATOR, SITE_NAME
from core.web.pagination import by_key
from registry.open_data import changes, editions, package, table_schema
from registry.open_data.datasets import DATASETS
from registry.open_data.models import Edition, EditionFile

IN_FEED = 100
# Seconds until asking again is of use, where an edition is being made.
SOON = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """数据开放: what there is, its files, what each field says, the licence."""
    edition = editions.newest()
    served = edition if edition and editions.may_be_served(edition) else None
    files = list(served.files.order_by("id")) if served else []
    context = {
        "edition": served,
        "in_the_making": edition is not None and served is None,
        "sets": [(one, [file for file in files if file.dataset == one.name]) for one in DATASETS],
        "package": next((file for file in files if file.name == package.NAME), None),
        "versions": table_schema.changelog(),
        "licence": package.LICENCE,
        "host": HOST,
        "address": settings.PORTAL_ADDRESS.rstrip("/"),
    }
    return render(request, "registry/open_data/home.html", context)


@require_safe
def latest(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the newest edition. 404 where there is none yet, 503 while one is made in place of one that must not be
    handed out any more."""
    edition = editions.newest()
    if edition is None:
        raise Http404("还没有生成开放数据。")
    if not editions.may_be_served(edition):
        answer = render(request, "registry/open_data/gone.html", {"in_the_making": True}, status=503)
        answer["Retry-After"] = str(SOON)
        return answer
    return _file(request, edition, name)


@require_safe
def of_edition(request: HttpRequest, edition: int, name: str) -> HttpResponseBase:
    """A file of one edition, as long as it is kept. 410 where it holds what was withdrawn since."""
    found = get_object_or_404(Edition, pk=edition)
    if not editions.may_be_served(found):
        return _gone(request)
    return _file(request, found, name)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/open_data/gone.html", {"in_the_making": False}, status=410)


def _file(request: HttpRequest, edition: Edition, name: str) -> HttpResponseBase:
    found = get_object_or_404(EditionFile, edition=edition, name=name)
    headers = {
        # Kept by whom it may, and asked about each time: what is withdrawn is gone at once.
        "Cache-Control": "public, no-cache",
        "ETag": f'"{found.sha256}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(found.sha256)).decode()}:",
        "Content-Location": reverse("open_data:file", args=[edition.pk, name]),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Disposition, Content-Location, ETag, Repr-Digest",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    answer: HttpResponseBase | None = get_conditional_response(request, etag=headers["ETag"])
    if answer is None:
        try:
            opened = found.file.open("rb")
        except FileNotFoundError:  # cleared away since it was asked for
            return _gone(request)
        answer = FileResponse(opened, content_type=found.media_type)
        answer["Content-Length"] = str(found.size)
        stem, _, ending = name.rpartition(".")
        called = f"{stem}-{edition.as_of:%Y%m%d}.{ending}" if found.dataset else name
        answer["Content-Disposition"] = content_disposition_header(True, called) or "attachment"
    for header, value in headers.items():
        answer[header] = value
    return answer


@require_safe
def changed(request: HttpRequest) -> HttpResponse:
    """What has been published, changed, ended, withdrawn: the newest first."""
    changes.number_waiting()
    page = by_key(changes.numbered(), request.GET, key=("-number",))
    rows = [changes.told(one, day_of(request)) for one in page]
    return render(request, "registry/open_data/changes.html", {"page": page, "rows": rows})


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The same as an Atom feed, its newest entries."""
    changes.number_waiting()
    address = settings.PORTAL_ADDRESS.rstrip("/")
    atom = Atom1Feed(
        title=f"{SITE_NAME}：公开信息的变化",
        link=address + reverse("open_data:changes"),
        description="公布、变更、终止、撤下",
        feed_url=address + reverse("open_data:feed"),
        language=settings.LANGUAGE_CODE,
        author_name=OPERATOR,
    )
    on = day_of(request)
    for change in changes.numbered().order_by("-number")[:IN_FEED]:
        told = changes.told(change, on)
        atom.add_item(
            title=told.headline,
            link=f"{address}{told.path or reverse('open_data:changes')}",
            description="",
            unique_id=f"{address}{reverse('open_data:changes')}#{change.number}",
            updateddate=change.at,
        )
    answer = HttpResponse(atom.writeString("utf-8"), content_type=Atom1Feed.content_type)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, no-cache"
    answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer)
