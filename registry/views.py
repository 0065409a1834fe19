"""The public pages: no sign-in, no cookie needed; each shows what is published on the request's day."""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.sessions import day_of
from core.documents import serving
from core.documents.formats import PDF
from core.publications.models import Publication
from core.reference.models import Occupation
from core.reference.quota_areas import COUNTY, URBAN, cap_of, quota_areas
from core.web import exports
from core.web.pagination import by_key, by_number
from filings import pledge_form, samples
from registry import (
    announcements,
    articles,
    complaint,
    directory,
    entries,
    guide,
    limits,
    lists,
    places,
    records,
    verification,
)
from registry.figures import MAP_SIZE, agency_map, city_map, figures
from registry.figures import places as city_places
from registry.forms import AgencyFilter, CodeForm, DayForm, PdfForm, PlacesFilter
from registry.search import COLUMNS, NOTHING, cells, search
from regulation.codes import is_filing_code
from regulation.materials import MATERIALS

MAP = {"map_width": MAP_SIZE[0], "map_height": MAP_SIZE[1]}
HOME_ANNOUNCEMENTS = 6
PLACES_PER_PAGE = 30
# Occupations often asked for, offered where somebody is filed for them; filled up with others.
FAVOURITES = ("养老护理员", "电工", "保育师", "中式烹调师", "焊工")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search, the counts, the map, what is new, the guide."""
    on = day_of(request)
    tally = entries.tally(on)
    offered = list(Occupation.objects.filter(code__in=tally.occupations).values_list("name", flat=True))
    favourites = [name for name in FAVOURITES if name in offered] + [name for name in offered if name not in FAVOURITES]
    context = {
        "figures": figures(tally, on),
        "tiles": city_map(tally),
        **MAP,
        "chips": favourites[:4],
        "news": [_announced(row) for row in announcements.announced(on)[:HOME_ANNOUNCEMENTS]],
        "steps": guide.steps(on)[1:7],
    }
    return render(request, "registry/home.html", context)


def _announced(row: Publication) -> dict[str, Any]:
    word, tone = announcements.badge(row)
    return {"row": row, "title": announcements.title(row), "word": word, "tone": tone}


@require_safe
def agencies(request: HttpRequest) -> HttpResponseBase:
    """The look-up, today or as of another day. Everything that narrows it is in the address; `export` gives exactly
    what is listed."""
    today = day_of(request)
    on = DayForm(request.GET, today=today).day()
    form = AgencyFilter(request.GET, today=today)
    query = form.query()
    found = NOTHING if form.errors else search(query, on, today)
    if (kind := exports.asked(request.GET)) and "on" not in form.errors:
        return exports.respond(kind, "社评机构", COLUMNS, cells(found, on, today), on=on)
    page = by_number(found, request.GET)
    context = {
        "on": on,
        "filter_form": form,
        "page": page.with_items(directory.agencies(page.items, on, today)),
        "filtered": any((query.text, query.area, query.occupation, query.level, query.status)),
        "none_published": not page.items and not entries.in_effect(on).exists(),
        "exports": exports.LINKS,
    }
    return render(request, "registry/agencies.html", context, status=422 if "on" in form.errors else 200)


@require_safe
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """One filed agency, today or as of another day: status and why, receipt, scope, sites, what changed and when."""
    form = DayForm(request.GET, today=day_of(request))
    found = directory.find(code, form.day(), known=form.today)
    if found is None:
        raise Http404("没有查到这个备案编码，或那一天还没有公布。请核对编码，或按名称查询。")
    if code != found.code:
        return redirect("registry:agency", code=found.code, permanent=True)
    record = found.current
    facts = [
        ("备案编码", found.code),
        ("统一社会信用代码", record.credit_code),
        ("所在区域", record.area),
        ("地址", record.address),
    ]
    assigned = places.of_agency(found, found.on)
    context = {
        "agency": found,
        "record": record,
        "facts": facts,
        "assigned": assigned,
        "day_form": form,
        "tiles": agency_map(record.area, [site.area for site in record.sites]),
        **MAP,
    }
    return render(request, "registry/agency.html", context, status=422 if form.errors else 200)


# -- verification -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code, or hand in a PDF. The script's upload is answered with the upload part alone."""
    if request.method == "POST":
        return _verify_pdf(request)
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if is_filing_code(code):
            return redirect("registry:agency", code=code)
        return redirect("registry:verify-code", code=code)
    context = {"form": form, "upload": _upload(), "verified": None}
    return render(request, "registry/verify.html", context, status=422 if form.errors else 200)


