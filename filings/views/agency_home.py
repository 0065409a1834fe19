"""An agency's home: what it has to do and by when, where its filing stands, what is under way, its papers."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from core.accounts.actors import Actor
from core.accounts.models import Organisation, Role
from core.accounts.services import consents
from core.deadlines.models import Clock
from core.documents import series
from core.notifications import inbox
from filings import queries, standings
from filings.corrections import waiting
from filings.enums import OPEN_STATES, AssignmentState, Requester
from filings.enums import ApplicationState as S
from filings.models import Application, Filing, Request
from filings.views import agency_claim, agency_steps
from filings.views import filing as filing_page
from filings.views.agency import described, papers_of, pressing, shown_paper
from filings.workflow import reusing

LATEST = 5
JUST_SERVED = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Todo:
    """One thing the agency has to do: words, by when (a running clock), and where."""

    title: str
    text: str
    url: str
    action: str
    clock: Clock | None = None


def home_context(actor: Actor, on: datetime.date) -> dict[str, Any]:
    """All that templates/desks/agency.html shows: filing, tasks with their last day, identity, consent, papers."""
    agency = actor.organisation
    assert agency is not None
    current = _open_application(agency)
    filing = Filing.objects.filter(agency=agency).order_by("-id").first()
    stands = agency_claim.standing(agency)
    holds = filing is not None and filing.in_force(on)
    ways = filing_page.ways(filing, actor, on) if filing else []
    heeded = to_heed(agency, on)
    further = papers_of(agency).exclude(pk__in=[paper["row"].pk for paper in heeded])
    return {
        "agency": agency,
        "filing": filing,
        "in_force": holds,
        "standing": standings.of(filing, on) if filing else None,
        "due": [way for way in ways if way["due"]],
        "ways": [way for way in ways if not way["due"] and (way["under_way"] is None or way["under_way"] != current)],
        "elapsed": filing and (on - filing.valid_from).days,
        "total": filing and (filing.valid_until - filing.valid_from).days,
        # A draft of its own is among what it has to do.
        "application": described(current) if current and (current.at_counter or current.state != S.DRAFT) else None,
        "todos": _todos(actor, current, stands, on),
        "stands": stands,
        "consents": consents(agency, on),
        "is_admin": actor.role == Role.ADMIN,
        "may_start": current is None and not holds,
        "source": reusing.reusable(agency).first(),
        "to_heed": heeded,
        "unread": list(inbox.inbox(actor).filter(unread=True)[:LATEST]),
        "papers": [shown_paper(paper, on) for paper in further[:LATEST]],
    }


def _open_application(agency: Organisation) -> Application | None:
    rows = Application.objects.filter(agency=agency, state__in=OPEN_STATES).select_related("receiving", "agency")
    return rows.order_by("-id").first()


def _todos(actor: Actor, current: Application | None, stands: dict[str, Any], on: datetime.date) -> list[Todo]:
    found = []
    if stands["stage"] in {"none", "incomplete", "rejected"}:
        text = {
            "none": "提交备案申请之前，须由注册地的县（市、区）人社局核实机构身份。请上传登记证照和授权委托书。",
            "incomplete": f"还差{'、'.join(stands['missing'])}，上传后才能核实。",
            "rejected": f"没有通过：{stands['claim'].reason if stands['claim'] else ''} 请重新上传后再次核实。",
        }[stands["stage"]]
        found.append(Todo("核实机构身份", text, reverse("filings:agency-claim"), "去上传"))
    for offered in queries.assignments_visible_to(actor).filter(state=AssignmentState.OFFERED).order_by("id"):
        text = f"市中心请贵机构到{offered.quota_area}评价{offered.occupation.name}。同意或不同意，由机构管理员答复。"
        found.append(Todo("答复市内调配", text, reverse("filings:assignment", args=[offered.pk]), "去答复"))
    if current is None or (current.at_counter and current.state == S.DRAFT):
        return found
    asked = waiting(current)
    if current.state == S.DRAFT:
        lacking = sum(map(len, agency_steps.against_submission(current, actor, on).values()))
        text = f"申请号 {current.number}，还差 {lacking} 项可以提交。" if lacking else "内容已齐，可以提交。"
        found.append(Todo("完成备案申请", text, reverse("filings:agency-draft", args=[current.pk]), "继续填写"))
    elif asked is not None:
        word = "补正" if asked.kind == Requester.CORRECTION else "补充材料"
        text = f"共 {asked.items.count()} 项，已答复 {sum(item.answered for item in asked.items.all())} 项。"
        url = reverse("filings:agency-answers", args=[current.pk])
        found.append(
            Todo(f"{word}：{current.number}", text, url, f"去{word}", pressing([current]).get(str(current.pk)))
        )
    return found


def to_heed(agency: Organisation, on: datetime.date) -> list[dict[str, Any]]:
    """Papers that wait to be served on the agency, and those served these days: a paper takes effect by its service.

    Slips (收件凭证) bear nothing; a notice that something else overtook waits for nothing; the portal's receipt of a
    filing from paper only says what the agency has in hand.
    """
    overtaken = Request.objects.filter(application__agency=agency, answered_on__isnull=False, served_on__isnull=True)
    slips = [one.key for one in series.registered() if not one.letterhead]
    rows = (
        papers_of(agency)
        .filter(Q(service__isnull=True) | Q(service__served_on__gte=on - JUST_SERVED, service__took_effect=True))
        .exclude(series__in=slips)
        .exclude(pk__in=overtaken.filter(document__isnull=False).values("document_id"))
        .exclude(series="receipt", matter_type="filings.filing", service__isnull=True)
    )
    return [shown_paper(paper, on) for paper in rows.filter(successors__isnull=True).select_related("issuer")[:LATEST]]
