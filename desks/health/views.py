"""运行状况: the administrator's one page of jobs, of what could not be sent or issued, and of the audit chain."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import acting, day_of, signed_in
from core.audit import checkpoint, matters, trail
from core.audit.models import Checkpoint, Event, Outcome
from core.audit.verify import verify_one
from core.clock.clock import now
from core.counting import bounded_count
from core.documents.models import DocumentState, OfficialDocument
from core.notifications import delivery
from core.notifications.models import Delivery
from core.ops import figures
from core.refusals import Refused
from core.web import exports, pagination
from core.web.pagination import ListPage
from core.workflow.attempts import attempt
from desks.health import faults, jobs
from registry.subscriptions import mailing

administrator = signed_in(OrganisationKind.OPERATOR, roles=(Role.ADMINISTRATOR,))

NEWEST = ("-id",)
# What an outage has stopped and goes out again at once: its rows, and what they are counted in.
GIVEN_UP: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "messages": (lambda: delivery.given_up(now()), "条"),
    "letters": (mailing.given_up, "封"),
}
VERIFIED = "audit.checkpoint.verify"
HEADINGS = ("封存时间", "起始号", "截止号", "条数", "链首")
# Findings kept with a verification: one changed row names itself and, where much was changed, a few are enough.
MOST_KEPT = 20


def papers() -> QuerySet[OfficialDocument]:
    """Return the papers that were tried and are not issued."""
    return OfficialDocument.objects.filter(state=DocumentState.PENDING, error__gt="")


@dataclass(frozen=True)
class Part:
    """A part of the page: its name, its rows for the count, what it shows."""

    label: str
    count: Callable[[], int]
    context: Callable[[HttpRequest], dict[str, Any]]


def _jobs(request: HttpRequest) -> dict[str, Any]:
    return {"rows": jobs.rows(now()), "workers": figures.workers(), "queued": figures.queue_length()}


def _messages(request: HttpRequest) -> dict[str, Any]:
    return _unsent("messages", delivery.undelivered(), request, faults.MESSAGES)


def _letters(request: HttpRequest) -> dict[str, Any]:
    return _unsent("letters", mailing.unsent(), request, faults.LETTERS)


def _papers(request: HttpRequest) -> dict[str, Any]:
    return {"page": _explained(papers(), request, faults.PAPERS)}


def _unsent(name: str, rows: QuerySet[Any], request: HttpRequest, table: dict[str, tuple[str, str]]) -> dict[str, Any]:
    given_up, unit = GIVEN_UP[name]
    return {"page": _explained(rows, request, table), "given_up": bounded_count(given_up()), "unit": unit}


def _explained(rows: QuerySet[Any], request: HttpRequest, table: dict[str, tuple[str, str]]) -> ListPage:
    page = pagination.by_key(rows, request.GET, key=NEWEST)
    return page.with_items([(row, *faults.words(table, row.error)) for row in page])


def _checkpoints(request: HttpRequest) -> dict[str, Any]:
    page = pagination.by_key(Checkpoint.objects.all(), request.GET, key=NEWEST)
    verified = _verified(page)
    return {
        "page": page.with_items([(row, verified.get(str(row.pk))) for row in page]),
        "exports": exports.LINKS,
        "uncovered": bounded_count(checkpoint.uncovered()),
    }


def _verified(rows: Iterable[Checkpoint]) -> dict[str, Event]:
    """The last verification of each of these, by its id."""
    kind = Checkpoint._meta.label_lower
    found = Event.objects.filter(matter_type=kind, matter_id__in=[str(row.pk) for row in rows], verb=VERIFIED)
    return {event.matter_id: event for event in found.order_by("id")}


PARTS: dict[str, Part] = {
    "jobs": Part("定时作业", lambda: len(jobs.JOBS), _jobs),
    "messages": Part("未送达的消息", lambda: bounded_count(delivery.undelivered()), _messages),
    "letters": Part("未寄出的公告邮件", lambda: bounded_count(mailing.unsent()), _letters),
    "papers": Part("未签发的文书", lambda: bounded_count(papers()), _papers),
    "checkpoints": Part("审计链封存", lambda: bounded_count(Checkpoint.objects.all()), _checkpoints),
}


def address(part: str, cursor: str = "") -> str:
    """Return where a part of the page is."""
    return f"{reverse('desks:health')}?{urlencode({'part': part} | ({'cursor': cursor} if cursor else {}))}"


@require_safe
@administrator
def health(request: HttpRequest) -> HttpResponseBase:
    """Show the part that `part` in the address names, the jobs first; the checkpoints as a file where that is asked."""
    name = request.GET.get("part", "")
    name = name if name in PARTS else "jobs"
    if name == "checkpoints" and (kind := exports.asked(request.GET)):
        return exports.respond(kind, "审计链封存", HEADINGS, _lines(), on=day_of(request))
    parts = [(key, part.label, part.count()) for key, part in PARTS.items()]
    context = {"part": name, "parts": parts, **PARTS[name].context(request)}
    return render(request, f"desks/health/{name}.html", context)


def _lines() -> Iterator[tuple[datetime.datetime | str | int, ...]]:
    for batch in pagination.batches(Checkpoint.objects.all(), key=NEWEST):
        for row in batch:
            yield row.at.isoformat(), row.first_number, row.last_number, row.count, row.head


@require_POST
@administrator
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify what one checkpoint covers; the outcome joins the trail itself."""
    row = get_object_or_404(Checkpoint, pk=pk)
    report = verify_one(row)
    found = [finding.text for finding in report.findings]
    payload = {"ok": report.ok, "found": len(found), "findings": found[:MOST_KEPT]}
    trail.record(
        VERIFIED, actor=acting(request), on=day_of(request), matter=matters.key(row), outcome=Outcome.VIEWED,
        payload=payload,
    )  # fmt: skip
    span = f"{row.first_number}–{row.last_number} 号"
    if report.ok:
        messages.success(request, f"{span}核对无误：{report.covered} 条都在原位，没有改动。")
    else:
        messages.error(request, f"{span}发现 {len(found)} 处问题，见下。请不要改动数据库，交运维人员查明。")
    return redirect(address("checkpoints", request.POST.get("cursor", "")))


@require_POST
@administrator
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a delivery that was given up."""
    row = get_object_or_404(Delivery, pk=pk)
    actor, on = acting(request), day_of(request)
    try:
        attempt("delivery.again", actor, row, delivery.send_again, row, actor=actor, on=on, now=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已重新排队，一分钟内再发。")
    return redirect(address("messages"))


@require_POST
@administrator
def send_all_again(request: HttpRequest, part: str) -> HttpResponse:
    """Queue all messages, or all letters, that were given up."""
    if part not in GIVEN_UP:
        raise Http404
    given_up, unit = GIVEN_UP[part]
    count = delivery.send_all_again(given_up(), actor=acting(request), on=day_of(request), now=now())
    said = f"{count} {unit}已重新排队，一分钟内开始发。" if count else "没有可以重新发送的了。"
    messages.success(request, said)
    return redirect(address(part))