def _upload(error: str = "") -> dict[str, Any]:
    """The upload part's context (components/upload.html)."""
    return {
        "id": "pdf",
        "url": reverse("registry:verify"),
        "label": "上传文书的 PDF 文件",
        "hint": "核对文件指纹（您手里的文件与本门户发出的是否同一份）、电子签名和证书。文件不会保存。",
        "accept": ".pdf",
        "limit_mb": 20,
        "error": error,
    }


def _verify_pdf(request: HttpRequest) -> HttpResponse:
    form = PdfForm(request.POST, request.FILES)
    part = bool(request.headers.get("HX-Request"))
    try:
        limits.count(request)
    except limits.TooMany as refused:
        if not part:
            return too_many(request, refused)
        upload = _upload(f"核验得太频繁了，请 {refused.wait} 秒后再试。")
        return render(request, "registry/verify_upload.html", {"upload": upload}, status=422)
    verified, error = None, ""
    if form.is_valid():
        verified = verification.by_pdf(form.cleaned_data["file"], day_of(request))
    else:
        error = str(form.errors["file"][0])
    context = {"form": CodeForm(), "upload": _upload(error), "verified": verified}
    status = 200 if verified is not None and verified.trustworthy else 422
    template = "registry/verify_upload.html" if part else "registry/verify.html"
    return render(request, template, context, status=status)


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where a paper's QR code leads: the state of the paper with that code, as of today or of another day."""
    try:
        limits.count(request)
    except limits.TooMany as refused:
        return too_many(request, refused)
    form = DayForm(request.GET, today=day_of(request))
    verified = verification.by_code(code, form.day(), known=form.today)
    if verified.document is not None and verified.document.code != code:
        return redirect("registry:verify-code", code=verified.document.code)
    context = {"verified": verified, "code": code[:60], "form": CodeForm(), "day_form": form}
    status = 404 if verified.document is None else 422 if form.errors else 200
    return render(request, "registry/verified.html", context, status=status)


