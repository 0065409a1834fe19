"""What an agency sees of its filing: its applications, its papers, one application. Its home: agency_home.py."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.models import Organisation
from core.deadlines.models import Clock, ClockState
from core.documents.models import DocumentState, OfficialDocument
from core.workflow.offers import offers
from filings import permissions, timeline
from filings.corrections import waiting
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState
from filings.models import Application, Receipt, in_force
from filings.views import agency_common as common
from filings.views import case, rulings
from filings.views.agency_preview import preview
from filings.workflow import reusing
from regulation.periods import PERIODS

S = ApplicationState
PAGE = 20
MATTER = "filings.application"

# state → (tone of the badge, what it means for the agency, what happens next)
STATES: dict[str, tuple[str, str, str]] = {
    S.DRAFT: ("mute", "草稿，还没有提交。", "可以随时离开，下次接着填。提交后才进入审核。"),
    S.SUBMITTED: (
        "info",
        "已提交，受理单位正在审核材料。",
        "受理单位在期限内受理或通知补正；逾期没有答复的，视为受理。",
    ),
    S.CORRECTING: ("warn", "需要补正：请按通知逐项补正后重新提交。", "逾期没有补正的，视为放弃申请。"),
    S.ABANDONED: ("mute", "补正期限已过，没有收到补正，视为放弃申请。", "可以重新提出申请。"),
    S.DECLINED: ("bad", "不予受理。", "理由、依据和救济途径见决定书。改正后可以重新申请。"),
    S.ACCEPTED: ("info", "已受理，等待县（市、区）出具推荐意见。", "之后由市职业技能鉴定指导中心组织技术评估。"),
    S.RECOMMENDED: (
        "info",
        "县（市、区）已出具意见，等待市中心开始评估。",
        f"备案决定在受理之日起{PERIODS['decision'].length}内作出。",
    ),
    S.ASSESSING: ("info", "市职业技能鉴定指导中心正在组织技术评估。", "评估后作出同意备案或不予备案的决定。"),
    S.APPROVED: ("good", "同意备案，回执已签发。", "请按回执载明的职业、等级和场地开展评价。"),
    S.REFUSED: ("bad", "不予备案。", "理由、依据和救济途径见决定书。"),
    S.WITHDRAWN: ("mute", "已按您的要求撤回。", "可以重新提出申请。"),
    S.CLOSED: ("mute", "所涉备案已经终结，这件申请随之终结。", "需要的，请重新申请备案。"),
}
# A change and a renewal are the centre's from the start.
FOLLOWING: dict[str, tuple[str, str, str]] = {
    S.ACCEPTED: ("info", "已受理，等待市中心开始评估。", STATES[S.RECOMMENDED][2]),
    S.APPROVED: ("good", "已同意，新回执已签发。", "请按新回执载明的内容开展评价。"),
    S.REFUSED: ("bad", "没有同意。", "理由、依据和救济途径见决定书。"),
}
# Handed over the counter: the office writes it down.
ENTERED = (
    "info",
    "受理窗口正在代录您交来的申请，还没有提交。",
    "录入后由窗口提交，收到日期按您在窗口递交的日期计算。不是您递交的，请立即联系受理单位，或由管理员撤回。",
)
# The periods that concern an agency, the most pressing first.
_CLOCKS = ("correction", "completeness", "decision")


def described(application: Application, clocks: dict[str, Clock] | None = None) -> dict[str, Any]:
    """An application with its state in words and its most pressing running clock. clocks: as `pressing` found them."""
    clocks = pressing([application]) if clocks is None else clocks
    first = application.kind == ApplicationKind.INITIAL
    tone, words, after = (STATES if first else STATES | FOLLOWING)[application.state]
    if application.at_counter and application.state == S.DRAFT:
        tone, words, after = ENTERED
    return {
        "row": application,
        "tone": tone,
        "words": words.replace("技术评估", application.assessment_word),
        "after": after,
        "clock": clocks.get(str(application.pk)),
        "url": reverse("filings:application", args=[application.pk]),
    }


def pressing(applications: Iterable[Application]) -> dict[str, Clock]:
    """Return the most pressing running clock of each, by the application's key, in one query."""
    keys = [str(one.pk) for one in applications]
    rows = Clock.objects.filter(matter_type=MATTER, matter_id__in=keys, state=ClockState.RUNNING, kind__in=_CLOCKS)
    return {clock.matter_id: clock for clock in sorted(rows, key=lambda clock: -_CLOCKS.index(clock.kind))}


