"""The public pages on the filed agencies: home, the look-up, one agency; what is published on the request's day."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from core.reference.models import Occupation
from core.web import exports
from registry import announcements, directory, entries, facets, guide, matches, places
from registry.figures import MAP_SIZE, agency_map, city_map, figures
from registry.forms import AgencyFilter, DayForm
from registry.limits import LOOK_UP, limited
from registry.search import COLUMNS, NOTHING, cells, search
from registry.suggestions import suggestions

MAP = {"map_width": MAP_SIZE[0], "map_height": MAP_SIZE[1]}
HOME_ANNOUNCEMENTS = 6
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
        "tiles": city_map(tally.by),
        **MAP,
        "chips": favourites[:4],
        "news": [announcements.shown(row) for row in announcements.announced(on)[:HOME_ANNOUNCEMENTS]],
        "steps": guide.steps(on)[1:7],
    }
    return render(request, "registry/home.html", context)


@require_safe
@limited(LOOK_UP)
def agencies(request: HttpRequest) -> HttpResponseBase:
    """The look-up, today or as of another day. Everything that narrows it is in the address; `export` gives exactly
    what is listed."""
    today = day_of(request)
    on = DayForm(request.GET, today=today).day()
    form = AgencyFilter(request.GET, today=today)
    query = form.query()
    if (kind := exports.asked(request.GET)) and "on" not in form.errors:
        listed = NOTHING if form.errors else search(query, on, today)
        return exports.respond(kind, "社评机构", COLUMNS, cells(listed, on), on=on)
    found, counts = (NOTHING, facets.NONE) if form.errors else facets.look_up(query, on, today)
    page = found.page(request.GET)
    shown = [directory.as_listed(entry, on) for entry in page]
    narrowing = facets.facets(query, counts, request.GET)
    context = {
        "on": on,
        "filter_form": form,
        "page": page,
        "results": [(one, matches.why(one.current, query, slips=found.slips)) for one in shown],
        "slips": found.slips,
        "facets": narrowing,
        "tiles": city_map(*facets.on_map(narrowing)),
        **MAP,
        "none_published": not shown and not entries.in_effect(on).exists(),
        "exports": exports.LINKS,
    }
    return render(request, "registry/agencies.html", context, status=422 if "on" in form.errors else 200)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what has been typed so far: a list to choose from (static/js/suggest.js)."""
    typed = request.GET.get("q", "")
    return render(request, "registry/suggestions.html", {"suggestions": suggestions(typed, day_of(request))})


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
