"""The officers' queue: what lapses first, or everything; filtered by the address, exported exactly as filtered."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind
from core.accounts.sessions import signed_in
from core.calendars.calendar import current as current_calendar
from core.counting import EXACT, bounded_count
from core.deadlines.models import Clock
from core.web import clock_rows, clock_view, exports, pagination, saved_filters
from core.web.navigation import find_url
from core.workflow.models import Proposal
from filings import queries, quota, turns
from filings.enums import UNDER_WAY, ApplicationState, Turn
from filings.forms.officers_filter import QueueFilter
from filings.models import Application
from filings.views.common import asking
from regulation.codes import level_range_text
from regulation.workdays import Calendar

LIST = "filings:applications"
# Where the queue stands by the clock that runs out first, and where by the newest.
URGENT_ORDER, ORDER = ("due_on", "id"), ("-id",)

STATE_TONES: dict[str, str] = {
    ApplicationState.SUBMITTED: "info",
    ApplicationState.CORRECTING: "warn",
    ApplicationState.ACCEPTED: "info",
    ApplicationState.RECOMMENDED: "info",
    ApplicationState.ASSESSING: "info",
    ApplicationState.APPROVED: "good",
    ApplicationState.DECLINED: "bad",
    ApplicationState.REFUSED: "bad",
}


@dataclass(frozen=True)
class Row:
    """One application in the queue, with the clock that runs for this side and the proposal that waits.

    turn: whose turn it is, in words, since `waits_since`; empty once it is over.
    """

    application: Application
    turn: str
    waits_since: datetime.date | None
    clock: Clock | None
    due_words: str
    due_tone: str
    state_tone: str
    scope: str
    proposal: Proposal | None
    to_decide: bool
    unserved: bool
    urgent: bool


@require_GET
@signed_in()
def applications(request: HttpRequest) -> HttpResponseBase:
    """The queue of the actor's office. An agency and an expert are led to pages of their own."""
    actor, on = asking(request)
    if actor.kind not in AUTHORITIES:
        own = "filings:expert-tasks" if actor.kind == OrganisationKind.EXPERTS else "filings:agency-applications"
        return redirect(find_url(own) or "/desk/")
    form, rows, urgent = _wanted(request.GET, actor, on)
    if kind := exports.asked(request.GET):
        return exports.respond(kind, "备案申请", HEADINGS, _cells(rows, actor, urgent=urgent), on=on)
    page = page_of(rows, actor, on, request.GET, urgent=urgent)
    context = {
        "page": page,
        "filter_form": form,
        "scope": "open" if urgent else "all",
        "saved": saved_filters.shown(LIST, request.GET, actor, on),
        "facets": facets(actor),
        "exports": exports.LINKS,
        "filtered": form.is_valid() and any(value for name, value in form.cleaned_data.items() if name != "view"),
        "with_office": actor.kind != OrganisationKind.COUNTY,
    }
    return render(request, "filings/applications.html", context)


def _wanted(params: Any, actor: Actor, on: datetime.date) -> tuple[QueueFilter, Any, bool]:
    """The filter in an address, the applications it shows, and whether only those under way, most urgent first."""
    form = QueueFilter(params or None, several_offices=actor.kind != OrganisationKind.COUNTY)
    wanted = form.cleaned_data if form.is_valid() else {}
    return form, filtered(queries.visible_to(actor), wanted, actor, on), (wanted.get("view") or "open") == "open"


def filtered(rows: Any, wanted: Any, actor: Actor, on: datetime.date) -> Any:
    """Return those of the applications that fit what stands in a filter."""
    return queries.matching(rows, {**wanted, "urgent": on if wanted.get("urgent") else None}, actor)


def count(params: Any, actor: Actor, on: datetime.date) -> int:
    """How many applications the filter in `params` shows this actor, bounded; for the kept filters."""
    _, rows, urgent = _wanted(params, actor, on)
    return bounded_count(queries.urgent(rows, actor) if urgent else rows)


def page_of(
    rows: Any, actor: Actor, on: datetime.date, params: Any, *, urgent: bool, per_page: int = pagination.PER_PAGE
) -> pagination.ListPage:
    """Return a page of `Row`s: by the clock that runs out first, or newest first. The same few queries for any page."""
    listed, order = (queries.urgent(rows, actor), URGENT_ORDER) if urgent else (rows, ORDER)
    found = pagination.by_key(listed, params, key=order, per_page=per_page)
    return found.with_items(lines(_pairs(found, actor, urgent=urgent), actor, on))


def _pairs(found: Iterable[Any], actor: Actor, *, urgent: bool) -> list[tuple[Application, Clock | None]]:
    """The applications whole with their clocks, of clocks (`urgent`) or of applications, in the order given."""
    if urgent:
        clocks = {int(clock.matter_id): clock for clock in found}
        there = _with_parts(Application.objects.filter(pk__in=clocks))
        return [(there[pk], clock) for pk, clock in clocks.items()]
    there = _with_parts(Application.objects.filter(pk__in=[row.pk for row in found]))
    nearest = _running(actor, list(there))
    return [(there[row.pk], nearest.get(str(row.pk))) for row in found]