def papers_of(agency: Organisation) -> Any:
    """The official papers addressed to an agency, newest first; with the receipts of filings from paper that it took
    over, which were addressed to the agency that nobody had an account for yet."""
    addressed = OfficialDocument.objects.filter(addressee=agency).values("pk")
    taken_over = Receipt.objects.filter(filing__agency=agency).order_by().values("document")
    return (
        OfficialDocument.objects.filter(pk__in=addressed.union(taken_over))
        .select_related("service")
        .prefetch_related("successors", "settings_aside")
        .order_by("-id")
    )


def shown_paper(paper: OfficialDocument, on: datetime.date) -> dict[str, Any]:
    """A paper as a line: its address is "" until its PDF has been made."""
    issued = paper.state == DocumentState.ISSUED
    service = getattr(paper, "service", None)
    return {
        "row": paper,
        "url": reverse("documents:paper", args=[paper.code]) if issued else "",
        "served_on": service.served_on if service else None,
        "standing": case.standing_of(paper, on),
        "served": service.get_method_display() + ("（未生效）" if service.no_effect else "") if service else "",
    }


@require_safe
@common.for_agency
def applications(request: HttpRequest) -> HttpResponse:
    """All of the agency's applications, the open one first."""
    actor = common.actor_of(request)
    rows = Application.objects.filter(agency_id=actor.organisation_id).select_related("receiving", "agency")
    assert actor.organisation is not None
    page = Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    open_now = rows.filter(kind=ApplicationKind.INITIAL, state__in=OPEN_STATES)
    clocks = pressing(page)
    context = {
        "page_obj": page,
        "rows": [described(row, clocks) for row in page],
        "may_start": not open_now.exists() and not actor.organisation.filings.filter(in_force(actor.on)).exists(),
        "source": reusing.reusable(actor.organisation).first(),
    }
    return common.page(request, "applications", context)


@require_safe
@common.for_agency
def papers(request: HttpRequest) -> HttpResponse:
    """All official papers of the agency."""
    actor = common.actor_of(request)
    assert actor.organisation is not None
    page = Paginator(papers_of(actor.organisation), PAGE).get_page(request.GET.get("page"))
    return common.page(request, "papers", {"page_obj": page, "rows": [shown_paper(paper, actor.on) for paper in page]})


def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    """One application, for its agency: state in words, clock, what to do, timeline, papers, content."""
    actor = common.actor_of(request)
    asked = waiting(application)
    papers_here = OfficialDocument.objects.filter(matter_type=MATTER, matter_id=str(application.pk)).order_by("-id")
    own = [
        paper
        for paper in papers_here.select_related("service").prefetch_related("successors", "settings_aside")
        if permissions.reads_part(actor, paper.series)
    ]
    withdraw = next(offer for offer in offers(application, actor, actor.on) if offer.name == "withdraw")
    words = described(application)
    context = {
        "application": application,
        "described": words,
        "strip": words["clock"] and rulings.strip(words["clock"], application),
        "rulings": rulings.listed(application),
        "may_fill_in": application.state == S.DRAFT and permissions.acts_for_agency.test(actor, application),
        "asked": asked,
        "offers": [withdraw],
        "entries": timeline.entries(application, actor),
        "papers": [shown_paper(paper, actor.on) for paper in own],
        **preview(application, actor.on),
        "conditions": [],
        "decided": application.scope.filter(granted__isnull=False)
        .select_related("occupation")
        .prefetch_related("left_out__site"),
    }
    return common.page(request, "application", context)
