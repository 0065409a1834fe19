"""Pages that belong to no business app: the living style page, the session check, error pages."""

import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from core.accounts.sessions import acting, day_of, signed_in
from core.refusals import Refused
from core.web import outages, samples, saved_filters
from core.web.forms import SampleFilter, SampleForm
from core.web.hard_words import hardened
from core.web.models import SavedFilter
from core.web.problems import CONTENT_TYPE, problem

MOUTHFUL = 1 << 16  # bytes


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon: browsers ask here for a PDF or an answer of the API, which name none."""
    return redirect(static("icons/favicon.svg"))


@require_GET
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """204 for the signed-in, else 401: a page left open asks before it sends what was written."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@require_POST
@signed_in()
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filter of a list under a name, and lead back to the list as it was."""
    name, query = request.POST.get("list", ""), request.POST.get("query", "")
    try:
        kept = saved_filters.keep(name, query, request.POST.get("label", ""), acting(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已保存常用筛选“{kept.label}”。")
    return _to_list(name, query)


@require_POST
@signed_in()
def remove_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's own kept filters."""
    kept = get_object_or_404(SavedFilter, pk=pk, position=acting(request).position)
    kept.delete()
    messages.success(request, f"已删去常用筛选“{kept.label}”。")
    return _to_list(kept.list, request.POST.get("query", ""))


def _to_list(name: str, query: str) -> HttpResponse:
    if not saved_filters.is_list(name):
        raise Http404
    asked = saved_filters.canonical(query)
    return redirect(reverse(name) + (f"?{asked}" if asked else ""))


def _style_visible(request: HttpRequest) -> None:
    if not (settings.DEBUG or getattr(settings, "DEMO_MODE", False) or request.user.is_staff):
        raise Http404


@require_http_methods(["GET", "POST"])
def style(request: HttpRequest) -> HttpResponse:
    """Every part of templates/components in its states, on invented data; `?hard`: with texts that break layouts. Demo
    mode, DEBUG, or staff only."""
    _style_visible(request)
    form = SampleForm(request.POST or None)
    hard = "hard" in request.GET
    shown = samples.context(day_of(request))
    context: dict[str, Any] = (hardened(shown) if hard else shown) | {
        "columns": shown["columns"],  # our own words
        "hard": hard,
        "form": form,
        "sent_form": SampleForm({"name": "安阳市某职业培训学校", "credit_code": "5241", "service": "portal"}),
        "filter_form": SampleFilter(request.GET or None),
    }
    return render(request, "style.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


@require_POST
def style_upload(request: HttpRequest) -> HttpResponse:
    """The sample upload: takes a PDF's name and size, keeps nothing."""
    _style_visible(request)
    file = request.FILES.get("file")
    upload = dict(samples.UPLOADS[0])
    if file is None or not str(file.name).lower().endswith(".pdf"):
        upload["error"] = "这不是 PDF 文件。请另存为 PDF 后重新上传。"
    else:
        upload["current"] = {"name": file.name, "facts": f"PDF · {(file.size or 0) // 1024} KB", "url": "#"}
    if not request.headers.get("HX-Request"):
        return redirect("web:style")
    return render(request, "components/upload.html", {"upload": upload}, status=422 if "error" in upload else 200)


def too_often(request: HttpRequest) -> HttpResponse:
    """handler429, which allauth asks for: sign-in, registration, a new password tried too often from one address."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: without the database, the session or context processors, any of which may be what failed. An outage
    is 503, and says when to try again; the API is answered with a problem document."""
    out = outages.is_outage(sys.exc_info()[1])
    with suppress(Exception):  # whoever is still sending would not read an answer
        while request.read(MOUTHFUL):
            pass
    status = 503 if out else 500
    headers = {"Retry-After": str(outages.WAIT)} if out else {}
    if request.path.startswith("/api/"):
        document = problem(status, path=request.path)
        return JsonResponse(document, status=status, headers=headers, content_type=CONTENT_TYPE)
    said = {"title": outages.TITLE, "words": outages.WORDS} if out else {}
    context = {"status": status, "request_id": getattr(request, "request_id", ""), **said}
    return HttpResponse(render_to_string("500.html", context), status=status, headers=headers)
