"""名额看板 (M37): occupation × area, and the year's places; exported as filtered."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.reference.quota_areas import quota_areas
from core.web import exports
from core.web.charts import Chart, chart
from core.web.pagination import by_number
from filings import board as boards
from filings.forms.board import BoardFilter
from filings.views.common import asking

READERS = (OrganisationKind.CENTRE, OrganisationKind.BUREAU, OrganisationKind.COUNTY)
PER_PAGE = 40
EVERY_AREA = "all"
HEADINGS = ("代码", "职业（工种）", "急需紧缺", "区域", "上限", "已占", "空额", "超出", "候选", "调配来的机构")


def own_area(actor: Actor) -> str:
    """Return the quota area of a county; "" for offices of the city."""
    area = actor.organisation.area if actor.kind == OrganisationKind.COUNTY and actor.organisation else None
    return area.quota_area if area is not None else ""


@require_safe
@signed_in(*READERS)
def show(request: HttpRequest) -> HttpResponseBase:
    """The board; a county sees its own area first. `?export=csv|xlsx`: exactly what is filtered."""
    actor, on = asking(request)
    own = own_area(actor)
    form = BoardFilter(request.GET or None, areas=quota_areas(), own=own)
    wanted = form.cleaned_data if form.is_valid() else {}
    area = wanted.get("area") or own
    found = boards.board(
        on,
        text=wanted.get("q", "").strip(),
        area="" if area == EVERY_AREA else area,
        show=wanted.get("show", ""),
        sort=wanted.get("sort", ""),
    )
    if kind := exports.asked(request.GET):
        return exports.respond(kind, "名额看板", HEADINGS, _cells(found["rows"]), on=on)
    context = {
        **found,
        "page": by_number(found["rows"], request.GET, per_page=PER_PAGE),
        "filter_form": form,
        "filtered": any(wanted.values()),
        "exports": exports.LINKS,
        "chart": _chart(found),
        "may_offer": actor.kind == OrganisationKind.CENTRE,
    }
    return render(request, "filings/board.html", context)


def _chart(found: dict[str, Any]) -> Chart:
    """Where the places of the rows shown are taken, and where candidates wait."""
    sums = {area: [0, 0] for area in found["areas"]}
    for row in found["rows"]:
        for cell in row.cells:
            sums[cell.area][0] += cell.places.taken
            sums[cell.area][1] += cell.waiting
    return chart(
        "各区域已占的名额和在评估的申请（按职业逐个计数）",
        list(sums.items()),
        heading="区域",
        series=("已占", "候选"),
        unit="个",
        empty="有机构备案或有申请在评估之后，这里画出各区域的名额。",
    )


def _cells(rows: list[boards.Row]) -> Iterator[list[Any]]:
    """Each cell as a line of the file, under HEADINGS."""
    for row in rows:
        for cell in row.cells:
            places, assigned = cell.places, cell.assigned.filing.name if cell.assigned else ""
            yield [
                row.occupation.pk, row.occupation.name, "是" if row.urgent else "", cell.area, places.cap,
                places.taken, places.free, places.over, cell.waiting, assigned,
            ]  # fmt: skip