@require_safe
@xframe_options_sameorigin
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signed PDF of a receipt, as long as what is published of it stands (M12); 404 for every other paper."""
    try:
        limits.count(request)
    except limits.TooMany as refused:
        return too_many(request, refused)
    found = verification.receipt(code, day_of(request))
    if found is None:
        raise Http404
    return serving.respond(found.file, name=f"{found.number}.pdf", media_type=PDF)


def too_many(request: HttpRequest, refused: limits.TooMany) -> HttpResponse:
    """Say kindly when to come back."""
    response = render(request, "registry/too_many.html", {"wait": refused.wait, "limit": refused.limit}, status=429)
    response["Retry-After"] = str(refused.wait)
    return response


# -- announcements ----------------------------------------------------------------------------------------------


@require_safe
def announcement_list(request: HttpRequest) -> HttpResponse:
    """Everything published, newest first, of one kind or of all; by key, since it only grows."""
    on = day_of(request)
    kinds = announcements.kinds()
    kind = request.GET.get("kind", "")
    chosen = kind if kind in dict(kinds) else ""
    page = by_key(announcements.announced(on, chosen), request.GET, key=announcements.ORDER)
    context = {"page": page, "rows": [_announced(row) for row in page], "kinds": kinds, "kind": chosen}
    return render(request, "registry/announcements.html", context)


@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """One announcement; each kind may bring a template of its own. 410 for one that was taken down."""
    on = day_of(request)
    row = get_object_or_404(Publication, pk=pk, published_on__lte=on)
    if announcements.is_gone(row, on):
        return render(request, "registry/announcements/gone.html", {"row": row}, status=410)
    context = {"row": row, **_announced(row)}
    if row.kind == records.KIND:
        record = records.read(row)
        found = directory.find(record.code, on)
        changes = found.changes if found else []
        change = next((one for one in changes if one.publication_id == row.pk), None)
        context |= {"record": record, "agency": found, "change": change}
    if row.kind == places.KIND:
        context["assigned"] = places.read(row)
    if "items" in row.content:
        context["items"] = lists.items(row)
    template = select_template([f"registry/announcements/{row.kind}.html", "registry/announcements/plain.html"])
    return HttpResponse(template.render(context, request))


# -- guide and rules --------------------------------------------------------------------------------------------


@require_safe
def show_guide(request: HttpRequest) -> HttpResponse:
    """办事指南: who may apply, what to hand in, the steps with their periods."""
    on = day_of(request)
    context = {
        "conditions": guide.conditions(),
        "materials": MATERIALS.values(),
        "samples": samples.SAMPLES.values(),
        "steps": guide.steps(on),
        "urgent": lists.holding("urgent", on),
        "criteria": lists.holding("criteria", on),
        **_city(entries.in_force(on).count(), on),
    }
    return render(request, "registry/guide.html", context)


def _city(filed: int, on: datetime.date) -> dict[str, Any]:
    """The caps of M37 as they hold, and how many are filed."""
    cap, year = city_places(on)
    return {
        "cap": cap,
        "year": year,
        "filed": filed,
        "cap_urban": cap_of(URBAN, on),
        "cap_county": cap_of(COUNTY, on),
    }


@require_safe
def free_places(request: HttpRequest) -> HttpResponse:
    """Places still free by occupation and area (M37); what narrows it is in the address."""
    on = day_of(request)
    form = PlacesFilter(request.GET or None, areas=quota_areas())
    wanted = form.cleaned_data if form.is_valid() else {}
    in_force, area = entries.in_force(on), wanted.get("area", "")
    text = wanted.get("q", "").strip()
    rows = places.table(
        in_force,
        on,
        text=text,
        area=area,
        urgent_only=wanted.get("show") == "urgent",
        free_only=wanted.get("show") == "free",
    )
    context = {
        **_city(in_force.count(), on),
        "areas": [area] if area else quota_areas(),
        "page": by_number([row for row in rows if text or row.telling], request.GET, per_page=PLACES_PER_PAGE),
        "empty": [row for row in rows if not (text or row.telling)],
        "filter_form": form,
        "filtered": any(wanted.values()),
    }
    return render(request, "registry/places.html", context)


@require_safe
@xframe_options_sameorigin
def pledge_sample(request: HttpRequest) -> HttpResponseBase:
    """The pledge as a blank form, to read or print before anything is filed (M8(6))."""
    return serving.respond(ContentFile(pledge_form.sample()), name=pledge_form.FILE_NAME, media_type=PDF)


@require_safe
@xframe_options_sameorigin
def sample(request: HttpRequest, key: str) -> HttpResponseBase:
    """A sample, a list or a template of the guide (filings.samples)."""
    if key not in samples.SAMPLES:
        raise Http404
    found = samples.SAMPLES[key]
    return serving.respond(ContentFile(samples.content(key)), name=found.name, media_type=found.media_type)


@require_safe
def complaint_channels(request: HttpRequest) -> HttpResponse:
    """Who takes complaints, what to tell them, by when they answer (M31)."""
    offices = complaint.offices()
    context = {
        "offices": offices,
        "reachable": any(office.phone or office.address for office in offices),
        "lengths": complaint.lengths(day_of(request)),
        "hotline": complaint.HOTLINE,
    }
    return render(request, "registry/complaint.html", context)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The Measure's articles in own words, each under the anchor of its code; citations lead here."""
    return render(request, "registry/rules.html", {"parts": articles.parts(day_of(request))})
