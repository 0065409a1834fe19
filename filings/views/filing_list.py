"""The officers' list of filings: what expires, renews, is late; filtered by the address, exported as filtered."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.sessions import signed_in
from core.clock.words import in_words
from core.counting import EXACT, bounded_count
from core.reference import settings
from core.web import exports, pagination, saved_filters
from filings import filed, permissions, queries, standings, terms
from filings.enums import UNDER_WAY, ApplicationKind
from filings.filed import DEFAULT_LENS, LENSES
from filings.forms.officers_filings import FilingFilter
from filings.models import Application, Filing, FilingScope, FilingSite, standing
from filings.views.common import asking
from regulation.codes import level_range_text

LIST = "filings:filings"
# The ways of looking that stand over the list with their counts; all of them are in the filter.
FACETS = ("in_force", "expiring30", "expiring90", "renewing", "untimely", "ended")
# Fewer days than this left are shown as pressing.
PRESSING = 30


@dataclass(frozen=True)
class Asked:
    """An application under way about a filing: in words, and its page where this side sees it."""

    application: Application
    words: str
    url: str


@dataclass(frozen=True)
class Row:
    """One filing in the list. area, elsewhere: of its seat, and of its sites where they lie in others; left: what
    remains of it in words; renewal: how it stands with its renewal, and more of that."""

    filing: Filing
    words: str
    tone: str
    area: str
    elsewhere: str
    scope: str
    left: str
    left_tone: str
    renewal: str
    renewal_tone: str
    renewal_more: str
    renewal_asked: Asked | None
    change_asked: Asked | None


@require_GET
@signed_in(*AUTHORITIES)
def filings(request: HttpRequest) -> HttpResponseBase:
    """The filings that the actor's office sees, by the end of their validity; a county's by seat and by site."""
    actor, on = asking(request)
    form, name, rows = _wanted(request.GET, actor, on)
    lens, seen = LENSES[name], queries.filings_visible_to(actor)
    if kind := exports.asked(request.GET):
        return exports.respond(kind, "备案机构", HEADINGS, _cells(rows, lens.order, actor, on), on=on)
    found = pagination.by_key(rows, request.GET, key=lens.order)
    context = {
        "page": found.with_items(lines([row.pk for row in found], actor, on)),
        "filter_form": form,
        "lens": lens,
        "facets": _facets(seen, on),
        "exports": exports.LINKS,
        "saved": saved_filters.shown(LIST, request.GET, actor, on),
        "filtered": form.is_valid() and any(value for key, value in form.cleaned_data.items() if key != "lens"),
        "reset": f"?lens={name}",
    }
    return render(request, "filings/filings.html", context)


def _wanted(params: Any, actor: Actor, on: datetime.date) -> tuple[FilingFilter, str, Any]:
    """The filter in an address, the way of looking it names, and the filings it shows."""
    form = FilingFilter(params or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    name = wanted.get("lens") or DEFAULT_LENS
    return form, name, filed.matching(queries.filings_visible_to(actor), {**wanted, "lens": name}, on)


def count(params: Any, actor: Actor, on: datetime.date) -> int:
    """How many filings the filter in `params` shows this actor, bounded; for the kept filters."""
    return bounded_count(_wanted(params, actor, on)[2])


def _facets(seen: QuerySet[Filing], on: datetime.date) -> list[dict[str, Any]]:
    """The ways of looking with their counts; counting what is over stops past 10,000."""
    counted = filed.counts(seen, on)
    counted["ended"] = bounded_count(seen.filter(LENSES["ended"].holds(on)))
    return [
        {"name": one, "label": LENSES[one].label, "count": min(counted[one], EXACT), "more": counted[one] > EXACT}
        for one in FACETS
    ]


def lines(keys: Sequence[int], actor: Actor, on: datetime.date) -> list[Row]:
    """Return the rows of these filings, in this order. The same few queries for any number of them."""
    holding = standing(on)
    found = (
        Filing.objects.filter(pk__in=keys)
        .select_related("area")
        .prefetch_related(
            Prefetch("scope", FilingScope.objects.filter(holding).select_related("occupation"), to_attr="scope_now"),
            Prefetch("sites", FilingSite.objects.filter(holding).select_related("area"), to_attr="sites_now"),
            "suspensions",
            Prefetch("applications", Application.objects.filter(state__in=UNDER_WAY), to_attr="under_way"),
        )
        .in_bulk()
    )
    opening = settings.value("renewal_opening", on)
    return [_line(found[key], actor, on, opening) for key in keys]


def _line(row: Any, actor: Actor, on: datetime.date, opening: int) -> Row:
    stands = standings.of(row, on)
    open_now = {one.kind: one for one in row.under_way}
    renewal, change = open_now.get(ApplicationKind.RENEWAL), open_now.get(ApplicationKind.CHANGE)
    left, left_tone = _left(row, on)
    said, said_tone, more = _renewal(row, renewal, on, opening)
    return Row(
        filing=row,
        words=stands.words,
        tone=stands.tone,
        area=row.area.name,
        elsewhere="、".join(sorted({site.area.name for site in row.sites_now} - {row.area.name})),
        scope="、".join(f"{item.occupation.name}（{level_range_text(item.levels)}）" for item in row.scope_now),
        left=left,
        left_tone=left_tone,
        renewal=said,
        renewal_tone=said_tone,
        renewal_more=more,
        renewal_asked=_asked(renewal, actor),
        change_asked=_asked(change, actor),
    )


def _left(row: Filing, on: datetime.date) -> tuple[str, str]:
    if not row.in_force(on):
        return "", "mute"
    days = (row.valid_until - on).days
    if days < 0:
        return "期满后继续有效", "info"
    return (f"还剩 {days} 日", "warn" if days <= PRESSING else "info") if days else ("今天届满", "warn")


def _renewal(row: Filing, renewal: Application | None, on: datetime.date, opening: int) -> tuple[str, str, str]:
    """How a filing stands with its renewal (M14), the tone of it, and more."""
    if not row.in_force(on):
        return "", "mute", ""
    if renewal is not None:
        return ("逾期提出", "warn", "") if renewal.late else ("按期提出", "info", "")
    if row.held_open:
        return "决定待送达", "info", ""
    if row.term_from > on:
        return "已同意", "good", f"自{in_words(row.term_from)}起"
    timely = terms.timely_until(row)
    if on > timely:
        return "未申请", "bad", f"按期日{in_words(timely)}已过"
    if on >= terms.opens_on(row, opening):
        return "未申请", "warn", f"{in_words(timely)}前为按期"
    return "", "mute", ""


def _asked(application: Application | None, actor: Actor) -> Asked | None:
    """What every office may know of it: that it is under way; its page for those who see it."""
    if application is None:
        return None
    url = reverse("filings:application", args=[application.pk]) if permissions.may_view(actor, application) else ""
    return Asked(application, application.get_state_display(), url)


HEADINGS = (
    "备案编码",
    "机构名称",
    "统一社会信用代码",
    "所在区域",
    "场地所在的其他区域",
    "职业（工种）和等级",
    "有效期自",
    "有效期至",
    "剩余天数",
    "状态",
    "延续",
    "延续申请号",
    "延续申请状态",
    "变更申请号",
    "变更申请状态",
    "终止日期",
)


def _cells(rows: Any, order: Sequence[str], actor: Actor, on: datetime.date) -> Iterator[list[Any]]:
    for batch in pagination.batches(rows, key=order):
        for line in lines([row.pk for row in batch], actor, on):
            yield _cells_of(line, on)


def _cells_of(line: Row, on: datetime.date) -> list[Any]:
    row = line.filing
    renewal, change = line.renewal_asked, line.change_asked
    return [
        row.code, row.name, row.credit_code, line.area, line.elsewhere or None, line.scope,
        row.valid_from, row.valid_until,
        max((row.valid_until - on).days, 0) if row.in_force(on) else None,
        line.words, f"{line.renewal} {line.renewal_more}".strip() or None,
        renewal.application.number if renewal else None, renewal.words if renewal else None,
        change.application.number if change else None, change.words if change else None,
        row.ended_on,
    ]  # fmt: skip
