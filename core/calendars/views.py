"""The administrator's calendar: look, load, confirm, override - seen before it is done."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import current_actor, day_of, signed_in
from core.calendars import edits, grids, loading
from core.calendars.arrangements import parse_csv
from core.calendars.calendar import current
from core.calendars.edits import Edit
from core.calendars.forms import ConfirmForm, LoadForm, OverrideForm, Refusable
from core.calendars.loading import Loaded
from core.calendars.models import CalendarYear, DayKind
from core.refusals import Refused
from regulation.workdays import FIRST_YEAR, LAST_YEAR

HISTORY = 50
# Moves listed on a preview; of more, the count tells.
MOST_MOVES = 200

administrators = signed_in(OrganisationKind.OPERATOR, roles=(Role.ADMINISTRATOR,))


@require_safe
@administrators
def year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """A year in twelve months: how sure it is, its days off and make-up days, and who changed it when."""
    year = _known(day_of(request).year if year is None else year)
    calendar, row = current(), CalendarYear.objects.filter(pk=year).first()
    context = _context(year) | {
        "row": row,
        "months": grids.year_of(year, calendar),
        "holidays": sum(kind == DayKind.HOLIDAY for _, kind, _ in loading.days_of(year)),
        "makeup": sum(kind == DayKind.MAKEUP for _, kind, _ in loading.days_of(year)),
        "against_confirming": loading.against_confirming(year, None, day_of(request)),
        "history": loading.history_of(year)[:HISTORY],
        "years": [one for one in range(year - 3, year + 4) if FIRST_YEAR <= one <= LAST_YEAR],
        "loaded_years": set(CalendarYear.objects.values_list("year", flat=True)),
    }
    return render(request, "calendars/year.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def load(request: HttpRequest, year: int) -> HttpResponse:
    """Load the year as announced: paste or upload, see what changes and moves, confirm."""
    form = LoadForm(request.POST or None, request.FILES or None)

    def edit() -> Edit:
        said = form.cleaned_data
        return edits.load(year, lambda: parse_csv(said["text"], year), said["source"])

    return _edit(request, _known(year), form, "load", edit)


@require_http_methods(["GET", "POST"])
@administrators
def confirm(request: HttpRequest, year: int) -> HttpResponse:
    """Confirm a year that was not announced as reckoned, after seeing what becomes definite."""
    form = ConfirmForm(request.POST or None)

    def edit() -> Edit:
        return edits.confirm(year, form.cleaned_data["reason"], day_of(request))

    return _edit(request, _known(year), form, "confirm", edit)


@require_http_methods(["GET", "POST"])
@administrators
def override(request: HttpRequest, year: int) -> HttpResponse:
    """Change one day of a loaded year, after seeing what moves."""
    form = OverrideForm(request.POST or None, initial={"date": request.GET.get("date"), "kind": DayKind.HOLIDAY})
    # A day of another year than the address says moves that year.
    return _edit(request, _known(year), form, "override", lambda: edits.override(**form.cleaned_data))


def _edit(request: HttpRequest, year: int, form: Refusable, name: str, asked: Callable[[], Edit]) -> HttpResponse:
    """Form, then preview, then the edit; where the picture has changed since, the new one is shown first."""
    context = _context(year) | {"form": form, "edit": name}
    if form.is_bound and form.is_valid():
        try:
            edit = asked()
            preview = edit.preview(day_of(request))
            seen = request.POST.get("seen")
            if seen == preview.seen:
                return _done(request, edit.carry_out(cast("Actor", current_actor(request))))
            context |= {"preview": preview, "keep": _kept(form), "stale": bool(seen)}
            context |= {"most": MOST_MOVES, "most_slice": f":{MOST_MOVES}"}
            return render(request, "calendars/preview.html", context)
        except Refused as refused:
            form.refuse(refused.reasons)
    return render(request, f"calendars/{name}.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    moved = sum(move.moved for move in loaded.moves)
    messages.success(
        request,
        f"{loaded.year} 年日历已更新：新增 {loaded.added} 日，修改 {loaded.changed} 日，"
        f"取消 {loaded.removed} 日；{moved} 项期限的最后一日随之调整。",
    )
    return redirect("calendars:year", year=loaded.year)


def _kept(form: Refusable) -> list[tuple[str, str]]:
    """What was filled in, as hidden fields of the preview."""
    return [(key, str(value)) for key, value in form.cleaned_data.items() if key != "file" and value is not None]


def _known(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(f"日历只有 {FIRST_YEAR} 年至 {LAST_YEAR} 年。")
    return year


def _context(year: int) -> dict[str, Any]:
    return {
        "year": year,
        "crumbs": [("工作台", "/desk/"), ("工作日历", reverse("calendars:overview")), (f"{year}年", "")],
    }