def _with_parts(rows: Any) -> dict[int, Application]:
    parts = rows.select_related("agency", "receiving", "area").prefetch_related("scope__occupation")
    return {row.pk: row for row in turns.with_turns(parts)}


def _running(actor: Actor, pks: Sequence[int]) -> dict[str, Clock]:
    kinds = queries.QUEUE_CLOCKS.get(actor.kind, ())
    rows = Clock.objects.filter(
        matter_type=queries.MATTER, matter_id__in=[str(pk) for pk in pks], state="running", kind__in=kinds
    )
    return {clock.matter_id: clock for clock in rows}


def lines(pairs: Sequence[tuple[Application, Clock | None]], actor: Actor, on: datetime.date) -> list[Row]:
    """Return the rows of these applications, with the proposals and the notices that wait, in a few further queries."""
    waiting = {
        proposal.matter_id: proposal
        for proposal in Proposal.objects.filter(
            matter_type=queries.MATTER, matter_id__in=[str(row.pk) for row, _ in pairs], state="open"
        )
    }
    notices = queries.unserved(Application.objects.filter(pk__in=[row.pk for row, _ in pairs]))
    unserved = set(
        notices.filter(kind__in=queries.NOTICES.get(actor.kind, ())).values_list("application_id", flat=True)
    )
    first = Application.objects.filter(quota.urgent(on), pk__in=[row.pk for row, _ in pairs])
    urgent = set(first.values_list("pk", flat=True))
    calendar = current_calendar()
    return [
        _line(
            row,
            clock,
            waiting.get(str(row.pk)),
            actor,
            on,
            calendar,
            unserved=row.pk in unserved,
            urgent=row.pk in urgent,
        )
        for row, clock in pairs
    ]


def _line(
    row: Application,
    clock: Clock | None,
    proposal: Proposal | None,
    actor: Actor,
    on: datetime.date,
    calendar: Calendar,
    *,
    unserved: bool,
    urgent: bool,
) -> Row:
    words, tone = _due(clock, on, calendar) if clock is not None else ("", "mute")
    return Row(
        application=row,
        turn=_turn(row),
        waits_since=row.waits_since,  # type: ignore[attr-defined]
        clock=clock,
        due_words=words,
        due_tone=tone,
        state_tone=STATE_TONES.get(row.state, "mute"),
        scope=_scope(row),
        proposal=proposal,
        to_decide=bool(proposal and actor.chief_of and actor.user and proposal.proposed_user_id != actor.user.pk),
        unserved=unserved,
        urgent=urgent,
    )


def _turn(row: Any) -> str:
    return Turn(row.turn).label if row.turn else ""


def _scope(row: Application) -> str:
    return "、".join(f"{item.occupation.name}（{level_range_text(item.levels)}）" for item in row.scope.all())


def _due(clock: Clock, on: datetime.date, calendar: Calendar) -> tuple[str, str]:
    """ "还剩 2 个工作日" and its tone, as the clock strip says it."""
    strip = clock_view.strip(clock_rows.shown(clock, calendar), on)
    return strip.headline, {"amber": "warn", "overdue": "bad", "held": "warn"}.get(strip.tone, "info")


def facets(actor: Actor) -> list[dict[str, Any]]:
    """Return how many applications that are under way stand in each state; counting stops past 10,000 of a state."""
    seen = queries.visible_to(actor)
    shown = []
    for state in UNDER_WAY:
        count = bounded_count(seen.filter(state=state))
        more = "+" if count > EXACT else ""
        shown.append({"state": state.value, "label": state.label, "count": min(count, EXACT), "more": more})
    return shown


HEADINGS = (
    "申请号",
    "种类",
    "机构名称",
    "统一社会信用代码",
    "所在区域",
    "受理单位",
    "状态",
    "等谁办理",
    "自",
    "申请职业",
    "收到日期",
    "受理日期",
    "决定日期",
    "最后一日",
    "逾期提出",
    "窗口代录",
)


def _cells(rows: Any, actor: Actor, *, urgent: bool) -> Iterator[list[Any]]:
    """Every application that is filtered, in the list's order."""
    listed, order = (queries.urgent(rows, actor), URGENT_ORDER) if urgent else (rows, ORDER)
    for batch in pagination.batches(listed, key=order):
        for row, clock in _pairs(batch, actor, urgent=urgent):
            yield _cells_of(row, clock)


def _cells_of(row: Any, clock: Clock | None) -> list[Any]:
    return [
        row.number, row.get_kind_display(), row.name or row.agency.name, row.credit_code,
        row.area.name if row.area else None, row.receiving.name if row.receiving else None,
        row.get_state_display(), _turn(row), row.waits_since, _scope(row),
        row.received_on, row.accepted_on, row.decided_on, clock.due_on if clock else None,
        "是" if row.late else None, "是" if row.at_counter else None,
    ]  # fmt: skip
