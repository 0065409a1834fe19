"""A filing as it stands: what it covers, how long it holds, its receipts, and what has been asked about it."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.actors import AUTHORITIES, Actor
from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import signed_in
from core.reference import settings
from core.workflow.offers import Offer, offers
from filings import conditions, permissions, queries, standings, terms, timeline
from filings.conditions.ending import undecided
from filings.enums import OPEN_STATES, ApplicationKind, FilingState
from filings.models import Filing, standing
from filings.views import case, ending, proposed
from filings.views.common import asking


@require_safe
@signed_in(OrganisationKind.AGENCY, OrganisationKind.COUNTY, OrganisationKind.CENTRE, OrganisationKind.BUREAU)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """One filing; 404 for whoever may not see it."""
    actor, on = asking(request)
    found = get_object_or_404(Filing.objects.select_related("agency", "area"), pk=pk)
    if not permissions.may_view_filing(actor, found):
        raise Http404
    context = {
        "standing": standings.of(found, on),
        "terms": terms.terms(found, on),
        "suspensions": found.suspensions.order_by("-since", "-id"),
        "filing": found,
        "facts": _facts(found),
        "scope": found.scope_on(_day_shown(found, on)).select_related("occupation"),
        "sites": found.sites.filter(standing(_day_shown(found, on))).select_related("area"),
        "receipts": [
            _receipt(found, receipt, on) for receipt in found.receipts.select_related("document").order_by("-id")
        ],
        "applications": found.applications.exclude(state="draft").order_by("-id")
        if actor.kind != OrganisationKind.COUNTY
        else found.applications.filter(opinion_from=actor.organisation).order_by("-id"),
        "assigned": queries.assignments_visible_to(actor).filter(filing=found).order_by("-id"),
        "ways": ways(found, actor, on) if actor.kind == OrganisationKind.AGENCY else [],
        "grounds": ending.rows_of(found, actor),
        "may_ask_end": found.state == FilingState.ACTIVE and permissions.may_ask_end(actor, found),
        "may_record_ceased": found.state == FilingState.ACTIVE
        and bool(permissions.is_centre_handler.test(actor, found)),
        "offers": _offers(found, actor, on),
        "action_base": reverse("filings:filing", args=[found.pk]) + "transitions/",
        "primary": "deregister",
        "proposal": proposed.proposal_row(found, actor, on) if actor.kind in AUTHORITIES else None,
        "papers": case.papers(found, actor, on),
        "entries": timeline.entries(found, actor),
        "others": queries.filings_visible_to(actor).filter(agency=found.agency).exclude(pk=found.pk).order_by("-id"),
        "crumbs": [_above(actor), (found.code, "")],
    }
    return render(request, "filings/filing.html", context)


def _above(actor: Actor) -> tuple[str, str]:
    """The page from which one comes to a filing: an agency has one, an office a list."""
    if actor.kind in AUTHORITIES:
        return "备案机构", reverse("filings:filings")
    return "工作台", reverse("desks:home")


def _offers(found: Filing, actor: Actor, on: datetime.date) -> list[Offer]:
    """What the centre can do about it: to deregister is offered once there is a ground for it."""
    if actor.kind not in AUTHORITIES or not undecided(found):
        return []
    return [offer for offer in offers(found, actor, on) if offer.concerns]


CHANGES = "机构名称、法定代表人、地址、职业（工种）、场地、负责人有变化的，申请变更备案。"


def ways(found: Filing, actor: Actor, on: datetime.date) -> list[dict[str, Any]]:
    """Return what the agency can ask for about its filing, a change, a renewal: open, under way, or when it opens."""
    if not found.in_force(on):
        return []
    open_now = {one.kind: one for one in found.applications.filter(state__in=OPEN_STATES)}
    timely = terms.timely_until(found)
    opens = terms.opens_on(found, settings.value("renewal_opening", on))
    listed = []
    for kind, text, day in (
        (
            ApplicationKind.CHANGE,
            CHANGES,
            None,
        ),
        (ApplicationKind.RENEWAL, "", timely if opens <= on <= found.valid_until else opens),
    ):
        under_way = open_now.get(kind)
        late = kind == ApplicationKind.RENEWAL and on > timely
        open_to_ask = kind == ApplicationKind.CHANGE or not conditions.renewal_window(found, on)
        listed.append(
            {
                "kind": kind.value,
                "label": kind.label,
                "text": text,
                "day": day,
                "late": late,
                "under_way": under_way,
                "url": reverse("filings:application", args=[under_way.pk]) if under_way else "",
                "open": open_to_ask,
                "due": kind == ApplicationKind.RENEWAL and open_to_ask and under_way is None,
                "may_start": actor.role in (Role.ADMIN, Role.STAFF),
            }
        )
    return listed


def _day_shown(found: Filing, on: datetime.date) -> datetime.date:
    """An ended filing is shown as it last stood."""
    return on if found.ended_on is None else min(on, found.ended_on)


def _facts(found: Filing) -> list[dict[str, Any]]:
    return [
        {"term": "机构名称", "value": found.name, "wide": True},
        {"term": "备案编码", "value": found.code},
        {"term": "信用代码", "value": found.credit_code},
        {"term": "所在地", "value": found.area},
        {"term": "地址", "value": found.address, "wide": True},
        {"term": "法定代表人", "value": found.legal_representative or "未填写"},
        {"term": "评价工作负责人", "value": found.person_in_charge or "未填写"},
    ]


def _receipt(found: Filing, receipt: Any, on: datetime.date) -> dict[str, Any]:
    if receipt.superseded_on is not None and receipt.superseded_on <= on:
        words, tone = "已被替换", "warn"
    elif not found.in_force(on):
        words, tone = "已失效", "mute"
    elif receipt.valid_from > on:
        words, tone = "将生效", "info"
    else:
        words, tone = "现行", "good"
    return {"row": receipt, "words": words, "tone": tone}
