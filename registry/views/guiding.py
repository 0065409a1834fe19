"""The public guide: how to apply, samples, free places, complaints, the Measure's articles."""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from core.documents import serving
from core.documents.formats import PDF
from core.reference.quota_areas import COUNTY, URBAN, quota_areas
from core.web.pagination import by_number
from filings import pledge_form, samples
from registry import (
    articles,
    complaint,
    entries,
    guide,
    lists,
    places,
)
from registry.figures import places as city_places
from registry.forms import PlacesFilter
from regulation.materials import MATERIALS

PLACES_PER_PAGE = 30


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
    caps = places.caps((URBAN, COUNTY), on)
    return {
        "cap": cap,
        "year": year,
        "filed": filed,
        "cap_urban": caps[URBAN],
        "cap_county": caps[COUNTY],
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
