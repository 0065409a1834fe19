"""What pages show of the counter: where a signed paper's scan is taken, and what a handler does in an agency's name."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.accounts.actors import Actor
from core.audit.matters import key as matter_key
from core.documents import formats
from core.documents.models import Upload
from core.workflow.offers import Offer
from filings import corrections, counter, permissions
from filings.enums import ApplicationState, Requester
from filings.forms.counter import HandInForm
from filings.models import Application
from filings.views import agency_common as common
from filings.views.common import file_link


def upload_part(request: HttpRequest, application: Application, act: str, error: str = "") -> dict[str, Any]:
    """The scan of the paper that an act rests on, as components/upload.html takes it."""
    paper, slot = counter.PAPERS[act], counter.slot_of(application, act)
    versions = [common.shown(upload) for upload in _scans(application).filter(slot=slot).order_by("-version")]
    return {
        "id": f"id_{paper.slot}",
        "url": reverse("filings:counter-scan", args=[application.pk, act]),
        "label": paper.label,
        "accept": ",".join(f".{name}" for name in formats.SCANS),
        "camera": True,
        "limit_mb": common.material_limit(request),
        "hint": paper.hint,
        "current": versions[0] if versions else None,
        "versions": versions[1:],
        "error": error,
    }


def upload_of(request: HttpRequest, application: Application, actor: Actor, act: str) -> dict[str, Any] | None:
    """The same where the act is done in the agency's name; nothing for the agency itself, or for a draft dropped."""
    dropped = act == "withdraw" and application.first_submitted_on is None
    if dropped or not permissions.on_behalf(actor, application):
        return None
    return upload_part(request, application, act)


def _scans(application: Application) -> Any:
    matter_type, matter_id = matter_key(application)
    slots = {paper.slot for paper in counter.PAPERS.values()}
    rows = Upload.objects.filter(matter_type=matter_type, matter_id=matter_id, slot__startswith="counter_")
    return rows.filter(slot__regex=f"^({'|'.join(sorted(slots))})(-[0-9]+)?$")


def handing_in(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the wizard's last step holds besides for an entry at the counter: the signed form, and the day."""
    actor = common.actor_of(request)
    form = HandInForm(application=application, actor=actor, on=actor.on)
    return {"counter_upload": upload_part(request, application, "submit"), "hand_in": form}


def card(application: Application, offered: list[Offer], actor: Actor) -> dict[str, Any] | None:
    """What an officer's page says of an application that came over the counter: who entered it when, what was scanned,
    and, for its handler, what can be done in the agency's name now."""
    if not application.at_counter:
        return None
    rows = _scans(application).order_by("at")
    return {
        "by": application.entered_by,
        "scans": [{"label": counter.label_of(row.slot), "file": file_link(row)} for row in rows],
        "ways": _ways(application, offered) if permissions.is_counter_handler.test(actor, application) else [],
    }


def _ways(application: Application, offered: list[Offer]) -> list[dict[str, str]]:
    """Pages on which the handler goes on: the draft, the answers, and the transitions that have a form."""
    found = []
    if application.state == ApplicationState.DRAFT:
        found.append({"label": "继续录入", "url": reverse("filings:agency-draft", args=[application.pk])})
    if asked := corrections.waiting(application):
        word = "补正" if asked.kind == Requester.CORRECTION else "补充材料"
        found.append({"label": f"代录{word}", "url": reverse("filings:agency-answers", args=[application.pk])})
    forms = {"confirm_items": "代录确认", "withdraw": "代录撤回"}
    if application.state == ApplicationState.DRAFT:
        forms["withdraw"] = "取消代录"
    for offer in offered:
        # What lacks its paper alone is where the paper is taken; a lapse on its way is said there.
        if (
            offer.name in forms
            and offer.concerns
            and {one.code for one in offer.reasons} <= {counter.MISSING, "lapsed"}
        ):
            url = reverse("filings:transition", args=[application.pk, offer.name])
            found.append({"label": forms[offer.name], "url": url})
    return found
