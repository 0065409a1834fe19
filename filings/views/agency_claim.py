"""The agency's identity claim: licence and authorisation, where the check stands, why it failed, claiming anew."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.accounts.models import Organisation, Role
from core.documents.models import Upload
from core.refusals import Refused
from filings.enums import ClaimState
from filings.models import Claim
from filings.permissions import county_of
from filings.views import agency_common as common
from filings.workflow.claims import SLOTS, hand_in_paper, papers

_HINTS = {
    "licence": "营业执照、民办非企业单位登记证书、事业单位法人证书等，能看清名称和统一社会信用代码。",
    "authorisation": "机构授权本账号管理员办理备案的委托书，加盖公章、写明被授权人。",
}
_ACCEPT = ".pdf,.jpg,.png"


def latest(organisation: Organisation) -> Claim | None:
    """The agency's newest claim."""
    return Claim.objects.filter(organisation=organisation).select_related("county").order_by("-id").first()


def standing(organisation: Organisation) -> dict[str, Any]:
    """Where the check of an agency's identity stands: `stage` confirmed, waiting, incomplete, rejected or none."""
    claim = latest(organisation)
    there = papers(claim) if claim and claim.state == ClaimState.PENDING else dict.fromkeys(SLOTS)
    if organisation.confirmed_on:
        stage = "confirmed"
    elif claim and claim.state == ClaimState.PENDING:
        stage = "waiting" if all(there.values()) else "incomplete"
    elif claim and claim.state == ClaimState.REJECTED:
        stage = "rejected"
    else:
        stage = "none"
    county = claim.county if claim else county_of(organisation.area_id)
    missing = [label for slot, label in SLOTS.items() if not there[slot]]
    return {"claim": claim, "stage": stage, "papers": there, "missing": missing, "county": county}


def _upload(request: HttpRequest, slot: str, current: Upload | None, error: str = "") -> dict[str, Any]:
    return {
        "id": f"id_{slot}",
        "url": reverse("filings:agency-claim-paper", args=[slot]),
        "label": SLOTS[slot],
        "accept": _ACCEPT,
        "camera": True,
        "limit_mb": common.material_limit(request),
        "hint": _HINTS[slot],
        "current": common.shown(current) if current else None,
        "error": error,
    }


@require_safe
@common.for_agency
def claim(request: HttpRequest) -> HttpResponse:
    """The claim's page."""
    actor = common.actor_of(request)
    organisation = actor.organisation
    assert organisation is not None
    stands = standing(organisation)
    earlier = Claim.objects.filter(organisation=organisation).exclude(state=ClaimState.PENDING).order_by("-id")
    context = {
        "organisation": organisation,
        "stands": stands,
        "may": actor.role == Role.ADMIN,
        "uploads": [_upload(request, slot, stands["papers"][slot]) for slot in SLOTS],
        "earlier": earlier,
    }
    return common.page(request, "claim", context)


@require_POST
@common.for_agency
def paper(request: HttpRequest, slot: str) -> HttpResponse:
    """Take the licence or the authorisation; the first one makes the claim."""
    common.one_of(slot, SLOTS)
    actor = common.actor_of(request)
    organisation = actor.organisation
    assert organisation is not None
    file = request.FILES.get("file")
    error = "请先选择文件。"
    if file is not None:
        try:
            common.act("claim_paper", actor, organisation, hand_in_paper, slot, file)
            error = ""
        except Refused as refused:
            error = common.said(refused)
    if common.by_script(request):
        current = standing(organisation)["papers"][slot]
        context = {"upload": _upload(request, slot, current, error)}
        return render(request, "components/upload.html", context, status=422 if error else 200)
    if error:
        messages.error(request, f"{SLOTS[slot]}：{error}")
    else:
        messages.success(request, f"{SLOTS[slot]}：已上传。")
    return redirect(f"{reverse('filings:agency-claim')}#id_{slot}")
